/** How long a connection may wait and how large a request may be. Directives of httpd's core and HTTP module. */
import { flagDirective, parseInteger, valueDirective } from '../conf/directive.js';
import { allContexts, parseDurationMs, serverContexts } from './directive-arguments.js';
export const limitSettings = Object.freeze({
    timeoutSeconds: { id: 'core.timeout' },
    keepAlive: { id: 'core.keep-alive' },
    keepAliveTimeoutMs: { id: 'core.keep-alive-timeout' },
    /** 0: no limit. */
    maxKeepAliveRequests: { id: 'core.max-keep-alive-requests' },
    requestLineBytesLimit: { id: 'core.limit-request-line' },
    /** 0: no limit. */
    requestFieldsLimit: { id: 'core.limit-request-fields' },
    requestFieldBytesLimit: { id: 'core.limit-request-field-size' },
    /** 0: no limit. */
    requestBodyBytesLimit: { id: 'core.limit-request-body' },
});
/** What holds where no line says otherwise; Apache 2.4.54 and later. */
export const defaultLimits = Object.freeze({
    timeoutSeconds: 60,
    keepAlive: true,
    keepAliveTimeoutMs: 5000,
    maxKeepAliveRequests: 100,
    requestLineBytesLimit: 8190,
    requestFieldsLimit: 100,
    requestFieldBytesLimit: 8190,
    requestBodyBytesLimit: 1_073_741_824,
});
/** What C's int holds; httpd keeps these in one. */
const INT_MAX = 2_147_483_647;
export const coreLimitsDirectives = [
    valueDirective(limitSettings.timeoutSeconds, {
        name: 'Timeout',
        module: 'core',
        contexts: serverContexts,
        syntax: 'seconds',
        default: String(defaultLimits.timeoutSeconds),
        summary: 'How long the server waits for the next bytes of a request, and for a client to take the next bytes of a response.',
    }, (word) => parseInteger(word, 'Timeout', 1, 2_147_483)),
    flagDirective(limitSettings.keepAlive, {
        name: 'KeepAlive',
        module: 'core',
        contexts: serverContexts,
        default: 'On',
        summary: 'Whether a connection may carry more than one request.',
    }),
    valueDirective(limitSettings.keepAliveTimeoutMs, {
        name: 'KeepAliveTimeout',
        module: 'core',
        contexts: serverContexts,
        syntax: 'seconds|number[ms|s|min|h]',
        default: '5',
        summary: 'How long a connection stays open for its next request.',
    }, (word) => parseDurationMs(word, 'KeepAliveTimeout')),
    valueDirective(limitSettings.maxKeepAliveRequests, {
        name: 'MaxKeepAliveRequests',
        module: 'core',
        contexts: serverContexts,
        syntax: 'number',
        default: String(defaultLimits.maxKeepAliveRequests),
        summary: 'How many requests one connection may carry; 0 for any number.',
    }, (word) => parseInteger(word, 'MaxKeepAliveRequests', 0, INT_MAX)),
    valueDirective(limitSettings.requestLineBytesLimit, {
        name: 'LimitRequestLine',
        module: 'core',
        contexts: serverContexts,
        syntax: 'bytes',
        default: String(defaultLimits.requestLineBytesLimit),
        summary: 'How long the first line of a request may be, with method, path, query and version.',
    }, (word) => parseInteger(word, 'LimitRequestLine', 0, INT_MAX)),
    valueDirective(limitSettings.requestFieldsLimit, {
        name: 'LimitRequestFields',
        module: 'core',
        contexts: serverContexts,
        syntax: 'number',
        default: String(defaultLimits.requestFieldsLimit),
        summary: 'How many header lines a request may have; 0 for any number.',
    }, (word) => parseInteger(word, 'LimitRequestFields', 0, INT_MAX)),
    valueDirective(limitSettings.requestFieldBytesLimit, {
        name: 'LimitRequestFieldSize',
        module: 'core',
        contexts: serverContexts,
        syntax: 'bytes',
        default: String(defaultLimits.requestFieldBytesLimit),
        summary: 'How long one header line of a request may be.',
    }, (word) => parseInteger(word, 'LimitRequestFieldSize', 0, INT_MAX)),
    valueDirective(limitSettings.requestBodyBytesLimit, {
        name: 'LimitRequestBody',
        module: 'core',
        contexts: allContexts,
        override: 'All',
        syntax: 'bytes',
        default: String(defaultLimits.requestBodyBytesLimit),
        summary: 'How large the body of a request may be; 0 for any size. A larger one is answered with 413.',
        difference: 'The default is that of Apache 2.4.54 and later; earlier ones had none.',
    }, (word) => parseInteger(word, 'LimitRequestBody', 0)),
];
//# sourceMappingURL=core-limits-directives.js.map
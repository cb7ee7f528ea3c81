/** The WSGI directives that may differ from request to request: where it runs and how it is passed on. */
import { DirectiveError, valueDirective } from '../conf/directive.js';
import { nearestName } from '../conf/edit-distance.js';
import { IpNetworkError, parseIpNetwork } from '../http/ip-network.js';
import { everywhere, MANY, serversAndSections, wsgi, wsgiFlag } from './directive-shapes.js';
import { mapHeadToGetChoices, wsgiSettings } from './settings.js';
import { toEnvironName, trustedHeaderNames } from './trusted-headers.js';
/** A row whose value is a name that may be a token; expansion.ts expands it for each request. */
function nameDirective(setting, shared) {
    return valueDirective(setting, shared, (word) => {
        if (word.text === '')
            throw new DirectiveError(`${shared.name} must not be empty; embedded mode is %{GLOBAL}`, word);
        return word.text;
    });
}
const routing = [
    nameDirective(wsgiSettings.processGroup, {
        ...wsgi('WSGIProcessGroup', 'name|%{GLOBAL}|%{ENV:variable}|%{SERVER}|%{HOST}|%{RESOURCE}', 'In which process group requests run. %{GLOBAL} is embedded mode, the others are names that the request makes: %{ENV:variable} that of a variable which SetEnvIf or RewriteRule has set.'),
        contexts: serversAndSections,
        default: '%{GLOBAL}',
        difference: 'A name that no WSGIDaemonProcess line defines is reported when the configuration is read.',
    }),
    nameDirective(wsgiSettings.applicationGroup, {
        ...wsgi('WSGIApplicationGroup', 'name|%{GLOBAL}|%{RESOURCE}|%{SERVER}|%{HOST}|%{ENV:variable}', 'In which interpreter of its process a request runs. %{GLOBAL} is the main interpreter, which some extension modules need; %{RESOURCE} is one for each mount point of each server.'),
        contexts: serversAndSections,
        default: '%{RESOURCE}',
    }),
    nameDirective(wsgiSettings.callableObject, {
        ...wsgi('WSGICallableObject', 'name|%{ENV:variable}', 'The name of the application in its script: a global of the module, without dots.'),
        contexts: everywhere,
        override: 'FileInfo',
        default: 'application',
    }),
    {
        ...wsgi('WSGIRestrictProcess', 'name [name] ...', 'To which process groups a request may go; another choice is answered with 500. It bounds what %{ENV:variable} in WSGIProcessGroup can name. %{GLOBAL} stands for embedded mode. A later line takes the place of an earlier one.'),
        contexts: serversAndSections,
        args: { min: 1, max: MANY },
        apply(line, scope) {
            const names = line.args.map((word) => (word.text === '%{GLOBAL}' ? '' : word.text));
            scope.set(wsgiSettings.restrictProcess, new Set(names), line.position);
        },
    },
];
const fileInfo = { contexts: everywhere, override: 'FileInfo' };
const passing = [
    wsgiFlag(wsgiSettings.passAuthorization, 'WSGIPassAuthorization', 'Whether the application gets the header Authorization, as HTTP_AUTHORIZATION.', { ...fileInfo, default: 'Off' }),
    wsgiFlag(wsgiSettings.scriptReloading, 'WSGIScriptReloading', 'Whether a script whose file has changed is loaded anew: in a process group by new processes, in embedded mode in place.', { ...fileInfo, default: 'On' }),
    wsgiFlag(wsgiSettings.errorOverride, 'WSGIErrorOverride', 'Whether ErrorDocument and the error pages of the server take the place of what the application answers with a status of 400 and above.', { ...fileInfo, default: 'Off' }),
    wsgiFlag(wsgiSettings.chunkedRequest, 'WSGIChunkedRequest', 'Whether request bodies without a length are taken. Otherwise they are answered with 411.', { ...fileInfo, default: 'Off' }),
    valueDirective(wsgiSettings.mapHeadToGet, {
        ...wsgi('WSGIMapHEADToGET', 'On|Off|Auto', 'Whether an application sees GET where the client sent HEAD, so that its headers are those of GET. Auto does so where a filter of the server changes response bodies.'),
        ...fileInfo,
        default: 'Auto',
    }, (word) => {
        const choice = mapHeadToGetChoices.find((known) => known.toLowerCase() === word.text.toLowerCase());
        if (choice !== undefined)
            return choice;
        throw new DirectiveError(`WSGIMapHEADToGET must be one of Off, On, Auto, not '${word.text}'`, word);
    }),
    wsgiFlag(wsgiSettings.ignoreActivity, 'WSGIIgnoreActivity', 'Whether requests do not count as activity for inactivity-timeout, as those of a health check should not.', { ...fileInfo, default: 'Off' }),
    wsgiFlag(wsgiSettings.enableSendfile, 'WSGIEnableSendfile', 'Whether a file that an application returns in wsgi.file_wrapper may be sent by the server itself.', { ...fileInfo, default: 'Off' }),
    wsgiFlag(wsgiSettings.passApacheRequest, 'WSGIPassApacheRequest', "Whether environ holds Apache's own object for the request.", { contexts: serversAndSections, default: 'Off' }),
];
function parseHeaders(line) {
    return line.args.map((word) => {
        const name = toEnvironName(word.text);
        if (!trustedHeaderNames.includes(name)) {
            const nearest = nearestName(name, trustedHeaderNames);
            const hint = nearest === undefined ? '' : `; did you mean ${nearest.slice('HTTP_'.length).replaceAll('_', '-')}?`;
            line.report('warning', `'${word.text}' is no header of a proxy that is understood, it has no effect${hint}`, word.position);
        }
        return name;
    });
}
function parseProxy(word) {
    try {
        return parseIpNetwork(word.text);
    }
    catch (error) {
        if (!(error instanceof IpNetworkError))
            throw error;
        throw new DirectiveError(`unable to parse trusted proxy IP address/subnet of '${word.text}': ${error.message}`, word);
    }
}
/** Lines of one scope add up; an inner scope's take the place of the outer one's. */
function addAll(setting, items, line, scope) {
    scope.update(setting, (previous) => [...(previous ?? []), ...items], line.position);
}
const proxies = [
    {
        ...wsgi('WSGITrustedProxyHeaders', 'header [header] ...', 'Headers of a proxy from which environ takes what is true of the client: X-Forwarded-For (REMOTE_ADDR), X-Forwarded-Proto (wsgi.url_scheme), X-Forwarded-Host (HTTP_HOST), X-Forwarded-Port, X-Forwarded-Server, X-Script-Name, and others of the same meaning. Of each meaning the others are removed from environ.'),
        ...fileInfo,
        args: { min: 1, max: MANY },
        difference: 'A header without such a meaning is reported.',
        apply: (line, scope) => addAll(wsgiSettings.trustedProxyHeaders, parseHeaders(line), line, scope),
    },
    {
        ...wsgi('WSGITrustedProxies', 'address[/mask] ...', 'The addresses of the proxies that WSGITrustedProxyHeaders believes. Without the directive every client is believed.'),
        ...fileInfo,
        args: { min: 1, max: MANY },
        difference: 'IPv6 addresses may be written with capital letters.',
        apply: (line, scope) => addAll(wsgiSettings.trustedProxies, line.args.map(parseProxy), line, scope),
    },
];
export const requestDirectives = [...routing, ...passing, ...proxies];
//# sourceMappingURL=request-directives.js.map
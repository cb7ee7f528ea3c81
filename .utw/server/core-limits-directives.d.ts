/** How long a connection may wait and how large a request may be. Directives of httpd's core and HTTP module. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
export declare const limitSettings: Readonly<{
    timeoutSeconds: Setting<number>;
    keepAlive: Setting<boolean>;
    keepAliveTimeoutMs: Setting<number>;
    /** 0: no limit. */
    maxKeepAliveRequests: Setting<number>;
    requestLineBytesLimit: Setting<number>;
    /** 0: no limit. */
    requestFieldsLimit: Setting<number>;
    requestFieldBytesLimit: Setting<number>;
    /** 0: no limit. */
    requestBodyBytesLimit: Setting<number>;
}>;
/** What holds where no line says otherwise; Apache 2.4.54 and later. */
export declare const defaultLimits: Readonly<{
    timeoutSeconds: 60;
    keepAlive: true;
    keepAliveTimeoutMs: 5000;
    maxKeepAliveRequests: 100;
    requestLineBytesLimit: 8190;
    requestFieldsLimit: 100;
    requestFieldBytesLimit: 8190;
    requestBodyBytesLimit: 1073741824;
}>;
export declare const coreLimitsDirectives: readonly DirectiveDefinition[];

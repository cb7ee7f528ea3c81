/**
 * A server's configuration made ready for requests: what would be looked up or put together for each of them is done
 * once here. One CompiledServer for the main server and each virtual host, one CompiledScope for each combination of
 * sections that requests have met.
 */
import type { Section, ServerScope } from '../conf/config.js';
import type { Settings } from '../conf/settings.js';
import type { AccessRules } from '../http/access-rules.js';
import { type DirectoryOption } from '../http/directory-options.js';
import type { SetEnvIfRule } from '../http/set-env-if.js';
import { type WsgiScriptAlias } from '../wsgi/settings.js';
import type { ProxyRules } from '../wsgi/trusted-proxies.js';
import { type AliasEntry } from './alias-directives.js';
import { type EnvironmentChanges } from './env-directives.js';
import { type RedirectEntry } from './redirect-directives.js';
import { type DirectoryRules, type ServerRules } from './rewrite-directives.js';
export declare class CompiledServer {
    #private;
    readonly scope: ServerScope;
    readonly settings: Settings;
    readonly aliases: readonly AliasEntry[];
    readonly redirects: readonly RedirectEntry[];
    readonly scriptAliases: readonly WsgiScriptAlias[];
    readonly rewrite: ServerRules | undefined;
    readonly environmentRules: readonly SetEnvIfRule[];
    /** ServerName's host; undefined where there is none. */
    readonly name: string | undefined;
    readonly port: number | undefined;
    readonly useCanonicalName: boolean;
    readonly usesPhysicalPort: boolean;
    readonly admin: string;
    readonly documentRoot: string | undefined;
    readonly serverHeader: string;
    readonly timeoutSeconds: number;
    constructor(scope: ServerScope);
    /** The server's settings under those of the sections that a request matched. */
    scopeOf(sections: readonly Section[]): CompiledScope;
}
export declare class CompiledScope {
    readonly settings: Settings;
    readonly access: AccessRules;
    readonly options: ReadonlySet<DirectoryOption>;
    readonly environment: EnvironmentChanges | undefined;
    readonly environmentRules: readonly SetEnvIfRule[];
    readonly rewrite: DirectoryRules | undefined;
    readonly bodyBytesLimit: number;
    readonly acceptsPathInfo: boolean | undefined;
    readonly passAuthorization: boolean;
    readonly chunkedRequest: boolean;
    readonly scriptReloading: boolean;
    readonly ignoreActivity: boolean;
    /** Undefined where no header of a proxy is named. */
    readonly proxyRules: ProxyRules | undefined;
    /** Applications see GET for HEAD. */
    readonly mapsHeadToGet: boolean;
    constructor(settings: Settings, server: Settings);
}

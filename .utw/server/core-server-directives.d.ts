/** Who a server is: its names, its folder of documents, and what it tells of itself. Directives of httpd's core. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
/** The parts of `ServerName [scheme://]name[:port]`. */
export interface ServerName {
    /** Undefined: that of the connection. */
    readonly scheme: 'http' | 'https' | undefined;
    readonly host: string;
    /** Undefined: the standard port of the scheme, or the one that the request came in on. */
    readonly port: number | undefined;
}
/** One name of ServerAlias. `pattern` is there where the name holds * or ?. */
export interface ServerAlias {
    /** Lower case. */
    readonly name: string;
    readonly pattern: RegExp | undefined;
}
export declare const serverTokenChoices: readonly ['Prod', 'Major', 'Minor', 'Min', 'OS', 'Full'];
export type ServerTokens = (typeof serverTokenChoices)[number];
export declare const serverSignatureChoices: readonly ['Off', 'On', 'EMail'];
export type ServerSignature = (typeof serverSignatureChoices)[number];
export declare const serverSettings: Readonly<{
    serverRoot: Setting<string>;
    serverName: Setting<ServerName>;
    serverAliases: Setting<readonly ServerAlias[]>;
    serverAdmin: Setting<string>;
    /** Absolute, without a slash at the end. */
    documentRoot: Setting<string>;
    useCanonicalName: Setting<boolean>;
    useCanonicalPhysicalPort: Setting<boolean>;
    serverTokens: Setting<ServerTokens>;
    serverSignature: Setting<ServerSignature>;
}>;
export declare const coreServerDirectives: readonly DirectiveDefinition[];

/**
 * The environ of a request, written straight into the marshal form that the daemon process decodes: CGI variables as
 * Apache's ap_add_common_vars and ap_add_cgi_vars make them, less what mod_wsgi removes (reference 6.2), and mod_wsgi's
 * own string keys. Keys that are no strings (wsgi.*, times) are added in Python, python/stillhouse/adapter.py.
 */
import type { MarshalWriter } from '../wire/marshal.js';
import type { ProxyFacts } from './trusted-proxies.js';
export interface EnvironFacts {
    readonly method: string;
    /** As sent, with query. */
    readonly rawTarget: string;
    readonly query: string;
    /** Decoded, duplicate slashes collapsed; '' at a mount point of '/'. */
    readonly scriptName: string;
    readonly pathInfo: string;
    /** 'HTTP/1.1' */
    readonly protocol: string;
    readonly scheme: 'http' | 'https';
    /** name, value, name, value; as node:http's rawHeaders. */
    readonly rawHeaders: readonly string[];
    readonly serverName: string;
    readonly serverPort: number;
    readonly localAddress: string;
    readonly localPort: number;
    /** The address in the Listen line; '' where it has none. */
    readonly listenerHost: string;
    readonly remoteAddress: string;
    readonly remotePort: number;
    readonly serverSoftware: string;
    readonly serverAdmin: string | undefined;
    readonly documentRoot: string;
    readonly scriptFilename: string;
    /** Of an absolute request target, in place of the Host field (RFC 9112 section 3.2.2). */
    readonly targetHost: string | undefined;
    /** What a proxy in front says; undefined where nobody asked for that. */
    readonly proxy: ProxyFacts | undefined;
    readonly user: string | undefined;
    readonly authType: string | undefined;
    readonly passAuthorization: boolean;
    /** SetEnv, PassEnv, SetEnvIf, RewriteRule E=. CGI variables of the same name win. */
    readonly environment: ReadonlyMap<string, string>;
    readonly requestId: string;
    readonly connectionId: string;
    /** Pid of this http child. */
    readonly serverPid: string;
}
/** What the daemon process must know of a request beside its environ. */
export interface RequestFacts {
    readonly script: string;
    readonly callable: string;
    readonly scriptReloading: boolean;
    readonly ignoreActivity: boolean;
    /** Seconds since the epoch. */
    readonly requestStart: number;
    readonly queueStart: number;
}
/** Writes the payload of a request frame: the tuple (environ, facts). */
export declare function writeRequest(writer: MarshalWriter, environ: EnvironFacts, facts: RequestFacts): void;

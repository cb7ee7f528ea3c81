/** One request on its way through the server: what Apache keeps in its request_rec. Made and used by RequestHandler. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CompiledScope, CompiledServer } from './compiled-server.js';
import type { ClientConnection } from './http-connections.js';
import type { HttpResponseSink } from './http-response-sink.js';
export interface RequestContext {
    readonly incoming: IncomingMessage;
    readonly outgoing: ServerResponse;
    readonly sink: HttpResponseSink;
    readonly connection: ClientConnection;
    /** Sends 100 Continue; undefined where the client does not wait for it. */
    readonly sendContinue: (() => void) | undefined;
    /** Milliseconds since the epoch, with fractions. */
    readonly startedAtMs: number;
    readonly startedAtMonotonicMs: number;
    /** The connection's counters when the request began. */
    readonly bytesReadBefore: number;
    readonly bytesWrittenBefore: number;
    /** Ties log lines to the request. */
    readonly id: string;
    readonly server: CompiledServer;
    /** Name and port by which the server calls itself in this request (UseCanonicalName). */
    readonly serverName: string;
    readonly serverPort: number;
    /** As sent; GET while an error document is made. */
    method: string;
    /** `HTTP/1.1` */
    readonly protocol: string;
    /** As sent. */
    readonly rawTarget: string;
    /** Decoded, a byte string; changes with internal redirects. */
    uri: string;
    /** Without the question mark; '' where there is none. */
    query: string;
    /** Variables from SetEnv, SetEnvIf and RewriteRule; created when the first is set. */
    environment: Map<string, string> | undefined;
    /** The settings in force; the server's own until sections are known. */
    scope: CompiledScope;
    handler: string | undefined;
    filename: string | undefined;
    pathInfo: string;
    /** Set-Cookie values and Vary names that rules add to the response: name, value, name, value. */
    readonly extraHeaders: string[];
    /** What an absolute request target names, `name` or `name:port`: it takes the place of the Host field. */
    readonly targetHost: string | undefined;
    /** While an error document is made: the status that it is for. */
    failedStatus: number | undefined;
    /** Serves a path of this server as the answer to a request that failed (ErrorDocument). */
    readonly serveErrorDocument: (status: number, target: string) => void;
}
export declare function environmentOf(context: RequestContext): ReadonlyMap<string, string>;
export declare function setVariable(context: RequestContext, name: string, value: string | undefined): void;
/**
 * The variables as a request sees them that goes on from another inside the server: what they were is REDIRECT_ now,
 * and it is told where it comes from (ap_internal_redirect).
 */
export declare function renameEnvironment(context: RequestContext, status: number): void;

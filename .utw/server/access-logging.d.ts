/** Writes the access-log lines of finished requests: one for each CustomLog of the virtual host whose condition holds. */
import type { CompiledServer } from './compiled-server.js';
import type { ClientConnection } from './http-connections.js';
import type { LogFile } from './log-file.js';
import type { RequestContext } from './request-context.js';
export declare class AccessLogs {
    #private;
    /** `files`: the open logs by path. */
    constructor(files: ReadonlyMap<string, LogFile>);
    write(context: RequestContext, durationMs: number, isComplete: boolean): void;
    /** A line for what was no request: its fields are those of a request without a header. */
    writeRefused(server: CompiledServer, connection: ClientConnection, refused: RefusedRequest): void;
}
export interface RefusedRequest {
    /** '' where it is not known. */
    readonly requestLine: string;
    readonly status: number;
    readonly bodyBytes: number;
    /** Since the epoch. */
    readonly nowMs: number;
}

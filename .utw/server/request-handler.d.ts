/**
 * Takes each request through Apache's phases: which virtual host, rewriting, from URL to file, sections, access,
 * handler. Answers errors with the server's page or ErrorDocument, and writes the access log when all is over.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessLogs } from './access-logging.js';
import type { CompiledServer } from './compiled-server.js';
import { type ErrorAnswers } from './error-answers.js';
import type { FileLookup } from './file-lookup.js';
import type { ClientConnection, HttpLimits } from './http-connections.js';
import type { WsgiHandler } from './wsgi-handler.js';
export interface RequestHandlerOptions {
    /** The server of a connection's own end and a Host name. */
    readonly findServer: (localAddress: string, localPort: number, name: string | undefined) => CompiledServer;
    readonly limits: HttpLimits;
    readonly files: FileLookup;
    readonly wsgi: WsgiHandler;
    readonly accessLogs: AccessLogs;
    readonly answers: ErrorAnswers;
    readonly clock: {
        nowMs(): number;
        monotonicMs(): number;
    };
}
export declare class RequestHandler {
    #private;
    constructor(options: RequestHandlerOptions);
    handle(incoming: IncomingMessage, outgoing: ServerResponse, connection: ClientConnection, expectsContinue: boolean): void;
}

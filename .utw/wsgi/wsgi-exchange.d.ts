/**
 * One request on its way through a daemon process and back: forwards the body as the application reads it, passes the
 * response on as the client takes it, and moves to another process if the first one gave it back unstarted.
 *
 *   waiting ──send──▶ sent ──response──▶ answering ──end──▶ done
 *      ▲               │
 *      └───revoked─────┘
 *
 * Invariants:
 *  1. Nothing is sent twice to an application: a request returns to `waiting` only by onRevoked.
 *  2. Body bytes that were sent are kept until the application has taken some or answered; from then on it has started.
 *  3. `onDone` is called once, whatever happens.
 */
import type { IncomingMessage } from 'node:http';
import type { ResponseSink } from '../http/response-sink.js';
import type { ChannelExchange } from '../wire/channel-client.js';
import type { GroupConnection, GroupRequest, ProcessGroup } from './process-group.js';
export interface WsgiExchangeOptions {
    readonly group: ProcessGroup;
    readonly sink: ResponseSink;
    /** Makes the request frame: header space, then the payload. Called at each sending. */
    readonly encode: () => Buffer;
    /** Undefined where the request has no body. */
    readonly body: IncomingMessage | undefined;
    /** Body bytes that may come (LimitRequestBody); 0: no limit. */
    readonly bodyBytesLimit: number;
    /** Sends 100 Continue; undefined where the client does not wait for it. */
    readonly sendContinue: (() => void) | undefined;
    /** What the server adds to the response: name, value, name, value. */
    readonly extraHeaders: readonly string[];
    /** Longest silence of the daemon process (socket-timeout) and of the client (Timeout), in seconds. */
    readonly daemonTimeoutSeconds: number;
    readonly clientTimeoutSeconds: number;
    /** No response came: the server answers with its page of `status`. `reason` is undefined where it is logged already. */
    readonly onFailed: (status: number, reason: string | undefined) => void;
    /** Something to log of a response that had begun. */
    readonly report: (level: 'info' | 'error', message: string) => void;
    readonly onDone: (exchange: WsgiExchange) => void;
}
export declare class WsgiExchange implements ChannelExchange, GroupRequest {
    #private;
    constructor(options: WsgiExchangeOptions);
    start(): void;
    /** The client left. */
    clientLeft(): void;
    /** The rest of the body can't be understood. */
    bodyBroken(reason: string): void;
    /** One second went by. */
    tick(): void;
    send(connection: GroupConnection): void;
    fail(status: number, reason: string): void;
    onResponse(head: readonly string[], block: Buffer, ended: boolean): void;
    onData(block: Buffer, ended: boolean): void;
    onCredit(_bytes: number): void;
    onTruncated(reason: string): void;
    onRefused(status: number, _reason: string): void;
    onRevoked(): void;
    onLost(): void;
}

/**
 * node:http as Apache behaves: connections with their numbers and limits, one request after the other on each, and the
 * answers to what is not HTTP. Hands every request to `onRequest`; owns the servers of one http child.
 */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import type { BoundAddress } from './listening-sockets.js';
/** One client connection. */
export interface ClientConnection {
    /** Unique in this http child. */
    readonly id: number;
    readonly remoteAddress: string;
    readonly remotePort: number;
    readonly localAddress: string;
    readonly localPort: number;
    /** The address in the Listen line; undefined where it has none. */
    readonly listenerHost: string | undefined;
    /** Requests begun on it so far, this one included. */
    requests: number;
    /** Set by whoever reads the body of the request at hand: the rest of it can't be understood and will never come. */
    onBodyBroken: ((reason: string) => void) | undefined;
}
export interface HttpLimits {
    readonly requestLineBytesLimit: number;
    readonly requestFieldsLimit: number;
    readonly requestFieldBytesLimit: number;
    readonly keepAlive: boolean;
    readonly keepAliveTimeoutMs: number;
    /** 0: no limit. */
    readonly maxKeepAliveRequests: number;
    readonly timeoutMs: number;
}
export interface HttpEvents {
    /** Called for one request of a connection at a time; the next comes when this response is over. */
    onRequest(incoming: IncomingMessage, outgoing: ServerResponse, connection: ClientConnection, expectsContinue: boolean): void;
    /**
     * What came was no request that can be understood: the answer, as whole bytes, and then the connection ends.
     * `requestLine`: as far as it is known, for the access log.
     */
    onMalformed(status: number, reason: string, requestLine: string, connection: ClientConnection): string;
}
export declare class HttpConnections {
    #private;
    constructor(limits: HttpLimits, backlog: number, events: HttpEvents);
    /** Starts to accept on an inherited descriptor. @throws where it can't be listened on */
    listen(descriptor: number, address: BoundAddress): Promise<void>;
    /** Accepts no more; resolves when the last connection has ended. Responses from now on close theirs. */
    close(): Promise<void>;
}

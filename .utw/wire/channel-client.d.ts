/**
 * The http child's end of the channel, without sockets: which requests are open on one connection, their credit, and
 * the frames that come of it. The owner writes what `write` is given and passes in what it reads.
 *
 * Frames of one event-loop turn are written together: `write` gets one buffer for many requests.
 */
/** What happens to one request on its way through a daemon process. Called during `receive`. */
export interface ChannelExchange {
    /** `head`: status line, then name and value of each header. `block`: the first of the body. */
    onResponse(head: readonly string[], block: Buffer, ended: boolean): void;
    onData(block: Buffer, ended: boolean): void;
    /** The application took `bytes` of the request body; they may be sent anew. */
    onCredit(bytes: number): void;
    /** The response that began can't be completed. */
    onTruncated(reason: string): void;
    /** No response can be made; the server answers with its page of `status`. */
    onRefused(status: number, reason: string): void;
    /** The request has not started in this process and never will: another may have it. */
    onRevoked(): void;
    /** The process died, or the connection broke, after the request had started. */
    onLost(): void;
}
export declare class ChannelClient {
    #private;
    /**
     * `schedule` runs its callback once at the end of the current event-loop turn. `onFreed`: a request that was aborted is
     * over in the daemon process, too.
     */
    constructor(options: {
        readonly connectionNumber: number;
        readonly write: (bytes: Buffer) => void;
        readonly schedule: (flush: () => void) => void;
        readonly onFreed?: () => void;
    });
    /** Requests sent and neither answered nor given back, also such as were aborted and have not come to their end. */
    get openRequests(): number;
    /** The daemon process takes no more requests. */
    get isLeaving(): boolean;
    get hasRoom(): boolean;
    /**
     * Sends a request. `frame` is header space (frameHeaderBytes) followed by the payload; it is copied.
     * @returns its id on this connection
     */
    request(frame: Buffer, facts: {
        readonly hasBody: boolean;
        readonly expectContinue: boolean;
    }, exchange: ChannelExchange): number;
    /** How many body bytes may be sent now. */
    credit(id: number): number;
    /** Sends body bytes, no more than `credit` allows. */
    data(id: number, block: Buffer, ended: boolean): void;
    /** The client took `bytes` of the response. */
    taken(id: number, bytes: number): void;
    /** The client left: nobody waits for the answer, and nothing more is reported of it. */
    abort(id: number): void;
    /** Asks for the request back; `onRevoked` follows if it had not started. */
    revoke(id: number): void;
    /** Takes bytes from the daemon process. @throws ProtocolError: close the connection. */
    receive(chunk: Buffer): void;
    /** The connection is gone. @returns the requests that were open, by id */
    abandon(): Map<number, ChannelExchange>;
    /** Writes what has been put together. */
    flush(): void;
}

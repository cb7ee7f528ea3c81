/**
 * The daemon process's end of the channel as a model in memory: decodes what a ChannelClient writes, keeps each
 * request's body and credit, and makes the frames of answers. Breaks of the protocol by the client are asserted.
 */
export interface ModelRequest {
    readonly id: number;
    readonly payload: Buffer;
    readonly expectsContinue: boolean;
    body: Buffer;
    bodyEnded: boolean;
    /** Bytes of the body that came and were not given back as credit. */
    unacknowledgedBytes: number;
    windowBytes: number;
    creditBytes: number;
    isAborted: boolean;
    isRevokeAsked: boolean;
}
export declare function frame(type: number, id: number, payload?: Buffer | string, flags?: number): Buffer;
export declare function u32(value: number): Buffer;
export declare function responseFrame(id: number, head: readonly string[], block: Buffer | string, ended?: boolean): Buffer;
export declare class MemoryDaemon {
    #private;
    readonly requests: Map<number, ModelRequest>;
    /** Frames of the client in order, as `type:id`. */
    readonly log: string[];
    connectionNumber: number;
    /** Takes what the client wrote. */
    receive(bytes: Buffer): void;
    get(id: number): ModelRequest;
    /** The application read `bytes` of the body: gives them back. */
    credit(id: number, bytes: number): Buffer;
}

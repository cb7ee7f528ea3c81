/** Cuts a byte stream into frames. Knows nothing of what they mean. */
/** `payload` may be a view of the received chunk: it is only valid during the call unless nobody reuses the chunk. */
export type OnFrame = (type: number, flags: number, requestId: number, payload: Buffer) => void;
export declare class FrameDecoder {
    #private;
    constructor(onFrame: OnFrame);
    /** Takes received bytes and calls `onFrame` for each frame that is now whole. @throws ProtocolError */
    push(chunk: Buffer): void;
}
/** Writes a frame header into `buffer` at `at`. */
export declare function writeFrameHeader(buffer: Buffer, at: number, payloadBytes: number, requestId: number, type: number, flags: number): void;

/** Cuts a byte stream into frames. Knows nothing of what they mean. */
import { ProtocolError } from '../base/errors.js';
import { frameHeaderBytes, framePayloadBytesLimit } from './protocol.js';
export class FrameDecoder {
    #onFrame;
    /** Bytes of a frame that has not arrived whole. */
    #pending = [];
    #pendingBytes = 0;
    /** How many bytes are needed before decoding can go on. */
    #neededBytes = frameHeaderBytes;
    constructor(onFrame) {
        this.#onFrame = onFrame;
    }
    /** Takes received bytes and calls `onFrame` for each frame that is now whole. @throws ProtocolError */
    push(chunk) {
        if (this.#pendingBytes > 0) {
            this.#pending.push(chunk);
            this.#pendingBytes += chunk.length;
            if (this.#pendingBytes < this.#neededBytes)
                return;
            chunk = Buffer.concat(this.#pending, this.#pendingBytes);
            this.#pending = [];
            this.#pendingBytes = 0;
        }
        let at = 0;
        this.#neededBytes = frameHeaderBytes;
        while (chunk.length - at >= frameHeaderBytes) {
            const payloadBytes = chunk.readUInt32LE(at);
            if (payloadBytes > framePayloadBytesLimit) {
                throw new ProtocolError(`frame of ${payloadBytes} bytes is over the limit of ${framePayloadBytesLimit}`);
            }
            const end = at + frameHeaderBytes + payloadBytes;
            if (end > chunk.length) {
                this.#neededBytes = frameHeaderBytes + payloadBytes;
                break;
            }
            this.#onFrame(chunk[at + 8], chunk[at + 9], chunk.readUInt32LE(at + 4), chunk.subarray(at + frameHeaderBytes, end));
            at = end;
        }
        if (at < chunk.length) {
            this.#pending.push(at === 0 ? chunk : chunk.subarray(at));
            this.#pendingBytes = chunk.length - at;
        }
    }
}
/** Writes a frame header into `buffer` at `at`. */
export function writeFrameHeader(buffer, at, payloadBytes, requestId, type, flags) {
    buffer.writeUInt32LE(payloadBytes, at);
    buffer.writeUInt32LE(requestId, at + 4);
    buffer[at + 8] = type;
    buffer[at + 9] = flags;
    buffer[at + 10] = 0;
    buffer[at + 11] = 0;
}
//# sourceMappingURL=frame-decoder.js.map
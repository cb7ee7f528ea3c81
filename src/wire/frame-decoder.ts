/** Cuts a byte stream into frames. Knows nothing of what they mean. */

import { ProtocolError } from '../base/errors.js';
import { frameFlag, frameHeaderBytes, framePayloadBytesLimit } from './protocol.js';

/** `payload` may be a view of the received chunk: it is only valid during the call unless nobody reuses the chunk. */
export type OnFrame = (type: number, flags: number, requestId: number, payload: Buffer, serviceTime: number) => void;

export class FrameDecoder {
  readonly #onFrame: OnFrame;
  readonly #streamedType: number | undefined;
  /** A frame of the streamed type, of which this many bytes of the payload are still to come. */
  #streamed = { flags: 0, requestId: 0, serviceTime: 0, leftBytes: 0 };
  /** Bytes of a frame that has not arrived whole. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** How many bytes are needed before decoding can go on. */
  #neededBytes = frameHeaderBytes;

  /**
   * `streamedType`: frames whose payload is part of a stream of bytes. Such a frame is passed on in pieces as they come,
   * the flag `end` and the service time with the last: so nothing large is put together, which would cost its size again.
   */
  constructor(onFrame: OnFrame, streamedType?: number) {
    this.#onFrame = onFrame;
    this.#streamedType = streamedType;
  }

  /** Takes received bytes and calls `onFrame` for each frame that is now whole. @throws ProtocolError */
  push(chunk: Buffer): void {
    if (this.#pendingBytes > 0) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes < this.#neededBytes) return;
      chunk = Buffer.concat(this.#pending, this.#pendingBytes);
      this.#pending = [];
      this.#pendingBytes = 0;
    }
    let at = this.#continueStreamed(chunk, 0);
    this.#neededBytes = frameHeaderBytes;
    while (chunk.length - at >= frameHeaderBytes) {
      const payloadBytes = chunk.readUInt32LE(at);
      if (payloadBytes > framePayloadBytesLimit) {
        throw new ProtocolError(`frame of ${payloadBytes} bytes is over the limit of ${framePayloadBytesLimit}`);
      }
      const end = at + frameHeaderBytes + payloadBytes;
      if (end > chunk.length && chunk[at + 8] === this.#streamedType) {
        const [flags, requestId] = [chunk[at + 9] as number, chunk.readUInt32LE(at + 4)];
        const serviceTime = chunk.readUInt16LE(at + 10);
        this.#streamed = { flags, requestId, serviceTime, leftBytes: payloadBytes };
        at = this.#continueStreamed(chunk, at + frameHeaderBytes);
        break;
      }
      if (end > chunk.length) {
        this.#neededBytes = frameHeaderBytes + payloadBytes;
        break;
      }
      this.#onFrame(
        chunk[at + 8] as number,
        chunk[at + 9] as number,
        chunk.readUInt32LE(at + 4),
        chunk.subarray(at + frameHeaderBytes, end),
        chunk.readUInt16LE(at + 10),
      );
      at = end;
    }
    if (at < chunk.length) {
      this.#pending.push(at === 0 ? chunk : chunk.subarray(at));
      this.#pendingBytes = chunk.length - at;
    }
  }

  /** Passes on what `chunk` has, from `at`, of a streamed payload. @returns where it ends */
  #continueStreamed(chunk: Buffer, at: number): number {
    const { flags, requestId, serviceTime, leftBytes } = this.#streamed;
    const bytes = Math.min(leftBytes, chunk.length - at);
    if (bytes === 0) return at;
    this.#streamed.leftBytes -= bytes;
    const isLast = bytes === leftBytes;
    const pieceFlags = isLast ? flags : flags & ~frameFlag.end;
    const piece = chunk.subarray(at, at + bytes);
    this.#onFrame(this.#streamedType as number, pieceFlags, requestId, piece, isLast ? serviceTime : 0);
    return at + bytes;
  }
}

/** Writes a frame header into `buffer` at `at`. */
export function writeFrameHeader(
  buffer: Buffer,
  at: number,
  payloadBytes: number,
  requestId: number,
  type: number,
  flags: number,
): void {
  buffer.writeUInt32LE(payloadBytes, at);
  buffer.writeUInt32LE(requestId, at + 4);
  buffer[at + 8] = type;
  buffer[at + 9] = flags;
  buffer[at + 10] = 0;
  buffer[at + 11] = 0;
}

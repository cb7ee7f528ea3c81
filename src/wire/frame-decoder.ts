/** Cuts a byte stream into frames. Knows nothing of what they mean. */

import { ProtocolError } from '../base/errors.js';
import { frameHeaderBytes, framePayloadBytesLimit } from './protocol.js';

/**
 * `payload` is a view of the received chunk: valid during the call only, as whoever received the chunk may use its memory
 * anew. `leftBytes` of the frame are still to come, as frames of the type `restType`; `flags` and `extra` are those of the
 * frame.
 */
export type OnFrame = (
  type: number,
  flags: number,
  requestId: number,
  payload: Buffer,
  leftBytes: number,
  extra: number,
) => void;

/** Which frames are passed on in pieces as they come: so nothing large is put together, which would cost its size again. */
export interface FrameStreaming {
  /** The type by which the later pieces are passed on. */
  readonly restType: number;
  /** How many bytes at the beginning of a payload must be passed on together, as far as `payload` tells; Infinity: all. */
  headBytes(type: number, payload: Buffer): number;
}

const nothing = Buffer.alloc(0);

export class FrameDecoder {
  readonly #onFrame: OnFrame;
  readonly #streaming: FrameStreaming | undefined;
  /** A frame that was passed on in part: this many bytes of its payload are still to come. */
  #rest = { flags: 0, requestId: 0, leftBytes: 0, extra: 0 };
  /** Bytes of a frame, or of its head, that have not arrived whole; our own copy. */
  #pending = nothing;
  #pendingBytes = 0;
  /** How many bytes are needed before decoding can go on. */
  #neededBytes = frameHeaderBytes;

  constructor(onFrame: OnFrame, streaming?: FrameStreaming) {
    this.#onFrame = onFrame;
    this.#streaming = streaming;
  }

  /** Takes received bytes and calls `onFrame` for what is now there. Keeps nothing of `chunk`. @throws ProtocolError */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest.leftBytes > 0) {
        at = this.#passRest(chunk, at);
      } else if (this.#pendingBytes === 0) {
        at = this.#decode(chunk, at);
        if (this.#rest.leftBytes === 0 && at < chunk.length) at += this.#keep(chunk, at, chunk.length);
      } else {
        at += this.#keep(chunk, at, Math.min(chunk.length, at + this.#neededBytes - this.#pendingBytes));
        if (this.#pendingBytes < this.#neededBytes) return;
        const bytes = this.#pending.subarray(0, this.#pendingBytes);
        this.#pendingBytes = 0;
        // Either all of it is used, or it shows that more is needed.
        if (this.#decode(bytes, 0) === 0) this.#pendingBytes = bytes.length;
        else this.#pending = nothing;
      }
    }
  }

  /** Passes on what of `chunk` can be. @returns where that ends */
  #decode(chunk: Buffer, from: number): number {
    let at = from;
    this.#neededBytes = frameHeaderBytes;
    while (chunk.length - at >= frameHeaderBytes) {
      const payloadBytes = chunk.readUInt32LE(at);
      if (payloadBytes > framePayloadBytesLimit) {
        throw new ProtocolError(`frame of ${payloadBytes} bytes is over the limit of ${framePayloadBytesLimit}`);
      }
      const type = chunk[at + 8] as number;
      const flags = chunk[at + 9] as number;
      const requestId = chunk.readUInt32LE(at + 4);
      const extra = chunk.readUInt16LE(at + 10);
      const start = at + frameHeaderBytes;
      const end = start + payloadBytes;
      if (end <= chunk.length) {
        this.#onFrame(type, flags, requestId, chunk.subarray(start, end), 0, extra);
        at = end;
        continue;
      }
      const payload = chunk.subarray(start);
      const headBytes = Math.min(payloadBytes, this.#streaming?.headBytes(type, payload) ?? payloadBytes);
      if (payload.length < headBytes) {
        this.#neededBytes = frameHeaderBytes + headBytes;
        return at;
      }
      const leftBytes = payloadBytes - payload.length;
      this.#rest = { flags, requestId, leftBytes, extra };
      this.#onFrame(type, flags, requestId, payload, leftBytes, extra);
      return chunk.length;
    }
    return at;
  }

  /** @returns where in `chunk` it ends */
  #passRest(chunk: Buffer, at: number): number {
    const { flags, requestId, leftBytes, extra } = this.#rest;
    const bytes = Math.min(leftBytes, chunk.length - at);
    this.#rest.leftBytes -= bytes;
    const type = this.#streaming?.restType as number;
    this.#onFrame(type, flags, requestId, chunk.subarray(at, at + bytes), leftBytes - bytes, extra);
    return at + bytes;
  }

  /** @returns how many bytes those are */
  #keep(chunk: Buffer, from: number, to: number): number {
    const bytes = this.#pendingBytes + to - from;
    if (bytes > this.#pending.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes, this.#neededBytes));
      this.#pending.copy(larger, 0, 0, this.#pendingBytes);
      this.#pending = larger;
    }
    chunk.copy(this.#pending, this.#pendingBytes, from, to);
    this.#pendingBytes = bytes;
    return to - from;
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
  advance = 0,
): void {
  buffer.writeUInt32LE(payloadBytes, at);
  buffer.writeUInt32LE(requestId, at + 4);
  buffer[at + 8] = type;
  buffer[at + 9] = flags;
  buffer.writeUInt16LE(advance, at + 10);
}

/**
 * The daemon process's end of the channel as a model in memory: decodes what a ChannelClient writes, keeps each
 * request's body and credit, and makes the frames of answers. Breaks of the protocol by the client are asserted.
 */

import assert from 'node:assert/strict';
import { FrameDecoder, writeFrameHeader } from './frame-decoder.js';
import {
  advanceUnitBytes,
  frameFlag,
  frameHeaderBytes,
  frameType,
  protocolVersion,
  requestWindowBytes,
  responseWindowBytes,
} from './protocol.js';

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
  readonly creditBytesLimit: number;
  isAborted: boolean;
  isRevokeAsked: boolean;
}

export function frame(type: number, id: number, payload: Buffer | string = '', flags = 0): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : payload;
  const bytes = Buffer.alloc(frameHeaderBytes + body.length);
  writeFrameHeader(bytes, 0, body.length, id, type, flags);
  body.copy(bytes, frameHeaderBytes);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function responseFrame(id: number, head: readonly string[], block: Buffer | string, ended = false): Buffer {
  const text = Buffer.from(head.join('\n'), 'latin1');
  const body = typeof block === 'string' ? Buffer.from(block, 'latin1') : block;
  return frame(frameType.response, id, Buffer.concat([u32(text.length), text, body]), ended ? frameFlag.end : 0);
}

export class MemoryDaemon {
  readonly requests = new Map<number, ModelRequest>();
  /** Frames of the client in order, as `type:id`. */
  readonly log: string[] = [];
  connectionNumber = 0;
  #highestId = 0;
  readonly #decoder = new FrameDecoder((type, flags, id, payload) => this.#onFrame(type, flags, id, payload));

  /** Takes what the client wrote. */
  receive(bytes: Buffer): void {
    this.#decoder.push(bytes);
  }

  get(id: number): ModelRequest {
    const request = this.requests.get(id);
    assert.ok(request !== undefined, `no request ${id}`);
    return request;
  }

  /** The application read `bytes` of the body: gives them back. */
  credit(id: number, bytes: number): Buffer {
    const request = this.get(id);
    request.unacknowledgedBytes -= bytes;
    return frame(frameType.credit, id, u32(bytes));
  }

  #onFrame(type: number, flags: number, id: number, payload: Buffer): void {
    this.log.push(`${type}:${id}`);
    if (type === frameType.hello) {
      assert.equal(this.log.length, 1, 'hello comes first');
      assert.equal(payload.length, 8);
      assert.equal(payload.readUInt32LE(0), protocolVersion);
      this.connectionNumber = payload.readUInt32LE(4);
      return;
    }
    assert.ok(this.connectionNumber !== 0, 'hello comes first');
    if (type === frameType.request) {
      assert.ok(id > this.#highestId, 'ids grow');
      this.#highestId = id;
      // The decoder has no use for the last two bytes of the header, which stand before the payload.
      const advance = Buffer.from(payload.buffer, payload.byteOffset - 2, 2).readUInt16LE(0) * advanceUnitBytes;
      const expectsContinue = (flags & frameFlag.expectContinue) !== 0;
      this.requests.set(id, {
        id,
        payload: Buffer.from(payload),
        expectsContinue,
        body: Buffer.alloc(0),
        bodyEnded: (flags & frameFlag.end) !== 0,
        unacknowledgedBytes: 0,
        windowBytes: expectsContinue ? 0 : requestWindowBytes,
        creditBytes: responseWindowBytes + advance,
        creditBytesLimit: responseWindowBytes + advance,
        isAborted: false,
        isRevokeAsked: false,
      });
      return;
    }
    const request = this.requests.get(id);
    assert.ok(request !== undefined, `frame ${type} of a request that was never sent: ${id}`);
    assert.ok(!request.isAborted, 'nothing follows an abort');
    if (type === frameType.data) {
      assert.ok(!request.bodyEnded, 'nothing follows the end of the body');
      request.body = Buffer.concat([request.body, payload]);
      request.bodyEnded = (flags & frameFlag.end) !== 0;
      request.unacknowledgedBytes += payload.length;
      assert.ok(request.unacknowledgedBytes <= request.windowBytes, 'body within the window');
    } else if (type === frameType.credit) {
      request.creditBytes += payload.readUInt32LE(0);
      assert.ok(request.creditBytes <= request.creditBytesLimit, 'no more credit than was used');
    } else if (type === frameType.abort) request.isAborted = true;
    else if (type === frameType.revoke) request.isRevokeAsked = true;
    else assert.fail(`frame of type ${type} from the http child`);
  }
}

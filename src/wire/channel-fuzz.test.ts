/**
 * Whatever a daemon process sends: each request hears a story that makes sense, or the connection is given up with a
 * reason; nothing else is thrown, and no more is kept than one frame. STILLHOUSE_FUZZ_RUNS says how often.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../base/errors.js';
import { ChannelClient, type ChannelExchange } from './channel-client.js';
import { frame, responseFrame, u32 } from './memory-daemon.test.fixture.js';
import { frameHeaderBytes, framePayloadBytesLimit, frameType, responseWindowBytes } from './protocol.js';

const runs = Number(process.env.STILLHOUSE_FUZZ_RUNS ?? 2000);

const id = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constantFrom(0, 99, 0xffff_ffff));
const flags = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 1) }, fc.nat(255));
const block = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(70_000, responseWindowBytes, responseWindowBytes + 1).map((length) => Buffer.alloc(length, 'x')),
);
const sound = fc.oneof(
  fc.tuple(id, block, fc.boolean()).map(([of, bytes, ended]) => responseFrame(of, ['200 OK', 'A', 'b'], bytes, ended)),
  fc.tuple(id, block, flags).map(([of, bytes, set]) => frame(frameType.data, of, bytes, set & 1)),
  fc.tuple(id, fc.constantFrom(0, 1, 5000, 0xffff_ffff)).map(([of, bytes]) => frame(frameType.credit, of, u32(bytes))),
  fc
    .tuple(fc.constantFrom(frameType.abort, frameType.refuse, frameType.revoked, frameType.goodbye), id)
    .map(([type, of]) => frame(type, of, '..reason')),
);
const odd = fc.oneof(
  fc.tuple(fc.nat(255), id, block, flags).map(([type, of, bytes, set]) => frame(type, of, bytes, set)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  // A length without its payload.
  fc.constantFrom(framePayloadBytesLimit, framePayloadBytesLimit + 1, 0xffff_ffff).map((length) => {
    const head = frame(frameType.response, 1);
    head.writeUInt32LE(length, 0);
    return head;
  }),
);
const stream = fc
  .array(fc.oneof({ weight: 10, arbitrary: sound }, odd), { maxLength: 20 })
  .map((frames) => Buffer.concat(frames));
const cuts = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 12 });

/** Fails where the story of a request makes no sense. */
class Listener implements ChannelExchange {
  hasBegun = false;
  isOver = false;
  received = 0;

  onResponse(_head: string, bytes: Buffer, ended: boolean): boolean {
    assert.equal(this.hasBegun, false, 'a second response');
    this.hasBegun = true;
    return this.onData(bytes, ended);
  }
  onData(bytes: Buffer, ended: boolean): boolean {
    assert.ok(this.hasBegun && !this.isOver, 'a block out of turn');
    this.received += bytes.length;
    this.isOver = ended;
    return false;
  }
  onCredit(): void {
    assert.equal(this.isOver, false);
  }
  onTruncated(): void {
    this.#end();
  }
  onRefused(): void {
    this.#end();
  }
  onRevoked(): void {
    this.#end();
  }
  onLost(): void {
    this.#end();
  }
  settle(): boolean {
    return true;
  }
  #end(): void {
    assert.equal(this.isOver, false, 'a second end');
    this.isOver = true;
  }
}

describe('what a daemon process sends', () => {
  it('is understood, or ends the connection with a reason', () => {
    let broken = 0;
    fc.assert(
      fc.property(stream, cuts, (bytes, lengths) => {
        const client = new ChannelClient({ connectionNumber: 1, write: () => true, schedule: () => {} });
        const listeners = [1, 2, 3, 4].map((number) => {
          const listener = new Listener();
          client.request(Buffer.alloc(frameHeaderBytes), { hasBody: number > 2, expectContinue: false }, listener);
          return listener;
        });
        let at = 0;
        try {
          for (const length of [...lengths, bytes.length]) {
            client.receive(Buffer.from(bytes.subarray(at, at + length)));
            at += length;
          }
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
          assert.notEqual(error.message, '');
          broken += 1;
        }
        for (const listener of listeners) assert.ok(listener.received <= responseWindowBytes);
        for (const exchange of client.abandon().values()) exchange.onLost();
        for (const listener of listeners) assert.ok(listener.isOver, 'nobody waits for ever');
        assert.equal(client.openRequests, 0);
      }),
      { numRuns: runs },
    );
    assert.ok(broken > runs / 20 && broken < runs, `${broken} of ${runs} were broken`);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../base/errors.js';
import { FrameDecoder, writeFrameHeader } from './frame-decoder.js';
import { frameHeaderBytes, framePayloadBytesLimit } from './protocol.js';

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: string;
}

function encode({ type, flags, id, payload }: Frame): Buffer {
  const body = Buffer.from(payload, 'latin1');
  const header = Buffer.alloc(frameHeaderBytes, 0xee);
  writeFrameHeader(header, 0, body.length, id, type, flags);
  return Buffer.concat([header, body]);
}

function decode(chunks: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  const decoder = new FrameDecoder((type, flags, id, payload) => {
    frames.push({ type, flags, id, payload: payload.toString('latin1') });
  });
  for (const chunk of chunks) decoder.push(chunk);
  return frames;
}

const frames: readonly Frame[] = [
  { type: 1, flags: 0, id: 0, payload: 'hello' },
  { type: 255, flags: 255, id: 0xffffffff, payload: '' },
  { type: 6, flags: 1, id: 0x80000000, payload: 'x'.repeat(40) },
  { type: 3, flags: 0, id: 7, payload: '\xff\0\n' },
];
const stream = Buffer.concat(frames.map(encode));

/** Type 3 passes on what comes; type 6 begins with a digit and as many bytes that belong together. */
const streaming = {
  restType: 3,
  headBytes: (type: number, payload: Buffer): number => {
    if (type === 3) return 0;
    if (type !== 6) return Number.POSITIVE_INFINITY;
    return payload.length === 0 ? 1 : 1 + Number(payload.toString('latin1', 0, 1));
  },
};

describe('FrameDecoder', () => {
  it('passes frames of a streamed type on as their bytes come, wherever the stream is cut', () => {
    const all = [
      { type: 1, flags: 0, id: 9, payload: 'hello' },
      { type: 3, flags: 1, id: 7, payload: 'abcdefgh' },
      { type: 3, flags: 1, id: 8, payload: '' },
      { type: 3, flags: 2, id: 7, payload: 'ijkl' },
      { type: 4, flags: 1, id: 7, payload: 'whole' },
      { type: 6, flags: 1, id: 7, payload: '2head!' },
      { type: 6, flags: 0, id: 7, payload: '6longer' },
    ];
    const bytes = Buffer.concat(all.map(encode));
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second += 3) {
        const pieces: Frame[] = [];
        let leftBefore = 0;
        const decoder = new FrameDecoder((type, flags, id, payload, leftBytes) => {
          const last = pieces.at(-1);
          if (leftBefore === 0) {
            pieces.push({ type, flags, id, payload: payload.toString('latin1') });
          } else {
            assert.deepEqual({ type, flags, id }, { type: 3, flags: last?.flags, id: last?.id });
            assert.equal(payload.length, leftBefore - leftBytes);
            if (last !== undefined) {
              pieces.splice(-1, 1, { ...last, payload: last.payload + payload.toString('latin1') });
            }
          }
          leftBefore = leftBytes;
        }, streaming);
        for (const piece of [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]) {
          const chunk = Buffer.from(piece);
          decoder.push(chunk);
          chunk.fill(0xdd); // its memory is used anew
        }
        assert.deepEqual(pieces, all);
      }
    }
    let received = '';
    const decoder = new FrameDecoder((type, flags, __, payload, leftBytes) => {
      received += `${type}.${flags}${payload.toString('latin1')}${leftBytes} `;
    }, streaming);
    const [, frame, , , , headed] = all;
    assert.ok(frame !== undefined && headed !== undefined);
    for (const byte of encode(frame).subarray(0, -2)) decoder.push(Buffer.from([byte]));
    assert.equal(received.trim(), '3.18 3.1a7 3.1b6 3.1c5 3.1d4 3.1e3 3.1f2');
    received = '';
    for (const byte of Buffer.concat([Buffer.from('gh'), encode(headed)])) decoder.push(Buffer.from([byte]));
    assert.equal(received.trim(), '3.1g1 3.1h0 6.12he3 3.1a2 3.1d1 3.1!0');
  });

  it('finds the frames wherever the stream is cut in two', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      assert.deepEqual(decode([stream.subarray(0, cut), stream.subarray(cut)]), frames, `cut at ${cut}`);
    }
  });

  it('finds them in pieces of every size, of one byte too, and several in one chunk', () => {
    for (let size = 1; size <= stream.length; size++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
      assert.deepEqual(decode(chunks), frames, `pieces of ${size}`);
    }
  });

  it('reports a frame as soon as its last byte is there', () => {
    const seen: number[] = [];
    const decoder = new FrameDecoder((type) => seen.push(type));
    const bytes = encode({ type: 9, flags: 0, id: 1, payload: 'ab' });
    decoder.push(bytes.subarray(0, -1));
    assert.deepEqual(seen, []);
    decoder.push(Buffer.alloc(0));
    decoder.push(bytes.subarray(-1));
    assert.deepEqual(seen, [9]);
  });

  it('takes a payload of the limit and refuses one byte more, before it has come', () => {
    const longest = encode({ type: 3, flags: 0, id: 1, payload: 'y'.repeat(framePayloadBytesLimit) });
    assert.equal(decode([longest.subarray(0, 100), longest.subarray(100)])[0]?.payload.length, framePayloadBytesLimit);
    const header = Buffer.alloc(frameHeaderBytes);
    writeFrameHeader(header, 0, framePayloadBytesLimit + 1, 1, 3, 0);
    assert.throws(() => decode([header]), ProtocolError);
    assert.throws(
      () => decode([header.subarray(0, 5), header.subarray(5)]),
      /frame of 1048577 bytes is over the limit/,
    );
    // The good frame before the bad one is still delivered.
    const seen: number[] = [];
    const decoder = new FrameDecoder((type) => seen.push(type));
    assert.throws(() => decoder.push(Buffer.concat([stream, header])), ProtocolError);
    assert.deepEqual(
      seen,
      frames.map(({ type }) => type),
    );
  });

  it('decodes what was encoded, however it is cut', () => {
    const frame = fc.record(
      {
        type: fc.nat(255),
        flags: fc.nat(255),
        id: fc.nat(0xffffffff),
        payload: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 })), (list, sizes) => {
        const bytes = Buffer.concat(list.map(encode));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(decode([...chunks, bytes.subarray(at)]), list);
      }),
    );
  });

  it('gives every byte of random input to one frame at most, and stops at an impossible length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        let delivered = 0;
        let received = 0;
        const decoder = new FrameDecoder((_type, _flags, _id, payload) => {
          delivered += frameHeaderBytes + payload.length;
        });
        try {
          for (const chunk of chunks) {
            received += chunk.length;
            decoder.push(Buffer.from(chunk));
            assert.ok(delivered <= received);
          }
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('copies a long frame that comes in small pieces once, not once for each piece', () => {
    const bytes = encode({ type: 3, flags: 0, id: 1, payload: 'z'.repeat(framePayloadBytesLimit) });
    let frameCount = 0;
    const decoder = new FrameDecoder(() => {
      frameCount += 1;
    });
    const concat = Buffer.concat;
    let copies = 0;
    Buffer.concat = (...args) => {
      copies += 1;
      return concat(...args);
    };
    try {
      for (let at = 0; at < bytes.length; at += 100) decoder.push(bytes.subarray(at, at + 100));
    } finally {
      Buffer.concat = concat;
    }
    assert.equal(frameCount, 1);
    assert.ok(copies <= 2, `${copies} copies`);
  });
});

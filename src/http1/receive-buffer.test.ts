import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReceiveBuffer } from './receive-buffer.js';

function textOf(buffer: ReceiveBuffer): string {
  return buffer.bytes.toString('latin1', buffer.from, buffer.to);
}

describe('ReceiveBuffer', () => {
  it('keeps what came in one piece where it is', () => {
    const buffer = new ReceiveBuffer();
    const piece = Buffer.from('abc');
    buffer.append(piece);
    assert.equal(buffer.bytes, piece);
    buffer.consume(2);
    assert.equal(textOf(buffer), 'c');
    buffer.consume(3);
    assert.equal(buffer.length, 0);
  });

  it('puts pieces together, and changes none of them', () => {
    const buffer = new ReceiveBuffer();
    const first = Buffer.from('abcdef');
    buffer.append(first);
    buffer.consume(4);
    for (const piece of ['g', 'hi', 'j'.repeat(100)]) buffer.append(Buffer.from(piece));
    assert.equal(textOf(buffer), `efghi${'j'.repeat(100)}`);
    assert.equal(first.toString(), 'abcdef');
  });

  it('copies little of what comes byte by byte', () => {
    const buffer = new ReceiveBuffer();
    const places = new Set<Buffer>();
    for (let count = 0; count < 10_000; count++) {
      buffer.append(Buffer.from('x'));
      places.add(buffer.bytes);
    }
    assert.equal(buffer.length, 10_000);
    assert.ok(places.size < 20, `${places.size} buffers`);
  });

  it('copies what is left of what was lent when that is wanted back', () => {
    const buffer = new ReceiveBuffer();
    const lent = Buffer.from('..abcdef..');
    buffer.append(lent, 2, 8);
    buffer.consume(4);
    buffer.giveBack();
    lent.fill('x');
    assert.equal(textOf(buffer), 'cdef');
    buffer.append(Buffer.from('.gh.'), 1, 3);
    buffer.giveBack();
    assert.equal(textOf(buffer), 'cdefgh');
    buffer.consume(buffer.to);
    buffer.giveBack();
    assert.equal(buffer.length, 0);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { copyBlock, giveBlock } from './block-pool.js';

describe('the pool of blocks', () => {
  it('copies, and uses memory anew that was given back', () => {
    const source = Buffer.alloc(40_000, 'a');
    const first = copyBlock(source);
    source.fill('b');
    assert.ok(first.equals(Buffer.alloc(40_000, 'a')));
    giveBlock(first.subarray(100));
    const second = copyBlock(source);
    assert.equal(second.buffer, first.buffer);
    assert.ok(second.equals(source));
    giveBlock(second);
  });

  it('never lends memory to two, whatever is given back', () => {
    const source = Buffer.alloc(131_072);
    const first = copyBlock(source);
    giveBlock(first);
    giveBlock(first);
    giveBlock(source);
    const blocks = [copyBlock(source), copyBlock(source), copyBlock(source)];
    assert.equal(new Set(blocks.map(({ buffer }) => buffer)).size, 3);
    assert.ok(!blocks.some(({ buffer }) => buffer === source.buffer));
    for (const block of blocks) giveBlock(block);
  });

  it('wastes no large block on a small one, and has none for more', () => {
    for (const size of [0, 1, 32_767, 131_073, 200_000]) {
      const source = Buffer.alloc(size, 'x');
      const copy = copyBlock(source);
      assert.ok(copy.equals(source));
      assert.notEqual(copy.buffer.byteLength, 131_072);
      giveBlock(copy);
    }
  });

  it('keeps little that nobody wants', () => {
    const source = Buffer.alloc(40_000);
    const many = Array.from({ length: 200 }, () => copyBlock(source));
    const memory = new Set(many.map(({ buffer }) => buffer));
    for (const block of many) giveBlock(block);
    const again = Array.from({ length: 200 }, () => copyBlock(source));
    assert.equal(again.filter(({ buffer }) => memory.has(buffer)).length, 32);
    for (const block of again) giveBlock(block);
  });
});

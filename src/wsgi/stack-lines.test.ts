import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { StackLines } from './stack-lines.js';

function collect(): { stream: PassThrough; lines: string[]; ended: () => Promise<void> } {
  const stream = new PassThrough();
  const lines: string[] = [];
  const stacks = new StackLines(stream, (line) => lines.push(line));
  return { stream, lines, ended: () => new Promise((resolve) => stacks.onceEnded(resolve)) };
}

describe('StackLines', () => {
  it('puts words that come one by one together, and leaves empty lines out', async () => {
    const { stream, lines, ended } = collect();
    for (const word of ['Thread 0x', '7f00', ' (most recent', ' call first):\n', '\n', '  File "ü', '"\nrest'])
      stream.write(word);
    stream.end();
    await ended();
    assert.deepEqual(lines, ['Thread 0x7f00 (most recent call first):', '  File "ü"', 'rest']);
  });

  it('does not wait for somebody else who holds the line open', async () => {
    const { stream, lines, ended } = collect();
    stream.write('Aborted');
    await ended();
    assert.deepEqual(lines, ['Aborted']);
    assert(stream.destroyed);
  });

  it('cuts a line without end', async () => {
    const { stream, lines, ended } = collect();
    for (let count = 0; count < 100; count++) stream.write('x'.repeat(1_000));
    stream.end('\nnext\n');
    await ended();
    assert.equal(lines[0]?.length, 4_096);
    assert.equal(lines[1], 'next');
  });
});

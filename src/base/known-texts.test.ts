import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownTexts } from './known-texts.js';

interface Value {
  readonly text: string;
}

function open(limit: number): { known: KnownTexts<Value>; made: string[]; again: string[] } {
  const made: string[] = [];
  const again: string[] = [];
  const make = (text: string): Value => {
    if (text === 'bad') throw new RangeError(text);
    made.push(text);
    return { text };
  };
  return { known: new KnownTexts(limit, make, ({ text }) => again.push(text)), made, again };
}

describe('KnownTexts', () => {
  it('gives the same for the same text, and says once that it has come again', () => {
    const { again, known, made } = open(10);
    const first = known.get('a');
    assert.equal(known.get('a'), first);
    assert.equal(known.get('a'), first);
    assert.equal(known.get('b').text, 'b');
    assert.deepEqual([made, again], [['a', 'b'], ['a']]);
  });

  it('keeps no more than it may, nothing that is long, and nothing that could not be made', () => {
    const { known, made } = open(3);
    for (const text of ['a', 'a', 'a', 'a', 'b', 'c', 'd']) known.get(text);
    assert.deepEqual(made, ['a', 'b', 'c', 'd']);
    known.get('a');
    assert.deepEqual(made.slice(4), ['a']);
    const long = 'x'.repeat(2000);
    assert.notEqual(known.get(long), known.get(long));
    for (let count = 0; count < 2; count++) assert.throws(() => known.get('bad'), RangeError);
  });

  it('keeps nothing for a while where no text has come twice', () => {
    const { known, made } = open(4);
    for (let count = 0; count < 5; count++) known.get(`${count}`);
    const twice = (): number => {
      const before = made.length;
      known.get('same');
      known.get('same');
      return made.length - before;
    };
    assert.equal(twice(), 2);
    for (let count = 0; count < 200; count++) known.get(`${count}`);
    assert.equal(twice(), 1);
  });
});

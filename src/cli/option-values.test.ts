import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { bufferSize, collect, integer, interval, oneOf, scaledBytes, urlPath } from './option-values.js';

describe('values of options', () => {
  const accepted: readonly [string, unknown, unknown][] = [
    ['integer', integer(0, 10)('10'), 10],
    ['integer', integer(0)('0'), 0],
    ['buffer size', bufferSize(512)('0'), 0],
    ['buffer size', bufferSize(512)('512'), 512],
    ['bytes', scaledBytes('100m'), '100m'],
    ['interval', interval('.5'), 0.5],
    ['interval', interval('2'), 2],
    ['URL path', urlPath('/a'), '/a'],
    ['word', oneOf(['Auto', 'On'])('on'), 'On'],
    ['list', collect('b', collect('a', undefined)), ['a', 'b']],
  ];
  for (const [name, value, expected] of accepted) it(`${name}: ${expected}`, () => assert.deepEqual(value, expected));

  const refused: readonly [string, () => unknown, RegExp][] = [
    ['too small a number', () => integer(1)('0'), /at least 1/],
    ['too large a number', () => integer(0, 5)('6'), /0 to 5/],
    ['a number with a unit', () => integer(0)('5m'), /at least 0/],
    ['a negative number', () => integer(0)('-1'), /at least 0/],
    ['a small buffer', () => bufferSize(512)('511'), /0, or at least 512/],
    ['a buffer without a number', () => bufferSize(512)(''), /0, or at least 512/],
    ['another unit', () => scaledBytes('5T'), /K, M or G/],
    ['an interval of 0', () => interval('0.0'), /above 0/],
    ['a word for an interval', () => interval('.'), /above 0/],
    ['a URL path without a slash', () => urlPath('a'), /begin with \//],
    ['an unknown word', () => oneOf(['Auto', 'On'])('yes'), /Auto, On/],
  ];
  for (const [name, read, says] of refused) {
    it(`refuses ${name}`, () =>
      assert.throws(read, (error) => error instanceof InvalidArgumentError && says.test(error.message)));
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../base/errors.js';
import { joinPairs, splitPair } from './option-pairs.js';

describe('joinPairs', () => {
  it('makes one word of the two that an option takes, and leaves all else alone', () => {
    const words = [
      'serve',
      'a.wsgi',
      '--url-alias',
      '/a',
      '/b c',
      '--port',
      '80',
      '--setenv',
      'A',
      '--x',
      '--error-document',
      '404',
      '/m',
    ];
    const joined = joinPairs(words);
    assert.deepEqual(joined, [
      'serve',
      'a.wsgi',
      '--url-alias',
      '/a\0/b c',
      '--port',
      '80',
      '--setenv',
      'A\0--x',
      '--error-document',
      '404\0/m',
    ]);
    assert.deepEqual(splitPair(joined[3] ?? ''), ['/a', '/b c']);
    assert.deepEqual(joinPairs([]), []);
  });

  it('leaves an option without its two words to be refused', () => {
    assert.deepEqual(joinPairs(['--setenv', 'A']), ['--setenv', 'A']);
    assert.deepEqual(joinPairs(['--setenv']), ['--setenv']);
    assert.throws(() => splitPair('A'), UsageError);
  });

  it('keeps a value that is empty or looks like an option', () => {
    assert.deepEqual(splitPair(joinPairs(['--setenv', 'A', ''])[1] ?? ''), ['A', '']);
    assert.deepEqual(splitPair(joinPairs(['--setenv', 'A', '--setenv'])[1] ?? ''), ['A', '--setenv']);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BodyDecoder } from './body-decoder.js';
import { chunked } from './body-framing.js';

interface Decoded {
  readonly body: string;
  readonly rest: string;
  readonly isComplete: boolean;
  readonly problem: string | undefined;
}

/** In pieces of `size` bytes. */
function decode(bodyBytes: number, text: string, size = text.length || 1): Decoded {
  const bytes = Buffer.from(text, 'latin1');
  let body = '';
  const decoder = new BodyDecoder(bodyBytes, (block) => {
    body += block.toString('latin1');
  });
  let at = 0;
  while (at < bytes.length && !decoder.isComplete && decoder.problem === undefined) {
    at = decoder.decode(bytes, at, Math.min(bytes.length, at + size));
  }
  return { body, rest: text.slice(at), isComplete: decoder.isComplete, problem: decoder.problem };
}

describe('BodyDecoder', () => {
  it('ends a body of known length where it ends', () => {
    assert.deepEqual(decode(3, 'abcGET'), { body: 'abc', rest: 'GET', isComplete: true, problem: undefined });
    assert.deepEqual(decode(9, 'abc'), { body: 'abc', rest: '', isComplete: false, problem: undefined });
  });

  it('takes chunks apart, whatever the pieces are', () => {
    const text = '3;a=b;c;d="e\\";f"\r\nabc\r\n01a\r\n0123456789abcdefghijklmnop\r\n0;x\r\nX-Sum: 1\r\nY:\r\n\r\nGET';
    for (let size = 1; size <= text.length; size++) {
      const expected = { body: 'abc0123456789abcdefghijklmnop', rest: 'GET', isComplete: true, problem: undefined };
      assert.deepEqual(decode(chunked, text, size), expected, `in pieces of ${size}`);
    }
  });

  it('refuses chunks that are not what the grammar says', () => {
    for (const text of [
      'zz\r\n',
      '\r\n',
      '-1\r\n',
      '0x1\r\na\r\n',
      '1 \r\na\r\n',
      ' 1\r\na\r\n',
      '1\na\r\n',
      '1\r\nab\r\n',
      '1\r\na\n',
      '1\r\na\rb',
      '1\r\na\r\r\n',
      '1;\r\na\r\n',
      '1;a=\r\na\r\n',
      '1;a\0\r\na\r\n',
      '1;a\n0\r\n\r\n',
      '1;a="\r\na\r\n',
      '11111111111111111\r\n',
      'ffffffffffffffff\r\n',
      '0\r\n\n',
      '0\r\nX\r\n\r\n',
      '0\r\n X: y\r\n\r\n',
      '0\r\nX : y\r\n\r\n',
      '0\r\nX: \0\r\n\r\n',
      '0\r\nX: y\n\r\n',
      '0\r\n\rX',
    ]) {
      const { isComplete, problem } = decode(chunked, text);
      assert.ok(!isComplete && problem !== undefined, JSON.stringify(text));
    }
  });

  it('bounds extensions and trailers', () => {
    assert.match(decode(chunked, `1;${'a'.repeat(20_000)}`).problem ?? '', /extensions are too long/);
    const extended = '1;a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n'.repeat(1000);
    assert.match(decode(chunked, extended).problem ?? '', /extensions are too long/);
    assert.match(decode(chunked, `0\r\n${'X: y\r\n'.repeat(20_000)}`).problem ?? '', /trailer is too long/);
  });
});

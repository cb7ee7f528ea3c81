import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatResponseHead, type ResponseFacts, type ResponseHead } from './response-head.js';

function format(facts: Partial<ResponseFacts>, fields: readonly string[] = []): ResponseHead {
  const usual = {
    status: 200,
    reason: 'OK',
    mayChunk: true,
    hasBody: true,
    shouldKeepAlive: true,
    bodyBytes: undefined,
  };
  const head = formatResponseHead({ ...usual, keepAliveTimeoutMs: 5000, ...facts }, fields);
  return { ...head, text: head.text.replace(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/m, 'Date') };
}

const kept = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n';

describe('formatResponseHead', () => {
  it('puts Date, Connection and the framing behind the fields', () => {
    assert.deepEqual(format({}, ['X-A', '1', 'X-A', '2']), {
      text: `HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nDate\r\n${kept}Transfer-Encoding: chunked\r\n\r\n`,
      isChunked: true,
      isLast: false,
    });
    assert.deepEqual(format({}, ['content-length', '3']), {
      text: `HTTP/1.1 200 OK\r\ncontent-length: 3\r\nDate\r\n${kept}\r\n`,
      isChunked: false,
      isLast: false,
    });
    assert.match(format({ bodyBytes: 7 }).text, /\r\nContent-Length: 7\r\n\r\n$/);
  });

  it('ends the connection where it must, and says so', () => {
    const closed = format({ shouldKeepAlive: false }, ['Content-Length', '3']);
    assert.deepEqual([closed.isLast, /^Connection: (.*)\r$/m.exec(closed.text)?.[1]], [true, 'close']);
    const unframed = format({ mayChunk: false });
    assert.deepEqual([unframed.isLast, unframed.isChunked], [true, false]);
    assert.doesNotMatch(unframed.text, /keep-alive|chunked/);
    assert.equal(format({ mayChunk: false }, ['Content-Length', '3']).isLast, false);
  });

  it('leaves fields that the handler gives, and does what they say', () => {
    const own = format({}, ['Date', 'now', 'Connection', 'Close']);
    assert.deepEqual(
      [own.isLast, own.text],
      [true, 'HTTP/1.1 200 OK\r\nDate: now\r\nConnection: Close\r\nTransfer-Encoding: chunked\r\n\r\n'],
    );
    assert.equal(format({ shouldKeepAlive: false }, ['Connection', 'keep-alive']).isLast, true);
    assert.equal(format({}, ['Keep-Alive', 'timeout=9']).text.match(/^Keep-Alive/gm)?.length, 1);
    assert.equal(format({}, ['Transfer-Encoding', 'chunked']).isChunked, true);
  });

  it('frames nothing where there is no body', () => {
    const head = format({ status: 304, hasBody: false });
    assert.deepEqual([head.isChunked, head.isLast], [false, false]);
    assert.doesNotMatch(head.text, /chunked|length/i);
    const odd = format({ status: 204, hasBody: false }, ['Transfer-Encoding', 'chunked']);
    assert.deepEqual([odd.isChunked, odd.isLast], [false, true]);
    assert.equal(format({ hasBody: false }, ['Transfer-Encoding', 'chunked']).isChunked, false);
  });

  it('refuses what would be read as something else', () => {
    for (const value of ['a\nb', 'a\rb', 'a\r\nX: y', 'a\0', '\x7f', '\u0100']) {
      assert.throws(() => format({}, ['X-A', value]), /Invalid character in header content \["X-A"\]/);
      assert.throws(() => format({ reason: value }), /Invalid character in statusMessage/);
    }
    for (const name of ['', 'X A', 'X:', 'X\n', 'X\xe9']) {
      assert.throws(() => format({}, [name, 'a']), /Header name must be a valid HTTP token/);
    }
    assert.match(format({}, ['X', 'caf\xe9\tok']).text, /^X: caf\xe9\tok\r$/m);
  });
});

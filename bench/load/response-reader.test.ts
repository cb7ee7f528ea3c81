import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadResponse, ResponseReader } from './response-reader.js';

const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nA: b\r\n\r\n';

/** What comes out, the text given in pieces of `size` bytes. */
function readAll(text: string, size: number): ReadResponse[] {
  const reader = new ResponseReader({ keepsBody: true });
  const found: ReadResponse[] = [];
  for (let at = 0; at < text.length; at += size) {
    const response = reader.push(Buffer.from(text.slice(at, at + size), 'latin1'));
    if (response !== undefined) found.push(response);
  }
  const last = reader.end();
  return last === undefined ? found : [...found, last];
}

for (const size of [1, 2, 3, 7, 1000]) {
  test(`responses in pieces of ${size} bytes`, () => {
    assert.deepEqual(readAll(sized, size), [
      { status: 200, bodyBytes: 5, body: Buffer.from('hello'), keepAlive: true },
    ]);
    assert.deepEqual(readAll(chunked, size), [
      { status: 200, bodyBytes: 11, body: Buffer.from('hello world'), keepAlive: true },
    ]);
    assert.deepEqual(readAll('HTTP/1.1 200 OK\r\n\r\nuntil the end', size), [
      { status: 200, bodyBytes: 13, body: Buffer.from('until the end'), keepAlive: false },
    ]);
    assert.deepEqual(readAll('HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n', size), [
      { status: 204, bodyBytes: 0, body: Buffer.alloc(0), keepAlive: true },
    ]);
  });
}

test('one response after the other', () => {
  const reader = new ResponseReader({ keepsBody: false });
  for (const text of [sized, chunked, chunked, sized]) {
    assert.equal(reader.push(Buffer.from(text))?.status, 200);
  }
});

test('whether the connection stays', () => {
  const head = (version: string, line: string) => `HTTP/${version} 200 OK\r\n${line}Content-Length: 0\r\n\r\n`;
  const keepAlive = (text: string) => new ResponseReader({ keepsBody: false }).push(Buffer.from(text))?.keepAlive;
  assert.equal(keepAlive(head('1.1', '')), true);
  assert.equal(keepAlive(head('1.1', 'Connection: close\r\n')), false);
  assert.equal(keepAlive(head('1.0', '')), false);
  assert.equal(keepAlive(head('1.0', 'Connection: Keep-Alive\r\n')), true);
});

test('what is cut off, too much, or not HTTP is an error', () => {
  const reader = new ResponseReader({ keepsBody: false });
  reader.push(Buffer.from(sized.slice(0, -1)));
  assert.throws(() => reader.end(), /within a response/);
  assert.throws(() => new ResponseReader({ keepsBody: false }).push(Buffer.from(`${sized}more`)), /4 bytes after/);
  assert.throws(() => new ResponseReader({ keepsBody: false }).push(Buffer.from('SSH-2.0\r\n\r\n')), /no response/);
  assert.throws(() => readAll(chunked.replace('6;x=y', 'six'), 1000), /'six' is no size/);
});

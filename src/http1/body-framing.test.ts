import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BodyFraming, chunked, frameBody } from './body-framing.js';

function frame(fields: readonly string[], version: '1.0' | '1.1' = '1.1'): BodyFraming {
  const framing = frameBody(1, version === '1.1' ? 1 : 0, fields);
  assert.ok(typeof framing !== 'string', String(framing));
  return framing;
}

describe('frameBody', () => {
  it('knows lengths and chunks', () => {
    assert.equal(frame([]).bodyBytes, 0);
    assert.equal(frame(['Content-Length', '10']).bodyBytes, 10);
    assert.equal(frame(['content-length', '007']).bodyBytes, 7);
    assert.equal(frame(['Transfer-Encoding', 'Chunked']).bodyBytes, chunked);
    assert.equal(frame(['Transfer-Encoding', 'gzip, chunked']).bodyBytes, chunked);
    assert.equal(frame(['Transfer-Encoding', 'gzip', 'transfer-encoding', 'chunked']).bodyBytes, chunked);
  });

  it('refuses what can be read in two ways', () => {
    const refused: readonly (readonly string[])[] = [
      ['Content-Length', '3', 'Transfer-Encoding', 'chunked'],
      ['Transfer-Encoding', 'chunked', 'Content-Length', '3'],
      ['Content-Length', '3', 'Content-Length', '3'],
      ...['', '-1', '+1', '0x1', '1, 1', '1 1', '1a', '9007199254740992', '9'.repeat(30)].map((length) => [
        'Content-Length',
        length,
      ]),
      ...[
        '',
        'gzip',
        'chunked, gzip',
        'chunked, chunked',
        'xchunked',
        'chunked,',
        ',chunked',
        'identity',
        'chunked;a=b',
      ].map((coding) => ['Transfer-Encoding', coding]),
      ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'],
      ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'identity'],
    ];
    for (const fields of refused) assert.equal(typeof frameBody(1, 1, fields), 'string', fields.join(' '));
  });

  it('keeps the connection as the version and Connection say', () => {
    assert.equal(frame([]).keepAlive, true);
    assert.equal(frame([], '1.0').keepAlive, false);
    assert.equal(frame(['Connection', 'Close']).keepAlive, false);
    assert.equal(frame(['Connection', 'keep-alive, close']).keepAlive, false);
    assert.equal(frame(['Connection', 'Keep-Alive'], '1.0').keepAlive, true);
    assert.equal(frame(['Connection', 'x', 'Connection', 'keep-alive'], '1.0').keepAlive, true);
    assert.equal(frame(['Connection', 'upgrade']).keepAlive, true);
    assert.equal(frame(['Connection', 'keep-alive', 'Transfer-Encoding', 'chunked'], '1.0').keepAlive, false);
  });

  it('sees who waits for 100 Continue', () => {
    assert.equal(frame(['Expect', '100-Continue']).expectsContinue, true);
    assert.equal(frame(['Expect', 'tea']).expectsContinue, false);
    assert.equal(frame(['Expect', '100-continue'], '1.0').expectsContinue, false);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownFields } from './known-fields.js';
import { HeadProblem, parseRequestHead, type RequestHead } from './request-head.js';

const limits = { requestLineBytes: 200, headBytes: 8000 };

function parse(text: string, known?: KnownFields): RequestHead {
  // Amid other bytes, as in a buffer that is used again.
  const bytes = Buffer.from(`....${text}rest of it`, 'latin1');
  const head = parseRequestHead(bytes, 4, bytes.length, limits, known);
  assert.ok(head !== undefined && !(head instanceof HeadProblem), JSON.stringify(head));
  return head;
}

const fields = 'Host: example.org\r\nAccept: text/html\r\nCookie: a=b\r\n\r\n';

describe('KnownFields', () => {
  it('gives the list of the request before where all bytes are the same, and reads the request line anew', () => {
    const known = new KnownFields();
    const first = parse(`GET /a HTTP/1.1\r\n${fields}`, known);
    const second = parse(`POST /other HTTP/1.1\r\n${fields}`, known);
    assert.equal(second.fields, first.fields);
    assert.deepEqual([second.method, second.target], ['POST', '/other']);
    assert.deepEqual(second, { ...parse(`POST /other HTTP/1.1\r\n${fields}`), fields: first.fields });
  });

  it('is the same request as without it, whichever byte is another', () => {
    const long = `Host: x\r\nX-A: ${'a'.repeat(300)}\r\n\r\n`;
    for (const text of [fields, long]) {
      for (let at = 0; at < text.length - 4; at++) {
        if (!/[a-z]/.test(text[at] as string)) continue;
        const other = `${text.slice(0, at)}q${text.slice(at + 1)}`;
        const known = new KnownFields();
        parse(`GET / HTTP/1.1\r\n${text}`, known);
        const head = parse(`GET / HTTP/1.1\r\n${other}`, known);
        assert.deepEqual(head, parse(`GET / HTTP/1.1\r\n${other}`));
      }
    }
  });

  it('takes a header that only begins like the one before for another', () => {
    const known = new KnownFields();
    parse('GET / HTTP/1.1\r\nHost: x\r\n\r\n', known);
    assert.deepEqual(parse('GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n', known).fields, ['Host', 'x', 'A', 'b']);
    assert.deepEqual(parse('GET / HTTP/1.1\r\nHost: x\r\n\r\n', known).fields, ['Host', 'x']);
    const half = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n');
    assert.equal(parseRequestHead(half, 0, half.length, limits, known), undefined);
  });

  it('says of body and connection what the fields mean in the version at hand', () => {
    const known = new KnownFields();
    const text = 'Host: x\r\nContent-Length: 3\r\n\r\n';
    assert.equal(parse(`POST / HTTP/1.1\r\n${text}`, known).keepAlive, true);
    const old = parse(`POST / HTTP/1.0\r\n${text}`, known);
    assert.deepEqual([old.keepAlive, old.bodyBytes], [false, 3]);
    assert.equal(parse(`POST / HTTP/1.1\r\n${text}`, known).keepAlive, true);
  });

  it('keeps to the limit of the header, which the request line is part of', () => {
    const known = new KnownFields();
    const tight = { requestLineBytes: 200, headBytes: 100 };
    const head = (target: string): RequestHead | HeadProblem | undefined => {
      const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\n${fields}`);
      return parseRequestHead(bytes, 0, bytes.length, tight, known);
    };
    assert.ok(!(head('/') instanceof HeadProblem));
    assert.ok(head(`/${'a'.repeat(50)}`) instanceof HeadProblem);
  });

  it('gives up where the fields are others each time', () => {
    const known = new KnownFields();
    for (let count = 0; count < 10; count++) parse(`GET / HTTP/1.1\r\nX: ${count}\r\n\r\n`, known);
    const one = parse(`GET / HTTP/1.1\r\n${fields}`, known);
    assert.notEqual(parse(`GET / HTTP/1.1\r\n${fields}`, known).fields, one.fields);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HeadProblem, parseRequestHead, type RequestHead } from './request-head.js';

const limits = { requestLineBytes: 100, headBytes: 1000 };

function parse(text: string): RequestHead | HeadProblem | undefined {
  const bytes = Buffer.from(text, 'latin1');
  return parseRequestHead(bytes, 0, bytes.length, limits);
}

function read(text: string): RequestHead {
  const head = parse(text);
  assert.ok(head !== undefined && !(head instanceof HeadProblem), JSON.stringify(head));
  return head;
}

function statusOf(text: string): number | 'whole' | 'incomplete' {
  const head = parse(text);
  return head === undefined ? 'incomplete' : head instanceof HeadProblem ? head.status : 'whole';
}

describe('parseRequestHead', () => {
  it('gives method, target, version, and fields as they were sent', () => {
    const text = 'GET /a?b HTTP/1.1\r\nHOST: x\r\nx-a:\t b \t c \r\nX-A:\r\nX: caf\xe9\r\n\r\n';
    const head = read(`${text}rest`);
    assert.deepEqual(
      [head.method, head.target, head.versionMajor, head.versionMinor, head.end],
      ['GET', '/a?b', 1, 1, text.length],
    );
    assert.deepEqual(head.fields, ['HOST', 'x', 'x-a', 'b \t c', 'X-A', '', 'X', 'caf\xe9']);
  });

  it('begins where it is told, and forgives empty lines there', () => {
    const bytes = Buffer.from('....\r\n\r\nGET / HTTP/1.0\r\n\r\n....');
    const head = parseRequestHead(bytes, 4, bytes.length - 4, limits) as RequestHead;
    assert.deepEqual([head.target, head.versionMinor, head.end], ['/', 0, bytes.length - 4]);
  });

  it('waits for the rest wherever a good head is cut', () => {
    const text = '\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n';
    for (let length = 0; length < text.length; length++) assert.equal(statusOf(text.slice(0, length)), 'incomplete');
    assert.equal(statusOf(text), 'whole');
  });

  it('refuses lines that do not end with CR LF', () => {
    for (const text of [
      'GET / HTTP/1.1\nHost: x\n\n',
      'GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n',
      'GET / HTTP/1.1\rHost: x\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\r\n',
      '\nGET / HTTP/1.1\r\n\r\n',
    ]) {
      assert.equal(statusOf(text), 400, JSON.stringify(text));
    }
  });

  it('refuses what is no field', () => {
    for (const line of [
      'X : a',
      ' X: a',
      '\tX: a',
      'X',
      ': a',
      'X\0: a',
      'X\xe9: a',
      'X: a\r\n b',
      'X: \0',
      'X: \x7f',
    ]) {
      assert.equal(statusOf(`GET / HTTP/1.1\r\n${line}\r\n\r\n`), 400, JSON.stringify(line));
    }
  });

  it('refuses what is no request line', () => {
    for (const line of [
      '\x16\x03\x01',
      ' GET / HTTP/1.1',
      'G@T / HTTP/1.1',
      'GET  / HTTP/1.1',
      'GET /  HTTP/1.1',
      'GET\t/ HTTP/1.1',
      'GET / HTTP/1.1 ',
      'GET / http/1.1',
      'GET / HTTP/1.2',
      'GET / HTTP/1.10',
      'GET /a b HTTP/1.1',
      'GET /\xe9 HTTP/1.1',
      'GET /\0 HTTP/1.1',
      'GET a HTTP/1.1',
      'GET a: HTTP/1.1',
    ]) {
      assert.equal(statusOf(`${line}\r\n\r\n`), 400, JSON.stringify(line));
    }
  });

  it('tells unknown methods, and versions that are not spoken, apart', () => {
    assert.equal(statusOf('BREW / HTTP/1.1\r\n\r\n'), 501);
    assert.equal(statusOf('get / HTTP/1.1\r\n\r\n'), 501);
    assert.equal(statusOf('GET /\r\n'), 505);
    // For who knows which virtual host it is for.
    assert.equal(read('GET / HTTP/2.0\r\n\r\n').versionMajor, 2);
    assert.equal(read('GET / HTTP/0.9\r\n\r\n').versionMinor, 9);
  });

  it('takes all forms of targets, for others to judge', () => {
    for (const target of ['/', '*', '/a#b', 'http://a', 'http://a@b:1/c?d', '/"<>\\^`{|}']) {
      assert.equal(read(`GET ${target} HTTP/1.1\r\n\r\n`).target, target);
    }
    assert.equal(read('CONNECT a:443 HTTP/1.1\r\n\r\n').target, 'a:443');
  });

  it('refuses what is too long as soon as that is known', () => {
    const long = 'a'.repeat(200);
    assert.equal(statusOf(`GET /${long}`), 414);
    assert.equal(statusOf('a'.repeat(200)), 414);
    assert.equal(statusOf(`GET / HTTP/1.1\r\n${`X: ${long}\r\n`.repeat(5)}`), 400);
    assert.equal(statusOf(`GET / HTTP/1.1\r\n${`X: ${long}\r\n`.repeat(5)}\r\n`), 400);
    assert.equal(statusOf(`GET / HTTP/1.1\r\n${`X: ${long}\r\n`.repeat(4)}\r\n`), 'whole');
    assert.equal(statusOf('\r\n'.repeat(600)), 400);
  });

  it('names the line of what it refuses', () => {
    const found = parse('GET /x HTTP/1.1\r\nX : y\r\n\r\n');
    assert.ok(found instanceof HeadProblem);
    assert.deepEqual(
      [found.requestLine, found.reason],
      ['GET /x HTTP/1.1', 'a blank stands before the colon of a header field'],
    );
  });
});

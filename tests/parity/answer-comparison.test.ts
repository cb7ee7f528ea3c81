/** That the comparison sees what it should: a suite whose normalisers swallow everything agrees with everybody. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDifferences, normaliseAnswers } from './answer-comparison.js';
import { judgeDifferences } from './known-differences.js';
import { parseAnswer, type RawAnswer } from './raw-client.js';
import type { ParityRequest } from './scenario.js';

const request: ParityRequest = { name: 'a', status: 200 };

function answer(text: string, method = 'GET'): RawAnswer {
  const parsed = parseAnswer(Buffer.from(text, 'latin1'), method, true);
  assert(parsed !== undefined);
  return parsed.answer;
}

function differing(one: string, other: string, of: ParityRequest = request): string[] {
  const [apache, stillhouse] = [one, other].map((text) => normaliseAnswers([answer(text)], of));
  assert(apache !== undefined && stillhouse !== undefined);
  return findDifferences(apache, stillhouse).map(({ field }) => field);
}

const plain = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi';

describe('answers of two servers', () => {
  it('are the same in other chunks, other order and another second', () => {
    const other = 'HTTP/1.1 200 OK\r\nDate: x\r\nTransfer-Encoding: chunked\r\ncontent-type: text/plain\r\n\r\n';
    assert.deepEqual(differing(plain, `${other}1\r\nh\r\n1\r\ni\r\n0\r\n\r\n`), []);
    assert.deepEqual(
      differing(plain.replace('\r\n', '\r\nVary: a\r\nVary: b\r\n'), plain.replace('\r\n', '\r\nVary: a, b\r\n')),
      [],
    );
  });

  it('differ in status, reason, type, body, connection and completeness', () => {
    assert.deepEqual(differing(plain, plain.replace('200', '201')), ['status']);
    assert.deepEqual(differing(plain, plain.replace('OK', 'Fine')), ['reason']);
    assert.deepEqual(differing(plain, plain.replace('/plain', '/html')), ['header content-type']);
    assert.deepEqual(differing(plain, plain.replace('hi', 'ho')), ['body']);
    assert.deepEqual(differing(plain, plain.replace('\r\n', '\r\nConnection: close\r\n')), ['connection']);
    const cut = differing(plain, plain.slice(0, -1));
    assert(cut.includes('isComplete') && cut.includes('body'));
    assert.deepEqual(differing(plain, `HTTP/1.1 100 Continue\r\n\r\n${plain}`), ['interim']);
  });

  it('differ in Set-Cookie lines that were joined', () => {
    const lines = plain.replace('\r\n', '\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n');
    assert.deepEqual(differing(lines, plain.replace('\r\n', '\r\nSet-Cookie: a, b\r\n')), ['header set-cookie']);
  });

  it('are pages of a status whatever the page says, and application pages are not', () => {
    const page = (words: string) => `HTTP/1.1 404 ${words}\r\n\r\n<html><head>\n<title>404 ${words}</title>${words}`;
    assert.deepEqual(differing(page('Not Found'), page('Nothing')), []);
    assert.deepEqual(differing(page('Not Found'), 'HTTP/1.1 404 Not Found\r\n\r\nmine'), ['body', 'reason']);
  });

  it('are compared key by key where the body is the environ', () => {
    const shown = (environ: object) => `HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(environ)}`;
    const asked = { ...request, environ: ['A*', 'B'] };
    assert.deepEqual(differing(shown({ A1: '1', B: '2', C: '3' }), shown({ A1: '9', C: '4' }), asked), [
      'environ A1',
      'environ B',
    ]);
  });

  it('have no field for what did not come', () => {
    assert.deepEqual([...normaliseAnswers([], request)], [['status', 'closed without an answer']]);
  });
});

describe('known differences', () => {
  const [scenario, name] = ['responses of applications', 'status without reason'];
  const known = { field: 'status', apache: '500', stillhouse: '200' };

  it('excuse the case that they name, with all that follows from its status', () => {
    const body = { field: 'body', apache: 'a', stillhouse: 'b' };
    assert.deepEqual(judgeDifferences(scenario, name, [known, body]), { unknown: [], gone: [] });
    assert.deepEqual(judgeDifferences(scenario, 'hello', [body]).unknown, [body]);
  });

  it('excuse no other value, and are missed when they are gone', () => {
    const other = { ...known, stillhouse: '204' };
    assert.deepEqual(judgeDifferences(scenario, name, [other]).unknown, [other]);
    assert.deepEqual(judgeDifferences(scenario, name, []).gone, ['status']);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadResponse } from './load/response-reader.js';
import { checkResponse } from './verify.js';

const answer = (text: string, status = 200): ReadResponse => {
  const body = Buffer.from(text);
  return { status, body, bodyBytes: body.length, keepAlive: true };
};

test('status, length and text must be right', () => {
  const request = { path: '/', expect: { bytes: 5, equal: 'hello' } };
  assert.equal(checkResponse(request, answer('hello')), undefined);
  assert.match(checkResponse(request, answer('hello', 500)) ?? '', /^status 500: hello/);
  assert.match(checkResponse(request, answer('hell')) ?? '', /^4 bytes instead of 5/);
  assert.equal(checkResponse(request, answer('hallo')), "'hallo' instead of 'hello'");
});

test('JSON may have blanks', () => {
  const request = { path: '/', expect: { contains: '"page":3' } };
  assert.equal(checkResponse(request, answer('{"page":3}')), undefined);
  assert.equal(checkResponse(request, answer('{\n  "page": 3\n}')), undefined);
  assert.match(checkResponse(request, answer('{"page":4}')) ?? '', /does not contain/);
});

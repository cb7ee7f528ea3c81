import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { IncomingRequest } from '../http1/incoming-request.js';
import { resolveText } from '../wsgi/resolve-text.test.fixture.js';
import { headersDirectives, headersSettings } from './headers-directives.js';
import type { RequestContext } from './request-context.js';
import { changeRequestHeader, forgetBody } from './request-headers.js';

function open(...fields: string[]): IncomingRequest {
  const line = { method: 'GET', target: '/', versionMajor: 1, versionMinor: 1 };
  const head = { ...line, fields, end: 0, bodyBytes: 0, keepAlive: true, expectsContinue: false };
  return new IncomingRequest(head, new Socket(), () => {});
}

function change(incoming: IncomingRequest, text: string): void {
  const rules = resolveText(text, headersDirectives).settings.get(headersSettings.request, []);
  const context = { incoming, environment: undefined, connection: { secure: undefined } };
  changeRequestHeader(context as unknown as RequestContext, rules);
}

describe('changeRequestHeader', () => {
  it('changes both forms of the header; fields of one name are one value', () => {
    const incoming = open('Host', 'a', 'X-A', '1', 'Cookie', 'a=1', 'x-a', '2');
    change(incoming, 'RequestHeader edit X-A 2 3\nRequestHeader unset Cookie\nRequestHeader add X-B b');
    assert.deepEqual(incoming.rawHeaders, ['Host', 'a', 'X-A', '1, 3', 'X-B', 'b']);
    assert.deepEqual({ ...incoming.headers }, { host: 'a', 'x-a': '1, 3', 'x-b': 'b' });
  });

  it('joins what was added', () => {
    const incoming = open('Cookie', 'a=1', 'Referer', 'one');
    change(incoming, 'RequestHeader add Cookie b=2\nRequestHeader add Referer two\nRequestHeader add Set-Cookie c');
    assert.deepEqual({ ...incoming.headers }, { cookie: 'a=1; b=2', referer: 'one', 'set-cookie': ['c'] });
  });
});

describe('forgetBody', () => {
  it('takes away what tells of a body', () => {
    const incoming = open('Host', 'a', 'Content-Length', '5', 'transfer-encoding', 'chunked', 'Content-Type', 'b');
    forgetBody(incoming);
    assert.deepEqual(incoming.rawHeaders, ['Host', 'a', 'Content-Type', 'b']);
    assert.equal(incoming.headers['content-length'], undefined);
  });
});

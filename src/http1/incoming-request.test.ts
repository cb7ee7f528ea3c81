import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { IncomingRequest } from './incoming-request.js';

function open(onTaken = (): void => {}): { request: IncomingRequest; seen: string[] } {
  const line = { method: 'POST', target: '/', versionMajor: 1, versionMinor: 1 };
  const fields = ['Cookie', 'a', 'X', '1', 'COOKIE', 'b', 'x', '2', 'Host', 'h', 'host', 'i'];
  const head = { ...line, fields, end: 0, bodyBytes: 0, keepAlive: true, expectsContinue: false };
  const request = new IncomingRequest(head, {} as Socket, onTaken);
  const seen: string[] = [];
  request.on('data', (block) => seen.push(block.toString()));
  request.on('end', () => seen.push('end'));
  return { request, seen };
}

describe('IncomingRequest', () => {
  it('finds fields by name, joined as HTTP has them', () => {
    const { request } = open();
    assert.deepEqual([request.header('cookie'), request.header('x'), request.header('host')], ['a; b', '1, 2', 'h']);
    assert.deepEqual(request.headers, { cookie: 'a; b', x: '1, 2', host: 'h' });
    assert.equal(request.header('constructor'), undefined);
    request.headers = { x: 'changed' };
    assert.deepEqual([request.header('x'), request.header('host')], ['changed', undefined]);
  });

  it('keeps the body until it may flow', () => {
    const { request, seen } = open();
    request.push(Buffer.from('a'));
    request.push(Buffer.from('b'));
    request.finish();
    assert.deepEqual(seen, []);
    request.resume();
    assert.deepEqual(seen, ['a', 'b', 'end']);
    request.resume();
    assert.equal(seen.length, 3);
  });

  it('stops where its reader pauses it, also in the midst of what was kept', () => {
    const { request, seen } = open();
    request.on('data', (block) => {
      seen.push(block.toString());
      if (block.toString() === 'b') request.pause();
    });
    request.resume();
    for (const text of ['a', 'b', 'c']) request.push(Buffer.from(text));
    request.finish();
    assert.deepEqual(seen, ['a', 'b']);
    request.resume();
    assert.deepEqual(seen, ['a', 'b', 'c', 'end']);
  });

  it('is full with what nobody takes, and says when that changes', () => {
    let taken = 0;
    const { request } = open(() => {
      taken += 1;
    });
    request.push(Buffer.alloc(60_000));
    assert.equal(request.isFull, false);
    request.push(Buffer.alloc(10_000));
    assert.deepEqual([request.isFull, taken], [true, 0]);
    request.resume();
    assert.deepEqual([request.isFull, taken], [false, 1]);
  });

  it('throws the rest away when nobody reads it', () => {
    const { request, seen } = open();
    request.push(Buffer.alloc(100_000));
    request.dump();
    request.push(Buffer.from('more'));
    request.finish();
    request.resume();
    assert.deepEqual([seen, request.isFull, request.complete], [[], false, true]);
  });
});

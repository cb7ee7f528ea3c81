import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applicationHeadOf, findField, parseApplicationHead } from './application-head.js';

describe('the head of an application', () => {
  it('has its status and fields, without those of server and connection', () => {
    const head = parseApplicationHead('200 All right\nX-A\n1\nServer\nme\nCONNECTION\nclose\nX-A\n2');
    assert.deepEqual(head, {
      status: 200,
      statusText: '200',
      reason: 'All right',
      fields: ['X-A', '1', 'X-A', '2'],
      location: '',
    });
  });

  it('has the last of the fields that there can be one of', () => {
    const { fields, location } = parseApplicationHead('302 Found\nLocation\n/a\nContent-Type\nx\nlocation\n/b\nX\n');
    assert.deepEqual([fields, location], [['Content-Type', 'x', 'location', '/b', 'X', ''], '/b']);
    assert.equal(findField(fields, 'content-type'), 'x');
  });

  it('has no status where there is none', () => {
    for (const text of ['', 'OK\nA\nb']) assert.ok(!(parseApplicationHead(text).status >= 100));
  });

  it('is the same object for the same text', () => {
    const text = '200 OK\nX-Test\nsame';
    assert.equal(applicationHeadOf(text), applicationHeadOf(text));
    assert.notEqual(applicationHeadOf(text), applicationHeadOf(`${text}!`));
  });
});

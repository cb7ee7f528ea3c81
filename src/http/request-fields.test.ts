import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findField, joinFields } from './request-fields.js';

const fields = [
  'Cookie',
  'a',
  'X',
  '1',
  'COOKIE',
  'b',
  'x',
  '2',
  'Host',
  'h',
  'host',
  'i',
  'Set-Cookie',
  'c',
  'toString',
  's',
];

describe('fields of a request by name', () => {
  it('joins several of one name as it is done for that name', () => {
    const joined = { cookie: 'a; b', x: '1, 2', host: 'h', 'set-cookie': ['c'], tostring: 's' };
    assert.deepEqual(joinFields(fields), joined);
  });

  it('finds one without the others', () => {
    for (const [name, value] of Object.entries(joinFields(fields))) {
      if (typeof value === 'string') assert.equal(findField(fields, name), value);
    }
    assert.equal(findField(fields, 'none'), undefined);
  });
});

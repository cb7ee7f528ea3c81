import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideCredentialsOf } from './credential-hiding.js';

const request = (header: string): Buffer => Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`);

test('the field, what is in it, and its escaped forms are hidden wherever they were copied', () => {
  const pair = 'alice:open sesame';
  const token = Buffer.from(pair).toString('base64');
  const steps = [`holds for 'Basic ${token}'`, `to '/x/${encodeURIComponent(token)}'`, `saw ${pair}`, 'open sesame'];
  assert.deepEqual(hideCredentialsOf(request(`Authorization: Basic ${token}`), { steps }), {
    steps: ["holds for '(not shown)'", "to '/x/(not shown)'", 'saw (not shown)', '(not shown)'],
  });
});

test('a short secret is no part of other words, and the configuration stays as it is', () => {
  const found = { path: '/tmp/t', text: "sets A: 't'", settings: ['t'] };
  assert.deepEqual(hideCredentialsOf(request('authorization: t'), found), {
    path: '/tmp/t',
    text: "sets A: '(not shown)'",
    settings: ['t'],
  });
});

test('without credentials nothing changes', () => {
  const found = { text: 'Basic' };
  assert.equal(hideCredentialsOf(request('Accept: */*'), found), found);
});

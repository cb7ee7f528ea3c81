/** A request that can't be interrupted is given up: its client gets 504, and a successor takes the process's place. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test('a system call that does not return', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stuck.wsgi', 'threads=2 request-timeout=1 interrupt-timeout=2'),
    files: { 'stuck.wsgi': application('get-stuck') },
    allowErrors: [/Request interrupted by RequestTimeout/],
  });
  const before = (await server.request('/')).text;
  const answer = await server.request('/?how=pipe');
  assert.equal(answer.status, 504);
  assert.equal((await server.request('/')).text, before, 'the other thread serves meanwhile');
  await server.waitForLog(/Injected RequestTimeout into thread \d of daemon process 'site'\./);
  await server.waitForLog(/Daemon process request time limit exceeded, stopping daemon process 'site'\./);
  const untilMs = performance.now() + 20_000;
  let now = before;
  while (now === before && performance.now() < untilMs) {
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    now = text;
  }
  assert.notEqual(now, before, 'another process has taken its place');
});

/** request-timeout without interrupt-timeout: the client gets 504, and a successor takes the process's place. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test('a request that runs too long', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stuck.wsgi', 'threads=2 request-timeout=1'),
    files: { 'stuck.wsgi': application('get-stuck') },
  });
  const before = (await server.request('/')).text;
  const answer = await server.request('/?how=sleep');
  assert.equal(answer.status, 504);
  // 1 s x (1 + ln 2)
  assert(answer.durationMs >= 1_690);
  await server.waitForLog(/Daemon process request time limit exceeded, stopping daemon process 'site'\./);
  assert.match(server.errorLog(), /executing file ".*stuck\.wsgi", line \d+, in sleep_long/);
  const untilMs = performance.now() + 20_000;
  let now = before;
  while (now === before && performance.now() < untilMs) {
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    now = text;
  }
  assert.notEqual(now, before, 'another process has taken its place');
});

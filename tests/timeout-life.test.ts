/** What ends the life of a daemon process: maximum-requests, restart-interval, inactivity-timeout, memory-recycle. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const start = (options: string): Promise<TestServer> =>
  TestServer.start({
    config: siteConfig('site.wsgi', options),
    files: { 'site.wsgi': application('get-stuck') },
  });

/** Sends requests, each of which must succeed, until another process answers. Resolves with how many it took. */
async function requestUntilReplaced(server: TestServer, before: string): Promise<number> {
  const untilMs = performance.now() + 20_000;
  for (let count = 1; performance.now() < untilMs; count++) {
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    if (text !== before) return count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('the process was not replaced');
}

test('maximum-requests', async () => {
  await using server = await start('threads=3 maximum-requests=20');
  const before = (await server.request('/')).text;
  for (let count = 2; count < 20; count++) assert.equal((await server.request('/')).text, before);
  assert.doesNotMatch(server.errorLog(), /Maximum requests reached/);
  await server.request('/');
  // At once, not at the monitor's next look.
  await server.waitForLog(/Maximum requests reached; triggering immediate shutdown of daemon process 'site'\./);
  await requestUntilReplaced(server, before);
});

test('restart-interval', async () => {
  await using server = await start('threads=1 restart-interval=2');
  const before = (await server.request('/')).text;
  await requestUntilReplaced(server, before);
  assert.match(server.errorLog(), /Application restart timer expired, stopping process 'site'\./);
});

test('jitter puts off both by a random amount', async () => {
  await using server = await start(
    'threads=1 maximum-requests=5 maximum-requests-jitter=1000000 restart-interval=1 restart-jitter=1000000',
  );
  const before = (await server.request('/')).text;
  for (let count = 1; count < 20; count++) assert.equal((await server.request('/')).text, before);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.equal((await server.request('/')).text, before);
  assert.doesNotMatch(server.errorLog(), /Maximum requests reached|restart timer expired/);
});

const growing = `import os
kept = []
def application(environ, start_response):
    kept.append(bytearray(8_000_000))
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [str(os.getpid()).encode()]
`;

test('memory-recycle', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1 memory-recycle=100M'),
    files: { 'site.wsgi': growing },
  });
  const before = (await server.request('/')).text;
  const count = await requestUntilReplaced(server, before);
  assert(count >= 5, `replaced after ${count} requests`);
  assert.match(
    server.errorLog(),
    /resident size \d{3} MiB has reached memory-recycle=100 MiB; replacing daemon process/,
  );
});

test('memory-recycle below what a process has from the start', async () => {
  await using server = await start('threads=1 memory-recycle=1000000');
  await server.waitForLog(
    /memory-recycle=0 MiB has no effect on daemon process 'site': it has \d+ MiB before its first/,
  );
  const before = (await server.request('/')).text;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.equal((await server.request('/')).text, before);
});

test('inactivity-timeout', async () => {
  await using server = await start('threads=2 inactivity-timeout=2');
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  assert.doesNotMatch(server.errorLog(), /inactivity timer expired/, 'unarmed before the first request');
  const before = (await server.request('/')).text;
  const requestedMs = performance.now();
  await server.waitForLog(/Daemon process idle inactivity timer expired, stopping process 'site'\./);
  assert(performance.now() - requestedMs > 1_800);
  await requestUntilReplaced(server, before);
});

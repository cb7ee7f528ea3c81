/** queue-timeout: a request that no thread has begun is answered 504, and the log says what it waited for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { waitFor } from './support/processes.js';
import { application, type TestResponse, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

function start(lines: string): Promise<TestServer> {
  return TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'threads=1 queue-timeout=2', `${lines}\n${notesConfig(paths)}`)(paths),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors: [/Queue timeout expired/],
  });
}

test('the answer comes after two to three seconds', async () => {
  await using server = await start('StartServers 1');
  const slow = server.request('/slow?seconds=5');
  await waitForRequestStart(server, 'seconds=5');
  const [late, other] = await Promise.all([server.request('/late?name=value'), server.request('/other')]);
  for (const { status, durationMs } of [late, other]) {
    assert.equal(status, 504);
    // Looked for once a second; the rest is what a busy machine may add.
    assert(durationMs >= 2_000 && durationMs < 4_000, `${durationMs} ms`);
  }
  const [line] = await server.waitForLog(/.*Queue timeout expired.* GET \/late.*/);
  assert.match(line, /\[wsgi:error\] \[pid \d+:tid \d+\] \[client 127\.0\.0\.1:\d+\] /);
  assert.match(
    line,
    /Queue timeout expired for WSGI daemon process 'site'\. GET \/late\?name=value \(request [\w-]+\) waited for [23]\.\d s, 1 other waits; longest running: GET \/slow\?seconds=5 \(pid \d+, \d\.\d s\)$/,
  );
  assert.equal((await slow).status, 200);
  assert.equal((await server.request('/after')).status, 200);
  assert(!startedRequests(server).includes('name=value'), 'it never ran');
});

test('also where a request waits in the process, since another http child has its thread', async () => {
  await using server = await start('StartServers 2');
  const slow = server.request('/slow?seconds=6');
  await waitForRequestStart(server, 'seconds=6');
  // The kernel chooses the http child of each: some go to the one whose first request the process holds. One after the
  // other, since an http child accepts all connections that are there.
  const requests: Promise<TestResponse>[] = [];
  for (let index = 0; index < 40; index++) {
    requests.push(server.request(`/${index}`));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  const answers = await Promise.all(requests);
  assert.deepEqual(
    answers.filter(({ status }) => status !== 504).map(({ status, durationMs }) => `${status} after ${durationMs} ms`),
    [],
  );
  const slowest = Math.max(...answers.map(({ durationMs }) => durationMs));
  assert(slowest < 4_000, `${slowest} ms`);
  // Both http children had some.
  const pids = (): readonly (string | undefined)[] =>
    [...server.errorLog().matchAll(/\[pid (\d+):.*Queue timeout/g)].map((match) => match[1]);
  await waitFor('lines of both http children', () => new Set(pids()).size === 2);
  assert.equal((await slow).status, 200);
  assert.deepEqual(startedRequests(server), ['seconds=6']);
});

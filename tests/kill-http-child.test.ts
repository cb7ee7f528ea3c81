/** kill -9 of the http child: the port stays open, another child takes over, the daemon processes don't notice. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForRequestStart } from './support/notes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

test('a new http child answers, with the same daemon processes', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors: [/http child \(pid=\d+\) has died: terminated by signal SIGKILL; starting another/],
  });
  const daemons = server.daemonPids('site');
  const children = server.httpChildPids;
  const running = server.request('/?seconds=1');
  await waitForRequestStart(server, 'seconds=1');
  for (const pid of children) process.kill(pid, 'SIGKILL');
  await assert.rejects(running, 'the connection went with the process');

  // Not refused while nobody accepts: the parent holds the socket.
  const answer = await server.request('/');
  assert.equal(answer.status, 200);
  assert(answer.durationMs < 2_000, `${answer.durationMs} ms`);
  assert.deepEqual(server.daemonPids('site'), daemons);
  assert.equal(server.httpChildPids.length, children.length);
  assert(server.httpChildPids.every((pid) => !children.includes(pid)));

  // The thread whose client vanished is free again: all four at once.
  const startedMs = performance.now();
  const answers = await Promise.all(Array.from({ length: 4 }, () => server.request('/?seconds=1')));
  assert(answers.every(({ status }) => status === 200));
  assert(performance.now() - startedMs < 2_500);
});

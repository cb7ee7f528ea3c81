/** kill -9 of a daemon process costs the requests that ran in it, and no other. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { isAlive } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

const replacementMsLimit = 2_000;
const waitingRequests = 40;
const expectedErrors = [
  /Process 'site' \(pid=\d+\) has died; deregistering and restarting it: terminated by signal SIGKILL/,
  /daemon process 'site' \(pid=\d+\) ended while it ran 1 requests/,
  /closed connection before sending complete response headers/,
];

test('requests that wait behind a slow one survive its process', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      `Alias /file ${paths.folder}/file.txt\n${siteConfig('sleep.wsgi', 'threads=1', notesConfig(paths))(paths)}`,
    files: { 'sleep.wsgi': application('sleep'), 'file.txt': 'a file\n' },
    allowErrors: expectedErrors,
  });
  const [killed] = server.daemonPids('site');
  assert(killed !== undefined);
  const slow = server.request('/?seconds=20');
  await waitForRequestStart(server, 'seconds=20');
  const waiting = Array.from({ length: waitingRequests }, (_, index) =>
    // Bodies must be kept until another process takes them.
    server.request(`/?id=${index}`, index % 2 === 0 ? {} : { method: 'POST', body: Buffer.alloc(100_000 + index) }),
  );
  // They are all in the server once it has answered a later one, for which it needs no process.
  assert.equal((await server.request('/file')).text, 'a file\n');

  const killedMs = performance.now();
  process.kill(killed, 'SIGKILL');
  const first = await Promise.race(waiting);
  assert.equal(first.status, 200);
  const downMs = performance.now() - killedMs;
  assert(downMs < replacementMsLimit, `a new process answered only after ${downMs} ms`);

  assert.equal((await slow).status, 502, 'the request that ran is lost');
  const answers = await Promise.all(waiting);
  const [replacement] = server.daemonPids('site');
  assert.notEqual(replacement, killed);
  answers.forEach(({ status, text }, index) => {
    assert.equal(status, 200);
    assert.equal(text, `${replacement} ${index % 2 === 0 ? 0 : 100_000 + index}\n`);
  });
  const expected = ['seconds=20', ...answers.map((_, index) => `id=${index}`)];
  assert.deepEqual([...startedRequests(server)].sort(), expected.sort(), 'each has run exactly once');
});

test('other processes of the group go on at once', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=1', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors: expectedErrors,
  });
  const slow = server.request('/?seconds=20');
  await waitForRequestStart(server, 'seconds=20');
  const other = Number((await server.request('/?id=1')).text.split(' ')[0]);
  const killed = server.daemonPids('site').find((pid) => pid !== other);
  assert(killed !== undefined);
  process.kill(killed, 'SIGKILL');
  const answer = await server.request('/?id=2');
  assert.equal(answer.status, 200);
  assert(answer.durationMs < 500, `${answer.durationMs} ms`);
  assert.equal((await slow).status, 502);
  await server.waitForLog(/Starting daemon process 'site'(?:[\s\S]*Starting daemon process 'site'){2}/);
  assert.equal(server.daemonPids('site').length, 2);
  assert(isAlive(other));
});

test('a request that lies unstarted in the process moves on to another', async () => {
  await using server = await TestServer.start({
    config: (paths) => `
      StartServers 2
      Alias /file ${paths.folder}/file.txt
      ${siteConfig('sleep.wsgi', 'threads=1', notesConfig(paths))(paths)}`,
    files: { 'sleep.wsgi': application('sleep'), 'file.txt': 'a file\n' },
    allowErrors: expectedErrors,
  });
  const [killed] = server.daemonPids('site');
  const [one, other] = server.httpChildPids;
  assert(killed !== undefined && one !== undefined && other !== undefined);
  // Each http child gives a process as many requests as it has threads: the second child's has to wait in there.
  process.kill(other, 'SIGSTOP');
  const slow = server.request('/?seconds=20');
  await waitForRequestStart(server, 'seconds=20');
  process.kill(other, 'SIGCONT');
  process.kill(one, 'SIGSTOP');
  const bodyBytes = 100_000;
  const waiting = [1, 2].map((id) => server.request(`/?id=${id}`, { method: 'POST', body: Buffer.alloc(bodyBytes) }));
  assert.equal((await server.request('/file')).text, 'a file\n');
  process.kill(one, 'SIGCONT');
  process.kill(killed, 'SIGKILL');
  for (const { status, text } of await Promise.all(waiting)) {
    assert.equal(status, 200);
    assert.match(text, new RegExp(` ${bodyBytes}\n$`));
  }
  assert.equal((await slow).status, 502);
  await server.waitForLog(/\[wsgi:info\] .*: 1 requests had not started, moved on/);
  assert.deepEqual([...startedRequests(server)].sort(), ['id=1', 'id=2', 'seconds=20']);
});

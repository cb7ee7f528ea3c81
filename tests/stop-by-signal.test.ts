/** SIGTERM and Ctrl-C: everything is gone within five seconds, whatever runs. TestServer checks what is left behind. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitForRequestStart } from './support/notes.js';
import { isAlive } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

const stopMsLimit = 5_000;

function startServer(allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors,
  });
}

async function stopAndCheck(server: TestServer, signal: NodeJS.Signals): Promise<void> {
  const pids = server.allPids();
  assert.equal(pids.length, 1 + 2 + server.httpChildPids.length);
  const run = join(server.paths.folder, 'run', `server-${server.pid}`);
  assert.equal(readdirSync(run).filter((name) => /^daemon-\d+\.sock$/.test(name)).length, 2);
  const { exitStatus, signal: endedBy, durationMs } = await server.stop(signal);
  assert.deepEqual({ exitStatus, endedBy }, { exitStatus: 0, endedBy: null });
  assert(durationMs < stopMsLimit, `${durationMs} ms`);
  assert.deepEqual(pids.filter(isAlive), []);
  assert(!existsSync(run));
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to an idle server`, async () => {
    await using server = await startServer();
    assert.equal((await server.request('/')).status, 200);
    await stopAndCheck(server, signal);
    assert.match(server.errorLog(), new RegExp(`\\[core:notice\\].* caught ${signal}, shutting down`));
  });
}

test('a short request is finished first', async () => {
  await using server = await startServer();
  const running = server.request('/?seconds=1');
  await waitForRequestStart(server, 'seconds=1');
  await stopAndCheck(server, 'SIGTERM');
  const { status, complete } = await running;
  assert.deepEqual({ status, complete }, { status: 200, complete: true });
});

test('a long request does not hold the server up', async () => {
  await using server = await startServer([
    /sending SIGKILL/,
    /ended while it ran 1 requests/,
    /closed connection before/,
  ]);
  const running = server.request('/?seconds=60').then(
    ({ status }) => status,
    () => 'no answer',
  );
  await waitForRequestStart(server, 'seconds=60');
  await stopAndCheck(server, 'SIGINT');
  assert((await running) !== 200);
});

test('an open connection does not hold the server up', async () => {
  await using server = await startServer();
  const socket = connect(server.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Half-A');
  await new Promise((resolve) => socket.on('connect', resolve));
  await stopAndCheck(server, 'SIGTERM');
  await closed;
});

test('a server that is still starting', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      siteConfig(
        'slow.wsgi',
        'processes=2',
        `WSGIImportScript ${paths.folder}/slow.wsgi process-group=site application-group=%{GLOBAL}`,
      )(paths),
    files: { 'slow.wsgi': `import time\ntime.sleep(60)\n${application('hello')}` },
    expectStart: 'later',
    allowErrors: [/process 'site' \(pid=\d+\) did not stop in time; sending SIGKILL/],
  });
  await server.waitForLog(/Loading WSGI script '.*slow\.wsgi'/);
  const { exitStatus, durationMs } = await server.stop('SIGTERM');
  assert.equal(exitStatus, 0);
  assert(durationMs < stopMsLimit, `${durationMs} ms`);
  assert.doesNotMatch(server.output(), /listening on/);
});

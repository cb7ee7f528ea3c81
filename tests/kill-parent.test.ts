/** SIGKILL of the parent leaves no orphan; the sockets that it could not remove go with the next start. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitForRequestStart } from './support/notes.js';
import { isAlive, waitGone } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

const goneMsLimit = 5_000;

for (const what of ['idle', 'with a sleeping request'] as const) {
  test(`a server ${what} whose parent is killed`, async () => {
    await using server = await TestServer.start({
      config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=2', notesConfig(paths))(paths),
      files: { 'sleep.wsgi': application('sleep') },
      // The reaper leaves the Python stacks of what it ended.
      allowErrors: [
        /parent process has gone/,
        /^(?:Timeout|Thread 0x|Current thread 0x| {2}File )/,
        /^$/,
        /ended while it ran/,
        /closed connection before/,
      ],
    });
    if (what !== 'idle') {
      server.request('/?seconds=60').catch(() => {});
      await waitForRequestStart(server, 'seconds=60');
    }
    const pids = server.allPids();
    assert.equal(pids.length, 3 + server.httpChildPids.length);
    const startedMs = performance.now();
    await server.stop('SIGKILL');
    await waitGone(pids, goneMsLimit);
    assert(performance.now() - startedMs < goneMsLimit);
    assert.deepEqual(pids.filter(isAlive), []);
  });
}

test('the next server removes what a killed one left', async () => {
  await using server = await TestServer.start({
    config: siteConfig('sleep.wsgi'),
    files: { 'sleep.wsgi': application('sleep') },
  });
  const left = join(server.paths.folder, 'run', 'server-4194305'); // above pid_max: no process has it
  mkdirSync(left);
  await using _next = await TestServer.start({
    config: ({ folder }) =>
      `DefaultRuntimeDir ${server.paths.folder}/run\n${siteConfig('sleep.wsgi')({ ...server.paths, folder })}`,
    files: { 'sleep.wsgi': application('sleep') },
  });
  assert(!existsSync(left));
  assert.equal((await server.request('/')).status, 200, 'that of a living server stays');
});

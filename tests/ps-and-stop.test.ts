/** `stillhouse ps` and `stop` find a running server by its control socket. */

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

function configOf(server: TestServer): string {
  return join(server.paths.folder, 'httpd.conf');
}

test('ps names every thread and what it is doing', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
  });
  const slow = server.request('/?seconds=2');
  await waitForRequestStart(server, 'seconds=2');
  const shown = await runStillhouse(['ps', '-f', configOf(server)]);
  assert.equal(shown.exitStatus, 0);
  const lines = shown.stdout.split('\n');
  for (const pid of [...server.httpChildPids, ...server.daemonPids('site')]) {
    assert(
      lines.some((line) => line.includes(`pid ${pid}`)),
      `pid ${pid} in:\n${shown.stdout}`,
    );
  }
  for (const name of ['wsgi-main', 'wsgi-monitor', 'wsgi-deadlock', 'wsgi-request-1', 'wsgi-request-2']) {
    assert.equal(lines.filter((line) => line.includes(name)).length, 2, name);
  }
  assert.equal(lines.filter((line) => /runs GET \/\?seconds=2 for \d+\.\d s/.test(line)).length, 1);
  assert.equal(lines.filter((line) => /wsgi-request-\d.* idle, 0 requests served/.test(line)).length, 3);

  const json = await runStillhouse(['ps', '--json', '-f', configOf(server)]);
  const [tree] = JSON.parse(json.stdout) as { groups: { processes: { threads: unknown[] }[] }[] }[];
  assert.deepEqual(
    tree?.groups.map(({ processes }) => processes.map(({ threads }) => threads.length)),
    [[5, 5]],
  );
  assert.equal((await slow).status, 200);
  assert.deepEqual(startedRequests(server), ['seconds=2']);
});

test('stop ends the server and returns when it is gone', async () => {
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
  });
  const { stdout } = await runStillhouse(['ps', '--json', '-f', configOf(server)]);
  const [tree] = JSON.parse(stdout) as { groups: { processes: { pid: number }[] }[] }[];
  assert.equal(tree?.groups.length, 1);
  assert.equal((await runStillhouse(['stop', '-f', configOf(server), '--pid', String(server.pid)])).exitStatus, 0);
  await server.waitForLog(/caught the stop command, shutting down/);
  const again = await runStillhouse(['ps', '-f', configOf(server)]);
  assert.deepEqual([again.exitStatus, again.stderr], [1, 'stillhouse: no running server found\n']);
});

test('the control socket is closed to others', async () => {
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
  });
  const found = statSync(join(server.paths.folder, 'run', `server-${server.pid}`, 'control.sock'));
  assert.equal(found.mode & 0o777, 0o600);
  assert.equal(found.uid, process.getuid?.());
});

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

/** What `ps --json` promises in docs/commands.md, as far as these tests look at it. */
interface Shown {
  readonly pid: number;
  readonly generation: number;
  readonly parent: { readonly user: string; readonly residentBytes: number; readonly cpuPercent: number };
  readonly httpChildren: readonly { readonly pid: number; readonly state: string; readonly ageSeconds: number }[];
  readonly groups: readonly {
    readonly requestThreads: { readonly total: number; readonly busy: number };
    readonly processes: readonly {
      readonly pid: number;
      readonly state: string;
      readonly requestsServed: number;
      readonly residentBytes: number;
      readonly threads: readonly {
        readonly role: string;
        readonly request?: { readonly method: string; readonly url: string; readonly seconds: number };
      }[];
    }[];
  }[];
}

test('ps names every thread and what it is doing', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'processes=2 threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
  });
  for (let count = 0; count < 3; count++) assert.equal((await server.request('/')).status, 200);
  const slow = server.request('/?seconds=4');
  await waitForRequestStart(server, 'seconds=4');
  const env = { LC_ALL: 'C.UTF-8' };
  const shown = await runStillhouse(['ps', '-f', configOf(server)], { env });
  const json = await runStillhouse(['ps', '--json', '-f', configOf(server)]);
  const ascii = await runStillhouse(['ps', '-f', configOf(server)], { env: { LC_ALL: 'C' } });

  assert.deepEqual([shown.exitStatus, shown.stderr], [0, '']);
  const lines = shown.stdout.split('\n');
  const pids = {
    parent: [server.pid],
    'http child': server.httpChildPids,
    'daemon process': server.daemonPids('site'),
  };
  for (const [name, ofKind] of Object.entries(pids)) {
    for (const pid of ofKind) {
      assert.ok(
        lines.some((line) => new RegExp(`${name} +${pid} .* MiB +\\d+\\.\\d % +serving$`).test(line)),
        name,
      );
    }
  }
  for (const role of ['main', 'monitor', 'deadlock', 'request 1', 'request 2']) {
    assert.equal(lines.filter((line) => new RegExp(`─ ${role} +\\d+`).test(line)).length, 2, role);
  }
  const explained = lines.filter((line) => line.endsWith('5 threads: 2 request threads + main, monitor, deadlock'));
  assert.equal(explained.length, 2);
  assert.match(shown.stdout, /group 'site': 2 processes x 2 request threads, busy 1 of 4, Python 3\.\d+/);
  assert.equal(lines.filter((line) => /request \d +\d+ {2}\d\.\d s {2}GET \/\?seconds=4$/.test(line)).length, 1);
  assert.equal(lines.filter((line) => /request \d +\d+ {2}idle, \d served$/.test(line)).length, 3);
  assert.ok(lines.every((line) => line.length <= 100));

  const [tree] = JSON.parse(json.stdout) as Shown[];
  assert.deepEqual([tree?.pid, tree?.generation], [server.pid, 1]);
  assert.ok((tree?.parent.residentBytes ?? 0) > 1e6 && (tree?.parent.cpuPercent ?? -1) >= 0);
  assert.deepEqual(
    tree?.httpChildren.map(({ pid, state }) => [pid, state]),
    server.httpChildPids.map((pid) => [pid, 'serving']),
  );
  const [group] = tree?.groups ?? [];
  assert.deepEqual(group?.requestThreads, { total: 4, busy: 1 });
  const processes = group?.processes ?? [];
  assert.deepEqual(processes.map(({ pid }) => pid).sort(), [...server.daemonPids('site')].sort());
  assert.equal(
    processes.reduce((sum, { requestsServed }) => sum + requestsServed, 0),
    3,
  );
  for (const { threads } of processes) {
    assert.deepEqual(
      threads.map(({ role }) => role),
      ['main', 'monitor', 'deadlock', 'request 1', 'request 2'],
    );
  }
  const running = processes.flatMap(({ threads }) => threads.flatMap(({ request }) => request ?? []));
  assert.deepEqual(
    running.map(({ method, url }) => [method, url]),
    [['GET', '/?seconds=4']],
  );
  assert.match(ascii.stdout, /^[\n\x20-\x7e]*$/);
  assert.match(ascii.stdout, /^ +`- request 2 /m);
  assert.equal((await slow).status, 200);
  assert.deepEqual(startedRequests(server), ['seconds=4']);
});

test('stop ends the server and returns when it is gone', async () => {
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
  });
  const { stdout } = await runStillhouse(['ps', '--json', '-f', configOf(server)]);
  const [tree] = JSON.parse(stdout) as Shown[];
  assert.equal(tree?.groups.length, 1);
  assert.equal((await runStillhouse(['stop', '-f', configOf(server), '--pid', String(server.pid)])).exitStatus, 0);
  await server.waitForLog(/caught the stop command, shutting down/);
  const again = await runStillhouse(['ps', '-f', configOf(server)]);
  const base = join(server.paths.folder, 'run');
  assert.deepEqual([again.exitStatus, again.stderr], [1, `stillhouse: no running server found in ${base}\n`]);
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

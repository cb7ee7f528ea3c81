/** `stillhouse restart` replaces the processes of a group, or of all, one after another, without a lost request. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { waitGone } from './support/processes.js';
import { application, TestServer } from './support/server.js';

const config = ({ folder }: { folder: string }): string => `
  WSGIDaemonProcess site processes=2 threads=2
  WSGIDaemonProcess api threads=1
  WSGIApplicationGroup %{GLOBAL}
  WSGIScriptAlias /api ${folder}/hello.wsgi process-group=api
  WSGIScriptAlias / ${folder}/hello.wsgi process-group=site`;

test('restart', async () => {
  await using server = await TestServer.start({ config, files: { 'hello.wsgi': application('hello') } });
  const command = (...words: string[]) =>
    runStillhouse([...words, '-f', join(server.paths.folder, 'httpd.conf')], { timeoutMs: 60_000 });
  const [site, api] = [server.daemonPids('site'), server.daemonPids('api')];

  const statuses: number[] = [];
  let isOver = false;
  const client = async (path: string): Promise<void> => {
    while (!isOver) statuses.push((await server.request(path)).status);
  };
  const load = [client('/'), client('/'), client('/api')];
  const one = await command('restart', 'site');
  assert.deepEqual([one.exitStatus, one.stdout], [0, 'site: 2 processes replaced\n'], one.stderr);
  await waitGone(site, 30_000);
  assert.equal(server.daemonPids('site').length, 2);
  assert.deepEqual(server.daemonPids('api'), api);

  const all = await command('restart');
  assert.deepEqual(
    [all.exitStatus, all.stdout.split('\n').sort()],
    [0, ['', 'api: 1 process replaced', 'site: 2 processes replaced']],
  );
  await waitGone(api, 30_000);
  isOver = true;
  await Promise.all(load);
  assert.deepEqual([...new Set(statuses)], [200]);
});

test('restart of a group that is not there names those that are', async () => {
  await using server = await TestServer.start({ config, files: { 'hello.wsgi': application('hello') } });
  const pids = server.daemonPids();
  const { exitStatus, stderr } = await runStillhouse([
    'restart',
    'stie',
    '-f',
    join(server.paths.folder, 'httpd.conf'),
  ]);
  assert.deepEqual(
    [exitStatus, stderr],
    [1, "stillhouse: no daemon process group 'stie' (did you mean 'site'?); the groups are 'site', 'api'\n"],
  );
  assert.deepEqual(server.daemonPids(), pids);
});

/** A configuration that can't be put in force changes nothing: the server goes on, and the log, the command and `ps` say why. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  editConfig,
  loadErrors,
  replaceScript,
  runCommand,
  servingPids,
  signalReload,
  treeOf,
} from './support/control.js';
import { childrenOf, isAlive, openFiles } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const files = { 'version.wsgi': application('version') };

function startServer(allowErrors: readonly RegExp[]): Promise<TestServer> {
  return TestServer.start({
    config: siteConfig('version.wsgi', 'processes=2 threads=2', '# more'),
    files,
    allowErrors: [/reload failed, the configuration of before stays in force/, ...allowErrors],
  });
}

/** Reloads in vain, and then, after `mend`, with success. */
async function reloadInVain(server: TestServer, problem: RegExp, mend: () => void): Promise<void> {
  const daemons = server.daemonPids();
  const httpChildren = server.httpChildPids;
  const descriptors = openFiles(server.pid).length;
  const { exitStatus, stderr } = await runCommand(server, 'reload');
  assert.equal(exitStatus, 1);
  assert.match(stderr, problem);
  assert.match(stderr, /the server goes on with the configuration of before/);
  await server.waitForLog(new RegExp(`\\[core:error\\] .*reload failed.*${problem.source}`));
  assert.equal((await server.request('/')).status, 200);
  assert.deepEqual([server.daemonPids(), server.httpChildPids], [daemons, httpChildren]);
  assert.deepEqual(childrenOf(server.pid).filter(isAlive).length, daemons.length + httpChildren.length);
  assert.equal(openFiles(server.pid).length, descriptors, 'nothing of the attempt stays open');

  const shown = JSON.parse((await runCommand(server, 'ps', '--json')).stdout) as { reloadProblem?: string }[];
  assert.match(shown[0]?.reloadProblem ?? '', problem);
  assert.equal((await treeOf(server)).generation, 1);
  mend();
  await signalReload(server, 'SIGHUP');
  assert.equal((await treeOf(server)).reloadProblem, undefined);
  assert.equal((await server.request('/')).status, 200);
  assert.deepEqual(server.daemonPids(), daemons);
}

test('a line that is no directive', async () => {
  await using server = await startServer([/httpd\.conf:\d+.*NoSuchDirective/]);
  editConfig(server, '# more', 'NoSuchDirective On');
  await reloadInVain(server, /httpd\.conf:\d+:\d+: .*NoSuchDirective/, () =>
    editConfig(server, 'NoSuchDirective On', '# more'),
  );
});

test('a user that does not exist', async () => {
  await using server = await startServer([/no-such-user/]);
  editConfig(server, 'processes=2', 'processes=2 user=no-such-user');
  await reloadInVain(server, /no-such-user/, () => editConfig(server, ' user=no-such-user', ''));
});

test('a port that somebody else listens on', async () => {
  await using server = await startServer([]);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  assert(typeof address === 'object' && address !== null);
  editConfig(server, '# more', `Listen 127.0.0.1:${address.port}`);
  await reloadInVain(server, new RegExp(`127\\.0\\.0\\.1:${address.port}: EADDRINUSE`), () => {
    editConfig(server, `Listen 127.0.0.1:${address.port}`, '# more');
  });
  other.close();
});

test('a log that can not be opened', async () => {
  await using server = await startServer([]);
  const path = join(server.paths.folder, 'no-such-folder/access_log');
  editConfig(server, '# more', `CustomLog ${path} common`);
  await reloadInVain(server, /no-such-folder\/access_log/, () =>
    editConfig(server, `CustomLog ${path} common`, '# more'),
  );
  assert(!existsSync(path));
});

test('a changed group whose script can not be loaded any more', async () => {
  await using server = await startServer([
    ...loadErrors,
    /the successor of pid \d+ could not be started \(script_reload\)/,
  ]);
  assert.equal((await server.request('/')).status, 200);
  replaceScript(server, 'version.wsgi', 'import a_module_that_is_not_there\n');
  editConfig(server, 'threads=2', 'threads=3');
  const problem = /daemon process group 'site': .*version\.wsgi/;
  const before = await servingPids(server);
  const { exitStatus, stderr } = await runCommand(server, 'reload');
  assert.equal(exitStatus, 1);
  assert.match(stderr, problem);
  assert.deepEqual(await servingPids(server), before);
  assert.match((await treeOf(server)).reloadProblem ?? '', problem);
  assert.match((await server.request('/')).text, /^old /);
  replaceScript(server, 'version.wsgi', application('version').replace('"old"', '"new"'));
  await signalReload(server, 'SIGUSR1');
  const { generation, reloadProblem } = await treeOf(server);
  assert.deepEqual([generation, reloadProblem], [2, undefined]);
  assert.match((await server.request('/')).text, /^new /);
});

test('opening the logs anew does not hide that a reload has failed', async () => {
  await using server = await startServer([/NoSuchDirective/]);
  editConfig(server, '# more', 'NoSuchDirective On');
  assert.equal((await runCommand(server, 'reload')).exitStatus, 1);
  assert.equal((await runCommand(server, 'reopen-logs')).exitStatus, 0);
  assert.match((await treeOf(server)).reloadProblem ?? '', /NoSuchDirective/);
});

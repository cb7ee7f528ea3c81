/** A server whose runtime folder can't be made says so once, serves, and obeys signals; commands do not find it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from './support/control.js';
import { childrenOf, commandLine, isAlive } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test('DefaultRuntimeDir below a regular file', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      siteConfig('site.wsgi', 'processes=2 threads=2', `DefaultRuntimeDir ${paths.folder}/httpd.conf/run`)(paths),
    files: { 'site.wsgi': application('version') },
  });
  assert.match((await server.request('/')).text, /^old /);
  const warnings = server.errorLog().match(/\[core:warn\] .*can't make the runtime folder '.*\/httpd\.conf\/run\/.*/g);
  assert.equal(warnings?.length, 1);
  assert.match(warnings?.[0] ?? '', /going on without: ps, reload, restart and stop won't find this server/);
  const { exitStatus, stderr } = await runCommand(server, 'ps');
  assert.equal(exitStatus, 1);
  assert.match(stderr, /no running server found/);

  const httpChildren = server.httpChildPids;
  process.kill(server.pid, 'SIGHUP');
  await server.waitForLog(/resuming normal operations \(generation 2\)/);
  assert.equal((await server.request('/')).status, 200);
  assert(
    childrenOf(server.pid).some(
      (pid) => isAlive(pid) && commandLine(pid).includes('http-child') && !httpChildren.includes(pid),
    ),
  );
  assert.equal((await server.stop()).exitStatus, 0);
  assert.equal(server.errorLog().match(/can't make the runtime folder/g)?.length, 1, 'said once');
});

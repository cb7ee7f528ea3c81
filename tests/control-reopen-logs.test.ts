/** `stillhouse reopen-logs`: after logs were moved, every process writes to the new files. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test('reopen-logs', async () => {
  await using server = await TestServer.start({
    config: ({ folder, ...paths }) =>
      siteConfig('probe.wsgi', 'threads=1', `CustomLog ${folder}/access.log common`)({ folder, ...paths }),
    files: { 'probe.wsgi': application('hello') },
  });
  const access = join(server.paths.folder, 'access.log');
  assert.equal((await server.request('/before')).status, 200);
  await waitFor('the first access line', () => readFileSync(access, 'utf8').includes('/before'));
  renameSync(access, `${access}.1`);
  renameSync(server.paths.errorLog, `${server.paths.errorLog}.1`);
  const done = await runStillhouse(['reopen-logs', '-f', join(server.paths.folder, 'httpd.conf')]);
  assert.deepEqual([done.exitStatus, done.stdout, done.stderr], [0, '', '']);
  assert.equal((await server.request('/after')).status, 200);
  await waitFor('the new access log', () => existsSync(access) && readFileSync(access, 'utf8').includes('/after'));
  assert.doesNotMatch(readFileSync(`${access}.1`, 'utf8'), /\/after/);
  await server.stop();
  assert.match(readFileSync(server.paths.errorLog, 'utf8'), /shutting down/);
});

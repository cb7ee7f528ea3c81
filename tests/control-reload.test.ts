/** `stillhouse reload`: changed groups get new processes, unchanged ones keep theirs, a bad configuration changes nothing. */

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { waitGone } from './support/processes.js';
import { application, type TestPaths, TestServer } from './support/server.js';

const config = ({ folder }: TestPaths): string => `
  WSGIDaemonProcess site threads=2
  WSGIDaemonProcess api threads=1
  WSGIApplicationGroup %{GLOBAL}
  WSGIScriptAlias /api ${folder}/hello.wsgi process-group=api
  WSGIScriptAlias / ${folder}/hello.wsgi process-group=site`;

test('reload', async () => {
  await using server = await TestServer.start({ config, files: { 'hello.wsgi': application('hello') } });
  const file = join(server.paths.folder, 'httpd.conf');
  const command = (...words: string[]) => runStillhouse([...words, '-f', file], { timeoutMs: 60_000 });
  const [site, api] = [server.daemonPids('site'), server.daemonPids('api')];

  const first = await command('reload');
  assert.deepEqual(
    [first.exitStatus, first.stdout],
    [0, 'configuration reloaded, generation 2\nkept:     site, api\n'],
    first.stderr,
  );
  assert.deepEqual([server.daemonPids('site'), server.daemonPids('api')], [site, api]);

  writeFileSync(file, readFileSync(file, 'utf8').replace('api threads=1', 'api threads=3'));
  const second = await command('reload');
  assert.equal(second.exitStatus, 0, second.stderr);
  assert.match(second.stdout, /^configuration reloaded, generation 3\nkept: +site\n(?:replaced|started): +api\n$/);
  await waitGone(api, 30_000);
  assert.deepEqual(server.daemonPids('site'), site);
  assert.equal((await server.request('/api')).status, 200);
  assert.match((await command('ps')).stdout, /, generation 3, reloaded \d+s ago\n/);
});

test('a reload of a configuration with errors', async () => {
  await using server = await TestServer.start({
    config,
    files: { 'hello.wsgi': application('hello') },
    allowErrors: [/NoSuchDirective/],
  });
  const file = join(server.paths.folder, 'httpd.conf');
  const pids = server.daemonPids();
  const good = readFileSync(file, 'utf8');
  appendFileSync(file, 'NoSuchDirective On\n');
  const refused = await runStillhouse(['reload', '-f', file]);
  assert.equal(refused.exitStatus, 1);
  assert.match(refused.stderr, /NoSuchDirective/);
  assert.match(refused.stderr, /the server goes on with the configuration of before\n$/);
  assert.deepEqual(server.daemonPids(), pids);
  assert.equal((await server.request('/')).status, 200);
  const shown = await runStillhouse(['ps', '-f', file]);
  assert.match(shown.stdout, /^PROBLEM: the last reload failed: [\s\S]*NoSuchDirective/m);

  writeFileSync(file, good);
  assert.equal((await runStillhouse(['reload', '-f', file])).exitStatus, 0);
  assert.doesNotMatch((await runStillhouse(['ps', '-f', file])).stdout, /PROBLEM/);
});

/** A reload brings every change of the configuration into force, however it is asked for, and keeps what has not changed. */

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import {
  editConfig,
  freePort,
  replaceScript,
  runCommand,
  servingPids,
  signalReload,
  treeOf,
  waitReplaced,
} from './support/control.js';
import { waitFor, waitGone } from './support/processes.js';
import { application, type TestPaths, TestServer } from './support/server.js';
import { versionScript } from './support/site.js';

const config =
  (removedPort: number) =>
  ({ folder }: TestPaths): string =>
    `
    Listen 127.0.0.1:${removedPort}
    WSGIDaemonProcess kept threads=2
    WSGIDaemonProcess changed threads=2
    WSGIDaemonProcess removed threads=1
    WSGIApplicationGroup %{GLOBAL}
    WSGIScriptAlias /kept ${folder}/version.wsgi process-group=kept
    WSGIScriptAlias /changed ${folder}/version.wsgi process-group=changed
    WSGIScriptAlias /removed ${folder}/version.wsgi process-group=removed
    Alias /file ${folder}/one.txt
    # more`;

const files = { 'version.wsgi': application('version'), 'one.txt': 'one\n', 'two.txt': 'two\n' };

const ways: readonly (readonly [name: string, reload: (server: TestServer) => Promise<unknown>])[] = [
  ['SIGHUP', (server) => signalReload(server, 'SIGHUP')],
  ['SIGUSR1', (server) => signalReload(server, 'SIGUSR1')],
  [
    'the reload command',
    async (server) => {
      const { exitStatus, stdout, stderr } = await runCommand(server, 'reload');
      assert.equal(exitStatus, 0, stderr);
      assert.match(stdout, /^configuration reloaded, generation 2\nkept: +kept\n/);
      assert.match(stdout, /^(?:replaced|started): .*\bchanged\b/m);
      assert.match(stdout, /^started: .*\badded\b/m);
      assert.match(stdout, /^stopped: .*\bremoved\b/m);
    },
  ],
];

for (const [name, reload] of ways) {
  test(`reload by ${name}`, async () => {
    const [removedPort, addedPort] = [await freePort(), await freePort()];
    await using server = await TestServer.start({ config: config(removedPort), files });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const kept = await servingPids(server, 'kept');
    const changed = await servingPids(server, 'changed');
    const removed = await servingPids(server, 'removed');
    const httpChildren = server.httpChildPids;
    assert.equal((await server.request('/file', { agent })).text, 'one\n');
    assert.equal((await server.request('/removed')).status, 200);
    assert.equal((await server.request('/file', { port: removedPort })).status, 200);

    const { folder } = server.paths;
    editConfig(server, `Listen 127.0.0.1:${removedPort}`, `Listen 127.0.0.1:${addedPort}`);
    editConfig(server, 'WSGIDaemonProcess changed threads=2', 'WSGIDaemonProcess changed threads=3');
    editConfig(server, 'WSGIDaemonProcess removed threads=1', 'WSGIDaemonProcess added threads=1');
    editConfig(
      server,
      /WSGIScriptAlias \/removed .*/,
      `WSGIScriptAlias /added ${folder}/version.wsgi process-group=added`,
    );
    editConfig(server, 'one.txt', 'two.txt');
    editConfig(server, '# more', 'ErrorDocument 404 "nobody home"\nKeepAliveTimeout 1');
    await reload(server);

    // The connection of before ends with its next response; whether that is by the old or the new configuration is open.
    const { status, headers } = await server.request('/file', { agent });
    assert.deepEqual([status, headers.connection], [200, 'close']);
    assert.equal((await server.request('/file', { agent })).text, 'two\n');
    agent.destroy();
    assert.match((await server.request('/added')).text, /^old \d+ 0\n$/);
    const removedPage = await server.request('/removed');
    assert.deepEqual([removedPage.status, removedPage.text], [404, 'nobody home']);
    assert.equal((await server.request('/changed')).status, 200);
    assert.equal((await server.request('/file', { port: addedPort })).text, 'two\n');
    await waitFor('the removed port to refuse', () =>
      server.request('/file', { port: removedPort }).then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
      ),
    );

    await waitGone([...changed, ...removed, ...httpChildren], 20_000);
    assert.deepEqual(await servingPids(server, 'kept'), kept);
    assert.equal((await servingPids(server, 'changed')).length, 1);
    const tree = await treeOf(server);
    assert.deepEqual(
      tree.groups.map((group) => group.name),
      ['kept', 'changed', 'added'],
    );
    assert.deepEqual(
      tree.httpChildren.map(({ state, generation }) => [state, generation]),
      httpChildren.map(() => ['serving', 2]),
    );
    assert.match(
      server.errorLog(),
      new RegExp(`\\[core:notice\\] .* Graceful restart requested \\(${name}\\), doing restart`),
    );
    assert.equal(server.allPids().length, 1 + 3 + httpChildren.length);
  });
}

test('an unchanged configuration: nothing but the http children is replaced', async () => {
  await using server = await TestServer.start({ config: config(0), files });
  const daemons = server.daemonPids();
  const httpChildren = server.httpChildPids;
  const port = server.port;
  await signalReload(server, 'SIGUSR1');
  await signalReload(server, 'SIGHUP');
  assert.equal((await server.request('/kept', { port })).status, 200);
  assert.deepEqual(server.daemonPids(), daemons);
  await waitGone(httpChildren);
  assert.equal(server.errorLog().match(/Starting daemon process/g)?.length, daemons.length);
  // The processes of before are heard as before: a changed script is noticed by them, and has them replaced.
  assert.match((await server.request('/changed')).text, /^old /);
  const former = await servingPids(server, 'changed');
  replaceScript(server, 'version.wsgi', versionScript('new'));
  assert.match((await server.request('/changed')).text, /^new /);
  await waitReplaced(server, former, 'changed');
});

/** A server that is told to stop while it reloads or replaces processes: everything ends, nothing is left. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editConfig, replaceScript, sendCommand, treeOf } from './support/control.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig, versionScript } from './support/site.js';

const stopMsLimit = 5_000;
/** A process that loads its application hears nothing before it has. */
const overdue = /process 'site' \(pid=\d+\) did not stop in time; sending SIGKILL/;

async function startServer(): Promise<TestServer> {
  const server = await TestServer.start({
    config: siteConfig('site.wsgi', 'processes=2 threads=2'),
    files: { 'site.wsgi': application('version') },
    allowErrors: [overdue],
  });
  assert.equal((await server.request('/')).status, 200);
  replaceScript(server, 'site.wsgi', versionScript('new', 10));
  return server;
}

async function waitForStarting(server: TestServer): Promise<void> {
  await waitFor('a new process', () => server.daemonPids().length > 2);
}

for (const signal of ['SIGTERM', 'the stop command'] as const) {
  test(`${signal} while a changed group is started`, async () => {
    await using server = await startServer();
    editConfig(server, 'threads=2', 'threads=3');
    const reload = sendCommand(server, { command: 'reload' });
    await waitForStarting(server);
    assert.equal((await treeOf(server)).generation, 1);
    if (signal === 'the stop command') await sendCommand(server, { command: 'stop' });
    const { exitStatus, durationMs } =
      signal === 'SIGTERM' ? await server.stop() : await waitFor('the end', () => server.ended, 15_000);
    assert.equal(exitStatus, 0);
    if (signal === 'SIGTERM') assert(durationMs < stopMsLimit, `${durationMs} ms`);
    assert.deepEqual(await reload, { error: 'the server stops' });
    assert.match(server.errorLog(), /caught (?:SIGTERM|the stop command), shutting down/);
  });
}

test('SIGTERM while a successor is started', async () => {
  await using server = await startServer();
  const restart = sendCommand(server, { command: 'restart' });
  await waitForStarting(server);
  const { exitStatus, durationMs } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs < stopMsLimit, `${durationMs} ms`);
  assert.deepEqual(await restart, { error: 'the server stops' });
});

test('SIGTERM right behind SIGHUP', async () => {
  for (const delayMs of [0, 50, 150, 250]) {
    await using server = await TestServer.start({
      config: siteConfig('site.wsgi', 'threads=2'),
      files: { 'site.wsgi': application('version') },
    });
    process.kill(server.pid, 'SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    const { exitStatus } = await server.stop();
    assert.equal(exitStatus, 0, server.output());
  }
});

test('a connection of before the reload does not hold the stop up', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stream.wsgi', 'threads=2'),
    files: { 'stream.wsgi': application('stream') },
    allowErrors: [overdue, /ended while it ran 1 requests/, /http child \(pid=\d+\) did not stop in time/],
  });
  const running = server.request('/?blocks=300&seconds=0.1');
  await server.waitForLog(/Loading WSGI script/);
  await sendCommand(server, { command: 'reload' });
  const { exitStatus, durationMs } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs < stopMsLimit, `${durationMs} ms`);
  assert.equal((await running).complete, false);
});

/** What goes wrong while processes are being replaced: a process that is killed, another request to replace, a stop. */

import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { editConfig, replaceScript, sendCommand, servingPids, treeOf } from './support/control.js';
import { openFiles, waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig, versionScript } from './support/site.js';

const slowSeconds = 1;
const died = /Process 'site' \(pid=\d+\) has died; deregistering and restarting it/;

function startServer(allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: siteConfig('site.wsgi', 'processes=3 threads=2'),
    files: { 'site.wsgi': application('version') },
    allowErrors,
  });
}

/** Has every process loaded, and new code that takes a while to load. */
async function prepare(server: TestServer): Promise<readonly number[]> {
  await Promise.all(Array.from({ length: 6 }, () => server.request('/?seconds=0.2')));
  replaceScript(server, 'site.wsgi', versionScript('new', slowSeconds));
  return await servingPids(server);
}

async function waitForTrial(server: TestServer): Promise<number> {
  return await waitFor('a successor that starts', async () => {
    const [group] = (await treeOf(server)).groups;
    return group?.processes.find(({ state }) => state === 'starting')?.pid;
  });
}

test('a process of before dies while its successors are started', async () => {
  await using server = await startServer([died]);
  const before = await prepare(server);
  const restart = sendCommand(server, { command: 'restart', group: 'site' });
  await waitForTrial(server);
  process.kill(before.at(-1) ?? 0, 'SIGKILL');
  const { groups, error } = await restart;
  assert.equal(error, undefined);
  assert((groups as { replaced: number }[])[0]?.replaced);
  const after = await waitFor('three others', async () => {
    const pids = await servingPids(server);
    return pids.length === 3 && !pids.some((pid) => before.includes(pid)) && pids;
  });
  for (let count = 0; count < 6; count++) assert.match((await server.request('/')).text, /^new /);
  assert.deepEqual(await servingPids(server), after);
  await waitFor('a quiet end', () => server.daemonPids().length === 3);
});

test('the successor dies while it starts: the others go on', async () => {
  await using server = await startServer([/the successor of pid \d+ could not be started \(restart\)/]);
  const before = await prepare(server);
  const restart = sendCommand(server, { command: 'restart' });
  process.kill(await waitForTrial(server), 'SIGKILL');
  const { error } = await restart;
  assert.match(String(error), /no successor could be started.*'site'.*SIGKILL/);
  assert.deepEqual(await servingPids(server), before);
  assert.equal((await sendCommand(server, { command: 'restart' })).error, undefined, 'the next one works');
  await waitFor('a quiet end', () => server.daemonPids().length === 3);
});

test('a second restart while the first one is under way', async () => {
  await using server = await startServer();
  const before = await prepare(server);
  const answers = await Promise.all([
    sendCommand(server, { command: 'restart' }),
    sendCommand(server, { command: 'restart', group: 'site' }),
  ]);
  for (const { error } of answers) assert.equal(error, undefined);
  const after = await servingPids(server);
  assert.equal(after.length, 3);
  assert(!after.some((pid) => before.includes(pid)));
  await waitFor('a quiet end', () => server.daemonPids().length === 3);
});

test('a reload takes the group away while it is being restarted', async () => {
  await using server = await startServer();
  await prepare(server);
  const restart = sendCommand(server, { command: 'restart' });
  await waitForTrial(server);
  editConfig(server, 'threads=2', 'threads=3');
  const { generation } = await sendCommand(server, { command: 'reload' });
  assert.equal(generation, 2);
  assert.equal((await restart).error, undefined, 'its processes are replaced, by whichever of the two');
  await waitFor('a quiet end', () => server.daemonPids().length === 3, 20_000);
  assert.match((await server.request('/')).text, /^new /);
});

test('several reloads at once: one, and one more for all who asked meanwhile', async () => {
  await using server = await startServer();
  const answers = await Promise.all([0, 1, 2].map(() => sendCommand(server, { command: 'reload' })));
  assert.deepEqual(answers.map(({ generation }) => generation).sort(), [2, 3, 3]);
  assert.equal((await server.request('/')).status, 200);
  assert.equal(server.daemonPids('site').length, 3);
});

test('the logs are opened anew while a successor starts', async () => {
  await using server = await startServer();
  const before = await prepare(server);
  const restart = sendCommand(server, { command: 'restart' });
  await waitForTrial(server);
  renameSync(server.paths.errorLog, `${server.paths.errorLog}.1`);
  assert.equal((await sendCommand(server, { command: 'reopen-logs' })).error, undefined);
  assert.deepEqual((await restart).groups, [{ name: 'site', replaced: 3 }]);
  const after = await servingPids(server);
  assert(!after.some((pid) => before.includes(pid)));
  await waitFor('a quiet end', () => server.daemonPids().length === 3);
  for (const pid of after) {
    const logs = openFiles(pid).filter((file) => file.includes('error_log'));
    assert.deepEqual([...new Set(logs)], [server.paths.errorLog], `pid ${pid}`);
  }
});

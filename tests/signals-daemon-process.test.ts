/** Signals to one daemon process: SIGUSR1 has it replaced in good order, SIGTERM at once; no request of others is lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupOf, lifetimeMs, servingPids, stackLines } from './support/control.js';
import { Load } from './support/load.js';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { isAlive, waitFor, waitGone } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

function startServer(options: string, allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', options, notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors,
  });
}

async function onlyPid(server: TestServer): Promise<number> {
  const [pid, ...others] = await servingPids(server);
  assert(pid !== undefined && others.length === 0);
  return pid;
}

/** Signals the process and resolves with the one that serves in its place. */
async function signalAndAwaitSuccessor(server: TestServer, pid: number, signal: NodeJS.Signals): Promise<number> {
  process.kill(pid, signal);
  return await waitFor(`a successor of ${pid}`, async () => {
    return (await servingPids(server)).find((one) => one !== pid);
  });
}

test('SIGUSR1: the successor serves before the process goes, and what runs is finished', async () => {
  await using server = await startServer('threads=2');
  const pid = await onlyPid(server);
  const running = server.request('/?seconds=2');
  await waitForRequestStart(server, 'seconds=2');
  const successor = await signalAndAwaitSuccessor(server, pid, 'SIGUSR1');
  assert(isAlive(pid), 'it finishes what it has begun');
  process.kill(pid, 'SIGUSR1');
  assert.match((await server.request('/')).text, new RegExp(`^${successor} `));
  const { status, text, complete } = await running;
  assert.deepEqual({ status, text, complete }, { status: 200, text: `${pid} 0\n`, complete: true });
  await waitGone([pid]);
  assert.deepEqual(await servingPids(server), [successor]);
  const log = server.errorLog();
  assert.match(log, /Graceful restart requested; waiting for in-flight requests to complete in process 'site'\./);
  assert.match(log, /Requests have completed; triggering immediate shutdown of daemon process 'site'\./);
});

test('SIGUSR1 to each process in turn under load', async () => {
  await using server = await TestServer.start({
    config: siteConfig('version.wsgi', 'processes=3 threads=2'),
    files: { 'version.wsgi': application('version') },
  });
  const load = new Load(server, { clients: 6 });
  await load.goOn(50);
  for (const pid of await servingPids(server)) {
    await signalAndAwaitSuccessor(server, pid, 'SIGUSR1');
    await waitGone([pid], 15_000);
    await load.goOn(20);
  }
  await load.stop();
  assert.deepEqual(load.failures.slice(0, 5), []);
  assert.equal((await servingPids(server)).length, 3);
});

test('SIGUSR1 with eviction-timeout: a request that takes longer is not waited for', async () => {
  await using server = await startServer('threads=2 eviction-timeout=1 graceful-timeout=60 shutdown-timeout=1', [
    /daemon process 'site' \(pid=\d+\) ended while it ran 1 requests/,
    /closed connection before sending complete response headers/,
    stackLines,
  ]);
  const pid = await onlyPid(server);
  const running = server.request('/?seconds=30');
  await waitForRequestStart(server, 'seconds=30');
  const startMs = performance.now();
  await signalAndAwaitSuccessor(server, pid, 'SIGUSR1');
  await lifetimeMs(pid, 10_000);
  const tookMs = performance.now() - startMs;
  assert(tookMs > 1_900 && tookMs < 5_000, `gone after ${tookMs} ms`);
  assert.equal((await running).status, 502);
  await server.waitForLog(/Process eviction requested; waiting for in-flight requests to complete in process 'site'\./);
  await server.waitForLog(/Daemon process restart timer expired in daemon process 'site'; forcing shutdown\./);
  await server.waitForLog(/Shutdown timeout expired; aborting daemon process 'site'\./);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal}: another one is there while the process still waits for what it runs`, async () => {
    await using server = await startServer('threads=2 shutdown-timeout=10');
    const pid = await onlyPid(server);
    const running = server.request('/?seconds=2');
    await waitForRequestStart(server, 'seconds=2');
    const successor = await signalAndAwaitSuccessor(server, pid, signal);
    assert(isAlive(pid), 'it waits for what it runs');
    const state = (await groupOf(server)).processes.find((one) => one.pid === pid)?.state;
    assert(state === 'retiring' || state === 'stopping', String(state));
    const answer = await server.request('/?id=1');
    assert.deepEqual([answer.status, answer.text], [200, `${successor} 0\n`]);
    assert.deepEqual([(await running).status, (await running).text], [200, `${pid} 0\n`]);
    await waitGone([pid]);
    assert.match(
      server.errorLog(),
      /Process 'site' \(pid=\d+\) shuts down \(shutdown_signal\); deregistering and restarting/,
    );
  });
}

test('SIGTERM: what has not been started moves on', async () => {
  await using server = await startServer('threads=1 shutdown-timeout=10');
  const pid = await onlyPid(server);
  const running = server.request('/?seconds=1');
  await waitForRequestStart(server, 'seconds=1');
  const waiting = [1, 2, 3].map((id) => server.request(`/?id=${id}`, { method: 'POST', body: Buffer.alloc(50_000) }));
  const successor = await signalAndAwaitSuccessor(server, pid, 'SIGTERM');
  for (const { status, text } of await Promise.all(waiting)) {
    assert.deepEqual([status, text], [200, `${successor} 50000\n`]);
  }
  assert.equal((await running).status, 200);
  assert.deepEqual([...startedRequests(server)].sort(), ['id=1', 'id=2', 'id=3', 'seconds=1']);
});

test('SIGHUP, SIGUSR2 and SIGPIPE do not end a process', async () => {
  await using server = await startServer('threads=1');
  const pid = await onlyPid(server);
  for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGPIPE'] as const) process.kill(pid, signal);
  for (let count = 0; count < 3; count++) assert.equal((await server.request('/')).text, `${pid} 0\n`);
  assert.deepEqual(await servingPids(server), [pid]);
});

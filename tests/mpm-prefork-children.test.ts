/** What happens to the children of the prefork MPM: killed, worn out, drained by a reload, stopped. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editConfig, signalReload, treeOf } from './support/control.js';
import { preforkConfig } from './support/mpm.js';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { waitFor, waitGone } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { application, TestServer, type TestServerOptions } from './support/server.js';

function start(numbers: Readonly<Record<string, number>>, options: Partial<TestServerOptions> = {}, lines = '') {
  return TestServer.start({
    config: preforkConfig(numbers, 'threads=5', lines),
    files: { 'sleep.wsgi': application('sleep') },
    ...options,
  });
}

const three = { StartServers: 3, MinSpareServers: 1, MaxSpareServers: 3, MaxRequestWorkers: 6 };
/** Two and no more, whatever they have to do. */
const two = { StartServers: 2, MinSpareServers: 1, MaxSpareServers: 2, MaxRequestWorkers: 2 };
const reachesLimit = { allowErrors: [/server reached MaxRequestWorkers setting/] };

test('a child that is killed is replaced, and the others go on', async () => {
  await using server = await start(three, {
    allowErrors: [/http child \(pid=\d+\) has died: terminated by signal SIGKILL; starting another/],
  });
  const [first, ...others] = server.httpChildPids;
  assert(first !== undefined);
  process.kill(first, 'SIGKILL');
  assert.equal((await server.request('/')).status, 200);
  await waitFor('another', async () => (await treeOf(server)).httpChildren.every(({ state }) => state === 'serving'));
  await waitFor('three again', () => server.httpChildPids.length === 3);
  assert(!server.httpChildPids.includes(first));
  assert(others.every((pid) => server.httpChildPids.includes(pid)));
});

test('a child goes after MaxConnectionsPerChild connections, and no request with it', async () => {
  await using server = await start({ ...two, MaxConnectionsPerChild: 3 }, reachesLimit);
  const before = server.httpChildPids;
  const statuses: number[] = [];
  const ask = async (): Promise<void> => {
    for (let count = 0; count < 10; count++) statuses.push((await server.request('/')).status);
  };
  await Promise.all([ask(), ask(), ask()]);
  assert.deepEqual(statuses, new Array<number>(30).fill(200));
  await waitGone(before);
  await waitFor('two children', () => server.httpChildPids.length === 2);
  const served = /\[core:info\] .*http child \(pid=\d+\) has served 3 connections/g;
  const countServed = (): number => (server.errorLog().match(served) ?? []).length;
  // 30 connections, three for each child: exactly ten children, none of which took a fourth.
  await waitFor('the last of ten children', () => countServed() >= 10);
  assert.equal(countServed(), 10);
});

test('a slow client has one child for itself, and is not cut off by a second connection', async () => {
  await using server = await start(two, reachesLimit, 'KeepAliveTimeout 30');
  using first = await RawClient.open(server);
  using second = await RawClient.open(server);
  first.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await first.waitFor(/\r\n\r\n\d+ 0\n/);
  second.send('GET / HT');
  // Both children have a connection, one idle between two requests: what comes waits in the queue of the kernel.
  const waiting = server.request('/?seconds=0.1');
  await assert.rejects(waitFor('the third request', () => startedRequests(server).includes('seconds=0.1'), 700));
  const { httpChildren } = await treeOf(server);
  assert.deepEqual(
    httpChildren.map(({ connections }) => connections),
    [1, 1],
  );
  second.send('TP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await second.waitForEnd();
  assert.equal((await waiting).status, 200);
  // And the one that was kept open is still served.
  first.send('GET /?again HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await first.waitForEnd();
  assert.deepEqual([first.statuses, second.statuses], [[200, 200], [200]]);
});

test('a reload loses no request, also of those that wait in the queue', async () => {
  await using server = await start(two, reachesLimit);
  const before = server.httpChildPids;
  const running = Array.from({ length: 8 }, (_, index) => server.request(`/?seconds=1&number=${index}`));
  await waitFor('two requests', () => startedRequests(server).length === 2);
  editConfig(server, 'MaxRequestWorkers 2', 'MaxRequestWorkers 5');
  editConfig(server, 'StartServers 2', 'StartServers 4');
  await signalReload(server, 'SIGHUP');
  assert.deepEqual([...new Set((await Promise.all(running)).map(({ status }) => status))], [200]);
  await waitGone(before);
  const { httpChildren } = await treeOf(server);
  assert(httpChildren.every(({ generation }) => generation === 2));
  assert(httpChildren.length >= 2 && httpChildren.length <= 5, `${httpChildren.length} http children`);
});

test('a stop lets the requests at hand end', async () => {
  await using server = await start(three, reachesLimit);
  const running = [server.request('/?seconds=1'), server.request('/?seconds=1&second')];
  await waitForRequestStart(server, 'seconds=1');
  await waitForRequestStart(server, 'seconds=1&second');
  const { exitStatus, durationMs } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs < 3_000, `${durationMs} ms`);
  for (const answer of await Promise.all(running)) assert.equal(answer.status, 200);
});

test('an application sees the MPM and how many processes it may have', async () => {
  const script = `import apache

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{apache.mpm_name} {apache.maximum_processes}".encode()]
`;
  await using server = await start(three, { files: { 'sleep.wsgi': script } });
  assert.equal((await server.request('/')).text, 'prefork 6');
});

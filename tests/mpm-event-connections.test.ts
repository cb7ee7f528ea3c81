/** MaxConnectionsPerChild under the event MPM: the successor accepts before its predecessor goes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treeOf } from './support/control.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test('an http child is replaced after so many connections, and no request fails', async () => {
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=2', 'StartServers 1\nMaxConnectionsPerChild 5'),
    files: { 'hello.wsgi': application('hello') },
  });
  const [first] = server.httpChildPids;
  const statuses: number[] = [];
  const ask = async (count: number): Promise<void> => {
    for (let asked = 0; asked < count; asked++) statuses.push((await server.request('/')).status);
  };
  await Promise.all([ask(30), ask(30)]);
  assert.deepEqual(statuses, new Array<number>(60).fill(200));
  await server.waitForLog(new RegExp(`http child \\(pid=${first}\\) has served 5 connections, starting another`));
  await waitFor('one http child, and not the first', async () => {
    const { httpChildren } = await treeOf(server);
    const pids = httpChildren.filter(({ state }) => state === 'serving').map(({ pid }) => pid);
    return httpChildren.length === 1 && pids.length === 1 && pids[0] !== first;
  });
  assert.equal((await server.request('/')).status, 200);
});

/**
 * prefork under more slow clients than it has children: it grows to MaxRequestWorkers, each child has one connection,
 * nobody is turned away, and afterwards it shrinks to MaxSpareServers.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, treeOf } from './support/control.js';
import { preforkConfig } from './support/mpm.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';

test('50 slow clients: to MaxRequestWorkers, down to MaxSpareServers, and no request fails', async () => {
  await using server = await TestServer.start({
    config: preforkConfig(
      { StartServers: 2, MinSpareServers: 2, MaxSpareServers: 3, MaxRequestWorkers: 10 },
      'processes=1 threads=25',
    ),
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors: [/server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting/],
  });
  assert.equal(server.httpChildPids.length, 2);
  let most = 0;
  let mostConnections = 0;
  let areOver = false;
  const watching = (async () => {
    while (!areOver) {
      const { httpChildren } = await treeOf(server);
      most = Math.max(most, httpChildren.length);
      mostConnections = Math.max(mostConnections, ...httpChildren.map(({ connections }) => connections));
      await sleep(100);
    }
  })();
  const answers = await Promise.all(Array.from({ length: 50 }, () => server.request('/?seconds=1')));
  areOver = true;
  await watching;
  assert.deepEqual([...new Set(answers.map(({ status, complete }) => `${status} ${complete}`))], ['200 true']);
  assert.equal(most, 10);
  assert.equal(mostConnections, 1);
  await server.waitForLog(/\[core:error\] .*server reached MaxRequestWorkers setting/);
  await waitFor('three http children', () => server.httpChildPids.length === 3, 30_000);
  await sleep(2_500);
  assert.equal(server.httpChildPids.length, 3);
  const { stdout } = await runCommand(server, 'ps');
  assert.match(stdout, /^ {2}MPM +prefork: 3 http children, 3 idle \(bounds: 2 to 3 idle, at most 10\), 0 conn/m);
  assert.equal(stdout.match(/http child .* idle$/gm)?.length, 3);
});

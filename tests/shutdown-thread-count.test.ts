/** How many threads a daemon process has, as the kernel counts them: num + 3, idle and after requests. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { servingPids } from './support/control.js';
import { Load } from './support/load.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const requests = 300;

/** `Threads:` in /proc. */
function threadCount(pid: number): number {
  return Number(/^Threads:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}

for (const [options, processes, threads] of [
  ['processes=3 threads=2', 3, 5],
  ['', 1, 18],
] as const) {
  test(`WSGIDaemonProcess site ${options}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('version.wsgi', options),
      files: { 'version.wsgi': application('version') },
    });
    const expected = Array<number>(processes).fill(threads);
    const pids = await servingPids(server);
    // The monitor and the deadlock thread begin a moment after the process is ready.
    await waitFor(`${threads} threads`, () => pids.every((pid) => threadCount(pid) === threads));
    const load = new Load(server, { clients: 8, bodyBytesLimit: 1_000 });
    await load.goOn(requests);
    assert.deepEqual(pids.map(threadCount), expected, 'under load');
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.deepEqual(pids.map(threadCount), expected, 'afterwards');
    assert.deepEqual(await servingPids(server), pids);
  });
}

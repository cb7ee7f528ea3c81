/** memory-limit, virtual-memory-limit, cpu-time-limit and cpu-priority: limits that the kernel enforces. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isRoot } from './support/accounts.js';
import { reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { TestServer } from './support/server.js';

for (const [option, name, limit, tooMuch] of [
  ['memory-limit', 'dataLimit', 300_000_000, 400_000_000],
  // glibc reserves 64 MB of addresses for each thread that allocates, and twice as many for a moment.
  ['virtual-memory-limit', 'addressLimit', 1_000_000_000, 1_100_000_000],
] as const) {
  test(`${option}: more is a MemoryError and a 500, and the server goes on`, async () => {
    await using server = await TestServer.start({
      config: (paths) =>
        reportGroups(paths, {
          limited: `${option}=${limit} threads=2 stack-size=1048576`,
          free: 'threads=2 stack-size=1048576',
        }),
      files: reportFiles,
      allowErrors: [/MemoryError|Traceback|File ".*report\.wsgi"|bytearray\(int\(|\^\^\^/],
    });
    const before = await reportOf(server, '/limited');
    assert.deepEqual(before[name], [limit, limit]);
    assert.deepEqual((await reportOf(server, '/free'))[name], [-1, -1]);
    for (let times = 0; times < 2; times++) {
      assert.equal((await server.request(`/limited?allocate=${tooMuch}`)).status, 500);
    }
    assert.match(server.errorLog(), /MemoryError exception raised processing WSGI script '.*report\.wsgi'/);
    const after = await reportOf(server, '/limited?allocate=1000000');
    assert.equal(after.pid, before.pid, 'the same process');
    assert.equal((await server.request(`/free?allocate=${tooMuch}`)).status, 200);
  });
}

test('a memory limit that the stacks of the threads exceed', async () => {
  await using server = await TestServer.start({
    config: (paths) => reportGroups(paths, { tight: 'memory-limit=100000000 threads=2 stack-size=60000000' }),
    files: reportFiles,
    expectStart: 'later',
    allowErrors: [/./],
  });
  await server.waitForLog(
    /:warn\].* the stacks of 2 threads in daemon process 'tight' take 120000000 bytes of a memory limit of 100000000/,
  );
});

test('cpu-time-limit', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, {
        limited: 'cpu-time-limit=30 shutdown-timeout=7 threads=2',
        endless: 'cpu-time-limit=30 shutdown-timeout=0 threads=2',
      }),
    files: reportFiles,
  });
  const { pid, cpuLimit } = await reportOf(server, '/limited');
  assert.deepEqual(cpuLimit, [30, 38], 'the hard limit leaves time for an orderly end');
  assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max cpu time\s+30\s+38\s+seconds/m);
  assert.deepEqual((await reportOf(server, '/endless')).cpuLimit, [30, 31]);
});

test('cpu-priority', { skip: isRoot ? false : 'needs root' }, async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, {
        plain: 'threads=2',
        later: 'cpu-priority=7 threads=2',
        // Only root may: it is set before root is given up.
        first: 'cpu-priority=-5 threads=2',
      }),
    files: reportFiles,
  });
  assert.equal((await reportOf(server, '/plain')).priority, 0);
  assert.equal((await reportOf(server, '/later')).priority, 7);
  assert.equal((await reportOf(server, '/first')).priority, -5);
});

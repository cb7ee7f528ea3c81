/** The end of a daemon process: atexit callbacks run, and whatever the application does it is bounded by shutdown-timeout. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lifetimeMs, servingPids, stackLines } from './support/control.js';
import { threadNames, waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

function startServer(ending: string, options: string, allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: siteConfig('site.wsgi', options),
    files: { 'site.wsgi': `${application('hello')}\n\n${ending}` },
    allowErrors,
  });
}

/** Loads the application, asks its process to end, and resolves with how long that took. */
async function endProcess(server: TestServer): Promise<{ pid: number; ms: number }> {
  assert.equal((await server.request('/')).status, 200);
  const [pid] = await servingPids(server);
  assert(pid !== undefined);
  process.kill(pid, 'SIGTERM');
  return { pid, ms: await lifetimeMs(pid, 15_000) };
}

const bounded: readonly (readonly [what: string, ending: string, stack: RegExp])[] = [
  [
    'an atexit callback that sleeps',
    'import atexit, time\n\n\ndef linger_at_exit():\n    time.sleep(60)\n\n\natexit.register(linger_at_exit)\n',
    /in linger_at_exit/,
  ],
  [
    'a thread that never ends',
    'import threading, time\n\n\ndef work_for_ever():\n    while True:\n        time.sleep(1)\n\n\nthreading.Thread(target=work_for_ever, daemon=False).start()\n',
    /in work_for_ever/,
  ],
  [
    'an atexit callback that never stops computing',
    'import atexit\n\n\ndef compute_for_ever():\n    while True:\n        pass\n\n\natexit.register(compute_for_ever)\n',
    /in compute_for_ever/,
  ],
  [
    'an atexit callback that holds the interpreter',
    'import atexit, re\n\n\ndef hold_interpreter():\n    re.match("(a+)+$", "a" * 60 + "b")\n\n\natexit.register(hold_interpreter)\n',
    /in hold_interpreter/,
  ],
];

for (const [what, ending, stack] of bounded) {
  test(`${what} is cut off`, async () => {
    await using server = await startServer(ending, 'threads=2 shutdown-timeout=2', [stackLines]);
    const { ms } = await endProcess(server);
    assert(ms > 1_900 && ms < 4_000, `gone after ${ms} ms`);
    await server.waitForLog(stack);
    // The reaper needs the interpreter to say so; where that is held the watchdog acts alone.
    if (!what.includes('holds')) {
      await server.waitForLog(/\[wsgi:info\] .*Shutdown timeout expired; aborting daemon process 'site'\./);
    }
  });
}

test('an atexit callback that takes a moment runs to its end', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=2 shutdown-timeout=5'),
    files: {
      'site.wsgi': `${application('hello')}

import atexit, os, time


def take_a_moment():
    time.sleep(0.5)
    open(os.path.join(os.path.dirname(__file__), 'writable/done'), 'w').close()


atexit.register(take_a_moment)
`,
    },
  });
  const { ms } = await endProcess(server);
  assert(existsSync(join(server.paths.writable, 'done')));
  assert(ms >= 500 && ms < 4_000, `${ms} ms`);
  await server.waitForLog(/Shutdown requested for daemon process 'site'\./);
  await server.waitForLog(/Stopping process 'site'\./);
  assert.doesNotMatch(server.errorLog(), /Shutdown timeout expired/);
});

test('an atexit callback runs also when the server stops', async () => {
  const ending = `import atexit, os
atexit.register(lambda: open(os.path.join(os.path.dirname(__file__), 'writable/done'), 'w').close())
`;
  await using server = await startServer(ending, 'threads=2');
  assert.equal((await server.request('/')).status, 200);
  await server.stop();
  assert(existsSync(join(server.paths.writable, 'done')));
});

test('during the shutdown there is one thread more: the reaper', async () => {
  const ending = 'import atexit, time\natexit.register(time.sleep, 1.5)\n';
  await using server = await startServer(ending, 'threads=2 shutdown-timeout=10');
  assert.equal((await server.request('/')).status, 200);
  const [pid] = await servingPids(server);
  assert(pid !== undefined);
  const usual = ['wsgi-deadlock', 'wsgi-main', 'wsgi-monitor', 'wsgi-request-1', 'wsgi-request-2'];
  await waitFor('the usual threads', () => [...threadNames(pid)].sort().join() === usual.join());
  process.kill(pid, 'SIGTERM');
  await waitFor('the reaper', () => threadNames(pid).includes('wsgi-reaper'));
  await server.waitForLog(/Stopping process 'site'\./);
  assert.deepEqual([...threadNames(pid)].sort(), [...usual, 'wsgi-reaper'].sort());
  await lifetimeMs(pid, 10_000);
});

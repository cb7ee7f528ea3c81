/** An interpreter that is stuck in C code is ended by the deadlock thread, with the Python stack in the log. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stackLines } from './support/control.js';
import { TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const holdsTheLock = `import ctypes, os

def hold_the_lock_for_ever():
    ctypes.PyDLL(None).sleep(600)

def application(environ, start_response):
    if environ['PATH_INFO'] == '/hold':
        hold_the_lock_for_ever()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [str(os.getpid()).encode()]
`;

test('a thread that never gives the interpreter back', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'processes=2 threads=2 deadlock-timeout=3 shutdown-timeout=1'),
    files: { 'site.wsgi': holdsTheLock },
    allowErrors: [
      stackLines,
      /has died; deregistering and restarting it: terminated with exit code 1; Daemon process deadlock timer expired/,
      /ended while it ran 1 requests/,
      /Daemon process 'site' closed connection before sending complete response headers/,
    ],
  });
  const before = server.daemonPids('site');
  const startedMs = performance.now();
  const stuck = server.request('/hold?x=1');
  const answered = new Set<string>();
  while (server.daemonPids('site').filter((pid) => !before.includes(pid)).length === 0) {
    const { status, text, durationMs } = await server.request('/');
    assert.equal(status, 200, 'the other process answers all along');
    assert(durationMs < 2_000);
    answered.add(text);
    assert(performance.now() - startedMs < 3_000 + 1_000 + 1_000 + 2_000, 'it is replaced in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal((await stuck).status, 502);
  assert.equal(answered.size, 1);
  await server.waitForLog(/File ".*site\.wsgi", line 4 in hold_the_lock_for_ever/);
  await server.waitForLog(/Daemon process deadlock timer expired, stopping daemon process 'site' .*GET \/hold\?x=1 \(/);
});

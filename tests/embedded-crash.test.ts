/** A crash of the interpreter in embedded mode takes one http child; the rest goes on, and the log says what it was. */

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { stackLines } from './support/control.js';
import { embedded } from './support/embedded.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';

const crashing = `
import ctypes, os, time

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield str(os.getpid()).encode()
    if environ["PATH_INFO"] == "/crash":
        yield b" and then"
        read_where_nothing_is(0)
    time.sleep(float(environ["QUERY_STRING"] or 0))

def read_where_nothing_is(address):
    ctypes.string_at(address)
`;

test('other children and groups go on, and the child is replaced within a second', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 2
      ThreadsPerChild 3
      MinSpareThreads 1
      WSGIDaemonProcess site threads=2
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /daemon ${folder}/hello.wsgi process-group=site
      WSGIScriptAlias / ${folder}/crashing.wsgi process-group=%{GLOBAL}`,
    files: { 'crashing.wsgi': crashing, 'hello.wsgi': application('hello') },
    allowErrors: [
      /http child \(pid=\d+\) has died: terminated by signal SIGSEGV; it was running GET \/crash \(\d+\.\d s\)( and .*)? in embedded mode; starting another/,
      // faulthandler's.
      stackLines,
    ],
  });
  const before = server.httpChildPids;
  const daemons = server.daemonPids();
  // One connection to each child: what is sent over it is answered by that child.
  const agents = new Map<number, Agent>();
  await waitFor('a connection to each of both children', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const pid = Number((await server.request('/', { agent })).text);
    if (agents.has(pid)) agent.destroy();
    else agents.set(pid, agent);
    return agents.size === 2 || undefined;
  });
  const [victim = 0, other = 0] = before;
  const running = server.request('/?1', { agent: agents.get(other) as Agent });
  const daemonRunning = server.request('/daemon', { agent: agents.get(other) as Agent });
  const crashed = await server
    .request('/crash', { agent: agents.get(victim) as Agent })
    .then(({ complete, status }) => (complete ? `complete, status ${status}` : 'incomplete'))
    .catch((error: NodeJS.ErrnoException) => error.code);
  assert(crashed === 'incomplete' || crashed === 'ECONNRESET', crashed);
  const crashedMs = performance.now();
  await waitFor(
    'another child',
    () => server.httpChildPids.length === 2 && !server.httpChildPids.includes(victim),
    1_000,
  );
  assert((await server.request('/')).status === 200);
  assert(performance.now() - crashedMs < 5_000);
  const { status, text, complete } = await running;
  assert.deepEqual({ status, text, complete }, { status: 200, text: String(other), complete: true });
  assert.equal((await daemonRunning).status, 200);
  assert(server.httpChildPids.includes(other));
  assert.deepEqual(server.daemonPids(), daemons);
  // The Python stack of the crash.
  await server.waitForLog(/Fatal Python error: Segmentation fault/);
  await server.waitForLog(/File ".*crashing\.wsgi", line 13 in read_where_nothing_is/);
  for (const agent of agents.values()) agent.destroy();
});

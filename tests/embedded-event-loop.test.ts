/** Applications in embedded mode never stop the http child's event loop: files, daemon requests and other threads go on. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { embedded } from './support/embedded.js';
import { waitForRequestStart } from './support/notes.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig } from './support/site.js';

test('while the one request thread is busy everything else is answered', embedded, async () => {
  await using server = await TestServer.start({
    config: (paths) => `
      ThreadsPerChild 1
      MinSpareThreads 1
      WSGIDaemonProcess site threads=1
      WSGIApplicationGroup %{GLOBAL}
      ${notesConfig(paths)}
      DocumentRoot ${paths.folder}/docs
      WSGIScriptAlias /embedded ${paths.folder}/sleep.wsgi process-group=%{GLOBAL}
      WSGIScriptAlias /daemon ${paths.folder}/hello.wsgi process-group=site`,
    files: { 'sleep.wsgi': application('sleep'), 'hello.wsgi': application('hello'), 'docs/a.txt': 'a file' },
  });
  assert.equal((await server.request('/embedded?seconds=0')).status, 200);
  const busy = server.request('/embedded?seconds=2');
  await waitForRequestStart(server, 'seconds=2');
  const startedMs = performance.now();
  const waiting = server.request('/embedded?seconds=0');
  const [file, daemon] = await Promise.all([server.request('/a.txt'), server.request('/daemon')]);
  assert.deepEqual([file.text, daemon.status], ['a file', 200]);
  assert(performance.now() - startedMs < 1_500, 'they did not wait for the request thread');
  assert.equal((await busy).status, 200);
  assert.equal((await waiting).status, 200);
});

test('code that keeps the lock of the interpreter stops Python only', embedded, async () => {
  await using server = await TestServer.start({
    config: (paths) => `
      ThreadsPerChild 2
      MinSpareThreads 1
      WSGIApplicationGroup %{GLOBAL}
      ${notesConfig(paths)}
      DocumentRoot ${paths.folder}/docs
      WSGIScriptAlias /embedded ${paths.folder}/keep-lock.wsgi`,
    files: {
      'keep-lock.wsgi': application('hello').replace(
        /^def application.*$/m,
        'import ctypes\n\n\n$&\n    ctypes.PyDLL(None).sleep(int(environ["QUERY_STRING"]))',
      ),
      'docs/a.txt': 'a file',
    },
  });
  assert.equal((await server.request('/embedded?0')).status, 200);
  const startedMs = performance.now();
  const stuck = server.request('/embedded?3').then(({ status }) => [status, performance.now() - startedMs]);
  for (let count = 0; count < 10; count++) {
    assert.equal((await server.request('/a.txt')).text, 'a file');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert(performance.now() - startedMs < 2_800, 'Node.js waits for the lock');
  const [status = 0, durationMs = 0] = await stuck;
  assert.equal(status, 200);
  assert(durationMs >= 3_000);
});

const rarelySlow = `
import os, time
FOLDER = os.path.join(os.path.dirname(__file__), "writable")

def application(environ, start_response):
    seconds = environ["QUERY_STRING"]
    if seconds:
        with open(os.path.join(FOLDER, "slow"), "a") as notes:
            notes.write("x")
        time.sleep(float(seconds))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
`;

test('a slow request does not hold up others while threads are free', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ThreadsPerChild 3
      MinSpareThreads 1
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/rarely-slow.wsgi`,
    // As Apache says it: all threads of all children that may be are busy for a while.
    allowErrors: [/server reached MaxRequestWorkers setting/],
    files: { 'rarely-slow.wsgi': rarelySlow },
  });
  const notes = `${server.paths.writable}/slow`;
  for (const slowOnes of [1, 2]) {
    // Fast ones: the thread that reads runs them itself, until one turns out to be slow.
    for (let count = 0; count < 200; count++) assert.equal((await server.request('/')).status, 200);
    rmSync(notes, { force: true });
    const slow = Array.from({ length: slowOnes }, () => server.request('/?2'));
    await waitFor('the slow ones', () => existsSync(notes) && readFileSync(notes).length === slowOnes);
    const startedMs = performance.now();
    for (let count = 0; count < 10; count++) assert.equal((await server.request('/')).status, 200);
    assert(performance.now() - startedMs < 1_500);
    for (const { status } of await Promise.all(slow)) assert.equal(status, 200);
  }
});

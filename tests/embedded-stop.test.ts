/** The end of embedded mode: requests are finished, atexit callbacks run, a reload loses nothing, nobody waits for ever. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { editConfig, runCommand, stackLines } from './support/control.js';
import { embedded } from './support/embedded.js';
import { waitForRequestStart } from './support/notes.js';
import { waitFor } from './support/processes.js';
import { application, type TestPaths, TestServer } from './support/server.js';
import { notesConfig } from './support/site.js';

const atEnd = `
import atexit, os
FOLDER = os.path.join(os.path.dirname(__file__), "writable")

@atexit.register
def note():
    with open(os.path.join(FOLDER, "ended"), "a") as file:
        file.write(f"{os.getpid()}\\n")
`;

function config(lines = ''): (paths: TestPaths) => string {
  return (paths) => `
    ThreadsPerChild 2
    MinSpareThreads 1
    ${notesConfig(paths)}
    ${lines}
    WSGIApplicationGroup %{GLOBAL}
    WSGIImportScript ${paths.folder}/at-end.py process-group=%{GLOBAL} application-group=%{GLOBAL}
    WSGIScriptAlias / ${paths.folder}/sleep.wsgi`;
}

const files = { 'sleep.wsgi': application('sleep'), 'at-end.py': atEnd };

function ended({ paths }: TestServer): readonly number[] {
  const path = join(paths.writable, 'ended');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
}

test('a request at hand is finished, then atexit callbacks run', embedded, async () => {
  await using server = await TestServer.start({ config: config(), files });
  const [pid = 0] = server.httpChildPids;
  assert.match(server.errorLog(), /Loading WSGI script '.*at-end\.py' into main interpreter of embedded process/);
  const running = server.request('/?seconds=1');
  await waitForRequestStart(server, 'seconds=1');
  const { exitStatus } = await server.stop();
  assert.equal(exitStatus, 0);
  assert.equal((await running).status, 200);
  assert.deepEqual(ended(server), [pid]);
});

test('WSGIDestroyInterpreter Off ends without them', embedded, async () => {
  await using server = await TestServer.start({ config: config('WSGIDestroyInterpreter Off'), files });
  assert.equal((await server.request('/')).status, 200);
  assert.equal((await server.stop()).exitStatus, 0);
  assert.deepEqual(ended(server), []);
});

test('atexit callbacks that hang are not waited for', embedded, async () => {
  await using server = await TestServer.start({
    config: config(),
    files: { ...files, 'at-end.py': 'import atexit, time\natexit.register(time.sleep, 60)\n' },
    allowErrors: [stackLines, /did not stop in time; sending SIGKILL/],
  });
  const { durationMs, exitStatus } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs > 0);
  assert.match(server.errorLog(), /Shutdown timeout expired; aborting embedded process\./);
  assert.match(server.errorLog(), /Thread 0x/);
});

test('at a reload the old child finishes, and its interpreter ends in good order', embedded, async () => {
  await using server = await TestServer.start({ config: config('KeepAliveTimeout 1'), files });
  const [pid = 0] = server.httpChildPids;
  const running = server.request('/?seconds=3');
  await waitForRequestStart(server, 'seconds=3');
  editConfig(server, 'ThreadsPerChild 2', 'ThreadsPerChild 3');
  assert.equal((await runCommand(server, 'reload')).exitStatus, 0);
  assert.equal((await server.request('/')).status, 200);
  assert.equal((await running).status, 200);
  await waitFor('the end of the old child', () => !server.httpChildPids.includes(pid));
  assert.deepEqual(ended(server), [pid]);
});

/** The end of a process with several interpreters: each one's atexit callbacks run, and shutdown-timeout bounds them all. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { lifetimeMs, servingPids, stackLines } from './support/control.js';
import { waitFor } from './support/processes.js';
import { TestServer } from './support/server.js';

const script = `
import atexit
import os
import threading
import time

import mod_wsgi

NOTES = os.path.join(os.path.dirname(__file__), "writable", "notes")


def note(text):
    with open(NOTES, "a") as notes:
        notes.write(f"{text} {mod_wsgi.application_group or 'main'}\\n")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield environ["mod_wsgi.application_group"].encode("latin-1")
    if environ["QUERY_STRING"] == "slow":
        note("started")
        time.sleep(1)
        yield b" done"


def finish_thread():
    ended.wait(5)
    note("thread")


def linger():
    if mod_wsgi.application_group == os.environ.get("LINGERING_GROUP"):
        while True:
            time.sleep(1)


ended = threading.Event()
threading.Thread(target=finish_thread, daemon=False).start()
threading._register_atexit(ended.set)
mod_wsgi.subscribe_shutdown(lambda name, **facts: note(facts["shutdown_reason"]))
atexit.register(note, "atexit")
atexit.register(linger)
`;

const groups = ['a', 'b', 'c'];

function start(options: string, env: NodeJS.ProcessEnv, allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
WSGIDaemonProcess site threads=3 ${options}
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
${groups.map((name) => `WSGIScriptAlias /${name} ${folder}/site.wsgi application-group=${name}`).join('\n')}
WSGIScriptAlias / ${folder}/site.wsgi
`,
    files: { 'site.wsgi': script },
    env,
    allowErrors,
  });
}

async function loadAll(server: TestServer): Promise<number> {
  assert.equal((await server.request('/')).text, '');
  for (const name of groups) assert.equal((await server.request(`/${name}`)).text, name);
  const [pid] = await servingPids(server);
  assert.ok(pid !== undefined);
  return pid;
}

function notes(server: TestServer): readonly string[] {
  const path = join(server.paths.writable, 'notes');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

describe('application groups at the end of their process', () => {
  it('each tell their subscribers, end their threads and run their callbacks', async () => {
    await using server = await start('', {});
    const pid = await loadAll(server);
    process.kill(pid, 'SIGTERM');
    await lifetimeMs(pid, 15_000);
    const expected = ['atexit', 'shutdown_signal', 'thread'].flatMap((what) =>
      ['main', ...groups].map((name) => `${what} ${name}`),
    );
    assert.deepEqual([...notes(server)].sort(), expected.sort());
    // The main interpreter's come last, as with mod_wsgi.
    assert.equal(notes(server).at(-1), 'atexit main');
    assert.equal((await server.request('/a')).text, 'a');
  });

  it('are bounded by shutdown-timeout, and one that hangs leaves the others theirs', async () => {
    await using server = await start('shutdown-timeout=2', { LINGERING_GROUP: 'b' }, [stackLines]);
    const pid = await loadAll(server);
    process.kill(pid, 'SIGTERM');
    const ms = await lifetimeMs(pid, 15_000);
    assert.ok(ms > 1_900 && ms < 4_500, `gone after ${ms} ms`);
    const ended = notes(server).filter((line) => line.startsWith('atexit '));
    assert.deepEqual([...ended].sort(), ['atexit a', 'atexit c', 'atexit main']);
    await server.waitForLog(/Shutdown timeout expired; aborting daemon process 'site'/);
  });

  it('let requests end that run', async () => {
    await using server = await start('', {});
    const pid = await loadAll(server);
    const slow = groups.map((name) => server.request(`/${name}?slow`));
    await waitFor('the start of three requests', () => {
      return notes(server).filter((line) => line.startsWith('started ')).length === 3;
    });
    process.kill(pid, 'SIGTERM');
    for (const [index, answer] of (await Promise.all(slow)).entries()) {
      assert.equal(answer.text, `${groups[index]} done`);
      assert.ok(answer.complete);
    }
  });
});

/** WSGIPerInterpreterGIL: application groups compute at the same time. Under a Python that can. */

import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, it } from 'node:test';
import { lifetimeMs, runCommand, servingPids, stackLines } from './support/control.js';
import { newPython } from './support/new-python.js';
import { TestServer, type TestServerOptions } from './support/server.js';

/**
 * ?meet: computes, and never offers Python's lock to others, until the other application group computes too. They see
 * each other by a file in memory.
 */
const script = `
import atexit
import mmap
import os
import time

import mod_wsgi

PATIENCE_SECONDS = 2 if os.path.exists(os.path.join(os.path.dirname(__file__), "hurry")) else 20


def note():
    print("at exit in", mod_wsgi.application_group or "main", flush=True)


atexit.register(note)


def meet(name, other):
    with open(os.path.join(os.path.dirname(__file__), "writable", "board"), "r+b") as file:
        board = mmap.mmap(file.fileno(), 2)
    board[name] = 1
    until = time.monotonic() + PATIENCE_SECONDS
    while not board[other]:
        if time.monotonic() > until:
            return False
    return True


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["QUERY_STRING"] != "meet":
        return [b"loaded"]
    name = int(environ["mod_wsgi.application_group"] == "b")
    return [b"met" if meet(name, 1 - name) else b"alone"]
`;

const python = newPython();

function start(lines: string, more: Partial<TestServerOptions> = {}): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
WSGIDaemonProcess site threads=4 switch-interval=60 python-home=${python?.home}
WSGIProcessGroup site
WSGIScriptAlias /a ${folder}/site.wsgi application-group=a
WSGIScriptAlias /b ${folder}/site.wsgi application-group=b
WSGIScriptAlias /main ${folder}/site.wsgi application-group=%{GLOBAL}
${lines}
`,
    files: { 'site.wsgi': script },
    allowErrors: [/at exit in/],
    ...more,
  });
}

/** What both application groups say of each other. */
async function meet(server: TestServer): Promise<readonly string[]> {
  const board = server.writeFile('writable/board', Buffer.alloc(2));
  chmodSync(board, 0o666);
  for (const path of ['/a', '/b']) assert.equal((await server.request(path)).text, 'loaded');
  const answers = await Promise.all(['/a?meet', '/b?meet'].map((path) => server.request(path)));
  return answers.map(({ text }) => text);
}

const skip = python === undefined ? 'there is no Python 3.12 or later here' : false;

describe('application groups with locks of their own', { skip }, () => {
  it('compute at the same time', async () => {
    await using server = await start('WSGIPerInterpreterGIL On');
    assert.deepEqual(await meet(server), ['met', 'met']);
  });

  it('are what it takes for that', async () => {
    await using server = await start('');
    server.writeFile('hurry', '');
    // The second one finds the first one's mark; the first never saw the second.
    assert.deepEqual([...(await meet(server))].sort(), ['alone', 'met']);
  });

  it('are watched each, so that the process ends where one is stuck', async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => `
WSGIDaemonProcess site threads=2 deadlock-timeout=3 python-home=${python?.home}
WSGIProcessGroup site
WSGIPerInterpreterGIL On
WSGIScriptAlias /a ${folder}/stuck.wsgi application-group=a
WSGIScriptAlias /main ${folder}/site.wsgi application-group=%{GLOBAL}
`,
      // Does not give its lock away, nor does it end.
      files: {
        'site.wsgi': script,
        'stuck.wsgi':
          'import re\n\n\ndef application(environ, start_response):\n    re.match("(a+)+$", "a" * 60 + "b")\n',
      },
      allowErrors: [
        /at exit in/,
        stackLines,
        /Daemon process deadlock timer expired.* it was running GET \/a/,
        /ended while it ran 1 requests/,
        /closed connection before sending complete response headers/,
      ],
    });
    const [pid] = await servingPids(server);
    assert.equal((await server.request('/main')).text, 'loaded');
    const answer = server.request('/a');
    // Another interpreter answers meanwhile.
    assert.equal((await server.request('/main')).text, 'loaded');
    await lifetimeMs(pid ?? 0, 20_000);
    assert.equal((await answer).status, 502);
  });

  it('run what is registered at exit, and show the stacks of the main interpreter', async () => {
    await using server = await start('WSGIPerInterpreterGIL On');
    for (const path of ['/a', '/b', '/main']) assert.equal((await server.request(path)).status, 200);
    const shown = await runCommand(server, 'ps', '--stacks');
    assert.match(shown.stdout, /idle in 'a', 1 served/);
    assert.match(shown.stdout, /idle in 'b', 1 served/);
    const [pid] = await servingPids(server);
    process.kill(pid ?? 0, 'SIGTERM');
    await lifetimeMs(pid ?? 0, 15_000);
    for (const name of ['a', 'b', 'main']) await server.waitForLog(new RegExp(`at exit in ${name}`));
  });

  it('are chosen by containers', async () => {
    await using server = await start('', {
      config: ({ folder }) =>
        `
WSGIDaemonProcess site threads=1 python-home=${python?.home}
WSGIProcessGroup site
WSGIPerInterpreterGIL On
<WSGIInterpreterOptions process-group=site application-group=b>
    WSGIPerInterpreterGIL Off
    WSGIPythonPath ${folder}/first
</WSGIInterpreterOptions>
<WSGIInterpreterOptions application-group=b>
    WSGIPerInterpreterGIL On
    WSGIPythonPath ${folder}/second
    WSGISwitchInterval 0.5
</WSGIInterpreterOptions>
WSGIScriptAlias /b ${folder}/show.wsgi application-group=b
WSGIScriptAlias /a ${folder}/show.wsgi application-group=a
`,
      files: { 'show.wsgi': show, 'first/empty.py': '', 'second/empty.py': '' },
    });
    const { folder } = server.paths;
    const a = JSON.parse((await server.request('/a')).text) as Shown;
    const b = JSON.parse((await server.request('/b')).text) as Shown;
    assert.equal(
      a.loads,
      false,
      'an interpreter with a lock of its own takes no module of single-phase initialisation',
    );
    assert.equal(b.loads, true);
    assert.deepEqual(b.path.slice(0, 2), [`${folder}/first`, `${folder}/second`]);
    assert.ok(!a.path.includes(`${folder}/first`));
    assert.equal(b.interval, 0.5);
  });
});

interface Shown {
  readonly loads: boolean;
  readonly path: readonly string[];
  readonly interval: number;
}

/** faulthandler is a module that only interpreters with the common lock can load. */
const show = `
import json
import sys

try:
    import faulthandler
    LOADS = True
except ImportError:
    LOADS = False


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    shown = {"loads": LOADS, "path": sys.path, "interval": sys.getswitchinterval()}
    return [json.dumps(shown).encode()]
`;

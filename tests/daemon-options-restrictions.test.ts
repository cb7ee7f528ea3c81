/** WSGIRestrictStdin, WSGIRestrictStdout and CoreDumpDirectory: what the whole server says about its daemon processes. */

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { findUser, isRoot } from './support/accounts.js';
import { reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { TestServer } from './support/server.js';

const script = `
import sys


def attempt(action):
    try:
        return repr(action())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def application(environ, start_response):
    lines = [
        attempt(lambda: sys.stdin.read()),
        attempt(lambda: input()),
        attempt(lambda: print("printed")),
        attempt(lambda: sys.stdout.flush()),
        attempt(lambda: print("to the log", file=sys.stderr)),
    ]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["\\n".join(lines).encode()]
`;

async function linesOf(server: TestServer): Promise<readonly string[]> {
  const response = await server.request('/');
  assert.equal(response.status, 200);
  return response.text.split('\n');
}

function config(directives: string): (paths: { folder: string }) => string {
  return ({ folder }) => `
    ${directives}
    WSGIDaemonProcess site threads=2
    WSGIApplicationGroup %{GLOBAL}
    WSGIScriptAlias / ${folder}/use-streams.wsgi process-group=site`;
}

const allowErrors = [/:error\].* (?:printed|to the log)$/];

test('both are restricted', async () => {
  await using server = await TestServer.start({
    config: config('WSGIRestrictStdin On\nWSGIRestrictStdout On'),
    files: { 'use-streams.wsgi': script },
    allowErrors,
  });
  assert.deepEqual(await linesOf(server), [
    'OSError: sys.stdin access restricted by mod_wsgi',
    'OSError: sys.stdin access restricted by mod_wsgi',
    'OSError: sys.stdout access restricted by mod_wsgi',
    'OSError: sys.stdout access restricted by mod_wsgi',
    'None',
  ]);
  assert.doesNotMatch(server.errorLog(), / printed$/m);
  await server.stop();
  // Python flushes the standard streams at its end: what is restricted must not make that a failure.
  assert.doesNotMatch(server.errorLog(), /exit code (?!0\b)|Exception ignored/);
});

test('neither is, where nothing is said', async () => {
  await using server = await TestServer.start({
    config: config(''),
    files: { 'use-streams.wsgi': script },
    allowErrors,
  });
  // The end of the file at once: standard input is /dev/null.
  assert.deepEqual(await linesOf(server), ["''", 'EOFError: EOF when reading a line', 'None', 'None', 'None']);
  assert.match(server.errorLog(), / printed$/m);
});

test('CoreDumpDirectory', { skip: isRoot ? false : 'needs root' }, async () => {
  const http = findUser('www-data');
  assert(http);
  for (const [line, owner] of [
    ['', 0],
    ['CoreDumpDirectory /tmp', http.uid],
  ] as const) {
    await using server = await TestServer.start({
      config: (paths) => `User www-data\nGroup www-data\n${line}\n${reportGroups(paths, { site: 'threads=2' })}`,
      files: reportFiles,
    });
    const { pid } = await reportOf(server, '/site');
    // The kernel gives root the files in /proc of a process that may not dump, proc(5).
    assert.equal(statSync(`/proc/${pid}/environ`).uid, owner, line);
  }
});

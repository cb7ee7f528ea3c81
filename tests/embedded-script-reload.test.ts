/** A touched script in embedded mode: executed again in the same interpreter, where imported modules stay. */

import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { embedded } from './support/embedded.js';
import { TestServer } from './support/server.js';

const counting = `
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
import counted
counted.executions += 1
VERSION = "old"

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{VERSION} {counted.executions} {os.getpid()} {__name__.startswith('_mod_wsgi_')}".encode()]
`;

async function startServer(lines = '', allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
      ${lines}
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/site.wsgi`,
    files: { 'site.wsgi': counting, 'counted.py': 'executions = 0' },
    allowErrors,
  });
}

function change(server: TestServer, text: string, atSeconds: number): void {
  const path = join(server.paths.folder, 'site.wsgi');
  writeFileSync(path, text);
  utimesSync(path, atSeconds, atSeconds);
}

test('the new code answers the request that notices it, in the same process', embedded, async () => {
  await using server = await startServer();
  const [pid = 0] = server.httpChildPids;
  assert.equal((await server.request('/')).text, `old 1 ${pid} True`);
  assert.equal((await server.request('/')).text, `old 1 ${pid} True`);
  change(server, counting.replace('"old"', '"new"'), 1_000_000_000);
  assert.equal((await server.request('/')).text, `new 2 ${pid} True`);
  assert.equal((await server.request('/')).text, `new 2 ${pid} True`);
  assert.match(server.errorLog(), /Reloading WSGI script '.*site\.wsgi' into main interpreter of embedded process\./);
  assert.deepEqual(server.httpChildPids, [pid]);
});

test('new code that fails is answered with 500 until it is mended', embedded, async () => {
  await using server = await startServer('', [/Unable to execute|ZeroDivisionError|Traceback|site\.wsgi|1 \/ 0|~~/]);
  const [pid = 0] = server.httpChildPids;
  assert.equal((await server.request('/')).text, `old 1 ${pid} True`);
  change(server, `${counting}\n1 / 0\n`, 1_000_000_000);
  assert.equal((await server.request('/')).status, 500);
  assert.equal((await server.request('/')).status, 500);
  change(server, counting.replace('"old"', '"mended"'), 1_000_000_001);
  assert.equal((await server.request('/')).text, `mended 4 ${pid} True`);
});

test('without WSGIScriptReloading the first code stays', embedded, async () => {
  await using server = await startServer('WSGIScriptReloading Off');
  const [pid = 0] = server.httpChildPids;
  assert.equal((await server.request('/')).text, `old 1 ${pid} True`);
  change(server, counting.replace('"old"', '"new"'), 1_000_000_000);
  assert.equal((await server.request('/')).text, `old 1 ${pid} True`);
});

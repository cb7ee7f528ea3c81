/** WSGIImportScript and script aliases that are loaded at the start: in the order of their lines, once for each process. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TestServer } from './support/server.js';

const script = `import os, time
loaded_at = time.time()
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [f'{os.getpid()} {loaded_at} {__name__}'.encode()]
`;

test('scripts are loaded before the first request, and requests use what was loaded', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIScriptAlias /first ${folder}/first.wsgi process-group=site application-group=%{GLOBAL}
      WSGIImportScript ${folder}/second.wsgi process-group=site application-group=%{GLOBAL}
      WSGIScriptAlias /third ${folder}/third.wsgi process-group=site application-group=%{GLOBAL}
      WSGIScriptAlias /folder ${folder}/ process-group=site application-group=%{GLOBAL}
      WSGIScriptAlias /lazy ${folder}/lazy.wsgi process-group=%{ENV:GROUP} application-group=%{GLOBAL}
      WSGIScriptAlias /second ${folder}/second.wsgi process-group=site
      WSGIImportScript ${folder}/other.wsgi process-group=other application-group=%{GLOBAL}
      WSGIDaemonProcess site processes=2 threads=1
      WSGIDaemonProcess other threads=1
      WSGIApplicationGroup %{GLOBAL}`,
    files: Object.fromEntries(['first', 'second', 'third', 'lazy', 'other'].map((name) => [`${name}.wsgi`, script])),
  });
  const loads = (pid: number): string[] =>
    [...server.errorLog().matchAll(new RegExp(`pid ${pid}:tid \\d+\\] Loading WSGI script '.*/(.*)\\.wsgi'`, 'g'))].map(
      (match) => match[1] ?? '',
    );
  const pids = server.daemonPids('site');
  assert.equal(pids.length, 2);
  for (const pid of pids) assert.deepEqual(loads(pid), ['first', 'second', 'third']);
  assert.deepEqual(server.daemonPids('other').map(loads), [['other']]);

  const atMs = Date.now();
  const answer = await server.request('/second');
  const [pid = '', loadedAt] = answer.text.split(' ');
  assert(Number(loadedAt) * 1000 < atMs, 'it was loaded before it was asked for');
  assert.deepEqual(loads(Number(pid)), ['first', 'second', 'third']);
});

test('both options are needed', async () => {
  for (const [options, says] of [
    ['process-group=site', /error: name of WSGI application group required/],
    ['application-group=%{GLOBAL}', /error: name of WSGI process group required/],
    ['process-group=nobody application-group=%{GLOBAL}', /error: WSGI process group not yet configured/],
    [
      'process-group=%{ENV:X} application-group=%{GLOBAL}',
      /error: nothing is expanded here but %\{GLOBAL\}: '%\{ENV:X\}' names no group/,
    ],
  ] as const) {
    await using server = await TestServer.start({
      config: ({ folder }) => `WSGIDaemonProcess site\nWSGIImportScript ${folder}/a.py ${options}`,
      expectStart: false,
    });
    const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
    assert.match(check.stdout + check.stderr, says);
  }
});

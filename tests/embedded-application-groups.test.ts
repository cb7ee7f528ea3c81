/** Application groups in embedded mode: interpreters of their own beside the main one, in the http children. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceScript } from './support/control.js';
import { embedded } from './support/embedded.js';
import { threadNames, waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';

/** What two applications share where they share an interpreter, and what is written when that is taken down. */
const counting = `import atexit, os, sys

import mod_wsgi

seen = sys.modules.setdefault('shared_by_all', type(sys)('shared_by_all'))
seen.count = getattr(seen, 'count', 0) + 1
folder = os.path.dirname(__file__)


def leave(name=mod_wsgi.application_group):
    with open(os.path.join(folder, 'writable', 'ended'), 'a') as file:
        file.write(f'{name or "main"}\\n')


atexit.register(leave)


def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    text = f"{environ['mod_wsgi.process_group']!r} {environ['mod_wsgi.application_group']!r} {seen.count}"
    return [text.encode()]
`;

test('each mount point has an interpreter of its own, as in mod_wsgi', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 1
      ServerLimit 1
      ThreadsPerChild 2
      WSGIScriptAlias /one ${folder}/one.wsgi
      WSGIScriptAlias /two ${folder}/two.wsgi
      WSGIScriptAlias /main ${folder}/three.wsgi application-group=%{GLOBAL}
      WSGIScriptAlias /both ${folder}/four.wsgi application-group=%{GLOBAL}`,
    files: { 'one.wsgi': counting, 'two.wsgi': counting, 'three.wsgi': counting, 'four.wsgi': counting },
    allowErrors: [/server reached MaxRequestWorkers setting/],
  });
  const host = `127.0.0.1:${server.port}`;
  const text = async (url: string): Promise<string> => (await server.request(url)).text;
  assert.equal(await text('/one'), `'' '${host}|/one' 1`);
  assert.equal(await text('/two'), `'' '${host}|/two' 1`);
  assert.equal(await text('/main'), "'' '' 1");
  assert.equal(await text('/both'), "'' '' 2", 'both are in the main interpreter');
  assert.deepEqual(server.daemonPids(), []);
  const [child = 0] = server.httpChildPids;
  assert.equal(threadNames(child).filter((name) => name.startsWith('wsgi-group')).length, 2);

  // Touched: executed again in the interpreter that it is in.
  replaceScript(server, 'one.wsgi', counting);
  assert.equal(await text('/one'), `'' '${host}|/one' 2`);
  assert.equal(await text('/two'), `'' '${host}|/two' 1`);

  assert.equal((await server.stop()).exitStatus, 0);
  const ended = (): readonly string[] =>
    readFileSync(join(server.paths.writable, 'ended'), 'utf8').split('\n').filter(Boolean).sort();
  await waitFor('what is registered at exit', () => ended().length === 5);
  assert.deepEqual(ended(), [`${host}|/one`, `${host}|/one`, `${host}|/two`, 'main', 'main']);
});

test('applications of all interpreters together are bounded by the request threads', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 1
      ServerLimit 1
      ThreadsPerChild 2
      WSGIScriptAlias /one ${folder}/sleep.wsgi application-group=one
      WSGIScriptAlias /two ${folder}/sleep.wsgi application-group=two
      WSGIScriptAlias /main ${folder}/sleep.wsgi application-group=%{GLOBAL}`,
    files: { 'sleep.wsgi': application('sleep') },
    allowErrors: [/server reached MaxRequestWorkers setting/],
  });
  for (const url of ['/one', '/two', '/main']) assert.equal((await server.request(url)).status, 200);
  const startedMs = performance.now();
  const urls = ['/one', '/two', '/main', '/one', '/two', '/main'].map((url) => `${url}?seconds=0.5`);
  const answers = await Promise.all(urls.map((url) => server.request(url)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert(performance.now() - startedMs >= 1_400, 'two at a time');
});

/** A script that was touched is served by new processes from the next request on, and no request is lost on the way. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TestResponse, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const loadMs = 1_500;
const script = (text: string): string =>
  `def application(environ, start_response):
    body = b'${text}'
    environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]
`;

test('a changed script under load', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'processes=2 threads=3'),
    files: { 'site.wsgi': script('old') },
  });
  assert.equal((await server.request('/')).text, 'old');
  const before = server.daemonPids('site');
  const answers: TestResponse[] = [];
  const untilMs = performance.now() + loadMs;
  const client = async (body: Buffer | undefined): Promise<void> => {
    while (performance.now() < untilMs) {
      answers.push(await server.request('/', body === undefined ? {} : { method: 'POST', body }));
    }
  };
  const load = [client(undefined), client(undefined), client(Buffer.alloc(50_000)), client(undefined)];
  server.writeFile('site.wsgi', script('new'));
  await Promise.all(load);

  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const texts = answers.map(({ text }) => text);
  assert.equal(texts.at(-1), 'new');
  // Once a client has seen the new script it never sees the old one again: every process looks before it runs it.
  assert.equal(texts.lastIndexOf('old') <= texts.indexOf('new') + load.length, true);
  const after = server.daemonPids('site');
  assert.equal(after.length, 2);
  // One that had not loaded the script yet need not be replaced: it loads the new one.
  assert(before.some((pid) => !after.includes(pid)));
  await server.waitForLog(/Forcing restart of daemon process 'site' due to modification of script '.*site\.wsgi'/);
});

test('WSGIScriptReloading Off keeps what was loaded', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1', 'WSGIScriptReloading Off'),
    files: { 'site.wsgi': script('old') },
  });
  assert.equal((await server.request('/')).text, 'old');
  const [pid] = server.daemonPids('site');
  server.writeFile('site.wsgi', script('new'));
  assert.equal((await server.request('/')).text, 'old');
  assert.deepEqual(server.daemonPids('site'), [pid]);
});

test('reload-on-changes watches imported modules', async () => {
  const importing = `import texts
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [texts.text]
`;
  await using server = await TestServer.start({
    config: (paths) => siteConfig('site.wsgi', `threads=1 reload-on-changes=On home=${paths.folder}`)(paths),
    files: { 'site.wsgi': importing, 'texts.py': "text = b'old'\n" },
  });
  assert.equal((await server.request('/')).text, 'old');
  await server.waitForLog(/Loading WSGI script/);
  // The watcher remembers a file at its first look, which comes within a second.
  let text = 'old';
  for (let edit = 1; text === 'old' && edit < 100; edit++) {
    server.writeFile('texts.py', `text = b'new ${edit}'\n`);
    text = (await server.request('/')).text;
    if (text === 'old') await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.match(text, /^new \d+$/);
  await server.waitForLog(/texts\.py' has changed; restarting/);
});

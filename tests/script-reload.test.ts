/** A script that was touched is served by new processes from the next request on, and no request is lost on the way. */

import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { test } from 'node:test';
import { replaceScript, servingPids, touch, waitReplaced } from './support/control.js';
import { waitFor } from './support/processes.js';
import { application, type TestResponse, TestServer } from './support/server.js';
import { siteConfig, versionScript } from './support/site.js';

const files = { 'site.wsgi': application('version') };

/** Once and again, without a pause: none is answered by other code. */
async function askRepeatedly(server: TestServer, version: string): Promise<void> {
  for (let count = 0; count < 5; count++) {
    const { status, text } = await server.request('/', count === 0 ? { method: 'POST', body: 'abc' } : {});
    assert.equal(status, 200);
    assert.match(text, new RegExp(`^${version} \\d+ ${count === 0 ? 3 : 0}\n$`), `request ${count} after the touch`);
  }
}

for (const processes of [1, 3]) {
  test(`whoever touches and then asks gets the new code, with processes=${processes}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('site.wsgi', `processes=${processes} threads=2`),
      files,
    });
    // Each process has it loaded.
    await Promise.all(Array.from({ length: processes * 2 }, () => server.request('/?seconds=0.3')));
    const before = await servingPids(server);
    let former = before;
    for (const version of ['first', 'second']) {
      replaceScript(server, 'site.wsgi', versionScript(version));
      await askRepeatedly(server, version);
      former = await waitReplaced(server, former);
    }
    await server.waitForLog(/Forcing restart of daemon process 'site' due to modification of script '.*site\.wsgi'/);
    await waitFor('their end', () => server.daemonPids('site').length === processes);
  });
}

test('while new code is being loaded the old code answers without delay', async () => {
  const loadMs = 3_000;
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'processes=2 threads=4'),
    files,
  });
  await Promise.all(Array.from({ length: 8 }, () => server.request('/?seconds=0.3')));
  const before = await servingPids(server);
  replaceScript(server, 'site.wsgi', versionScript('new', loadMs / 1000));
  const untilMs = performance.now() + loadMs * 0.7;
  const first = server.request('/');
  await server.waitForLog(/Forcing restart of daemon process 'site'/);
  const answers: TestResponse[] = [];
  const client = async (): Promise<void> => {
    while (performance.now() < untilMs) answers.push(await server.request('/'));
  };
  await Promise.all(Array.from({ length: 4 }, client));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert(answers.filter(({ text }) => text.startsWith('old ')).length >= 10, `of ${answers.length} answers`);
  // The other process notices, too: at most one request of each is held.
  const waited = answers.filter(({ durationMs }) => durationMs > loadMs / 3).length;
  assert(waited <= 1, `${waited} of ${answers.length} requests waited`);
  assert.match((await first).text, /^new /);
  await waitReplaced(server, before);
});

test('a second change while the first is still being brought into force', async () => {
  await using server = await TestServer.start({ config: siteConfig('site.wsgi', 'processes=4 threads=2'), files });
  await Promise.all(Array.from({ length: 8 }, () => server.request('/?seconds=0.3')));
  for (let version = 1; version <= 6; version++) {
    replaceScript(server, 'site.wsgi', versionScript(`v${version}`));
    await askRepeatedly(server, `v${version}`);
  }
  await waitFor('a quiet end', () => server.daemonPids('site').length === 4);
});

test('a touch without a change, and one to an older time', async () => {
  await using server = await TestServer.start({ config: siteConfig('site.wsgi', 'threads=1'), files });
  const [first] = (await server.request('/')).text.split(' ').slice(1, 2);
  touch(server, 'site.wsgi');
  const [second] = (await server.request('/')).text.split(' ').slice(1, 2);
  assert.notEqual(second, first);
  utimesSync(`${server.paths.folder}/site.wsgi`, 1_000_000_000, 1_000_000_000);
  const [third] = (await server.request('/')).text.split(' ').slice(1, 2);
  assert.notEqual(third, second);
  assert.equal((await server.request('/')).text.split(' ')[1], third);
});

test('WSGIScriptReloading Off keeps what was loaded', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1', 'WSGIScriptReloading Off'),
    files,
  });
  assert.match((await server.request('/')).text, /^old /);
  const before = await servingPids(server);
  replaceScript(server, 'site.wsgi', versionScript('new'));
  assert.match((await server.request('/')).text, /^old /);
  assert.deepEqual(await servingPids(server), before);
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
    replaceScript(server, 'texts.py', `text = b'new ${edit}'\n`);
    text = (await server.request('/')).text;
    if (text === 'old') await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.match(text, /^new \d+$/);
  await server.waitForLog(/texts\.py' has changed; restarting/);
});

/** Sites that fall into embedded mode unasked: start-up and check say which lines are missing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { embedded } from './support/embedded.js';
import { application, TestServer } from './support/server.js';

const files = { 'hello.wsgi': application('hello') };

test('WSGIDaemonProcess without WSGIProcessGroup', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `WSGIDaemonProcess site threads=2
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias / ${folder}/hello.wsgi`,
    files,
  });
  const says =
    /httpd\.conf:7:\d+: warning: '.*\/hello\.wsgi' runs in embedded mode, .*'WSGIDaemonProcess site' \(.*httpd\.conf:5:\d+\) is defined; write 'WSGIProcessGroup site' and 'WSGIApplicationGroup %\{GLOBAL\}' outside of any section/;
  assert.match(server.output(), says);
  assert.equal((await server.request('/')).status, 200);
  const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
  assert.equal(check.exitStatus, 0);
  assert.match(check.stdout + check.stderr, says);
});

test('WSGIRestrictEmbedded answers with 500, and no Python is loaded', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `WSGIRestrictEmbedded On
WSGIScriptAlias / ${folder}/hello.wsgi`,
    files,
    allowErrors: [/Embedded mode of mod_wsgi disabled by runtime system configuration/],
  });
  assert.match(server.output(), /httpd\.conf:6:\d+: warning: .* which WSGIRestrictEmbedded forbids/);
  assert.equal((await server.request('/')).status, 500);
  assert(!server.errorLog().includes('Starting embedded mode'));
});

test('info tells whether it can be had, and who uses it', embedded, async () => {
  assert.match((await runStillhouse(['info'])).stdout, /^Embedded mode: +available \(.*libpython3.*\)$/m);
  await using server = await TestServer.start({
    config: ({ folder }) => `ThreadsPerChild 3\nMinSpareThreads 1\nWSGIScriptAlias / ${folder}/hello.wsgi`,
    files,
  });
  const info = await runStillhouse(['info', '-f', `${server.paths.folder}/httpd.conf`]);
  assert.match(info.stdout, /^Embedded mode: +3 request threads in each http child .*hello\.wsgi$/m);
});

/**
 * A process group that nobody defined: an error of `check`, a warning at the start and at a reload, and only its requests
 * get 500 and mod_wsgi's log phrase.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { application, TestServer } from './support/server.js';

test('requests for a process group that is not defined', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /option ${folder}/hello.wsgi process-group=sight
      WSGIScriptAlias /section ${folder}/hello.wsgi
      WSGIScriptAlias /variable ${folder}/hello.wsgi process-group=%{ENV:GROUP}
      WSGIScriptAlias / ${folder}/hello.wsgi
      SetEnvIf Request_URI ^/variable GROUP=cite
      <Location /section>
        WSGIProcessGroup nowhere
      </Location>`,
    files: { 'hello.wsgi': application('hello') },
    allowErrors: [/No WSGI daemon process called '(?:sight|nowhere|cite)' has been configured/],
  });
  for (const [url, group] of [
    ['/option', 'sight'],
    ['/section', 'nowhere'],
    ['/variable', 'cite'],
  ] as const) {
    const { status, text } = await server.request(url);
    assert.equal(status, 500);
    assert.match(text, /<title>500 Internal Server Error<\/title>/);
    await server.waitForLog(
      new RegExp(`\\[wsgi:error\\].* No WSGI daemon process called '${group}' has been configured`),
    );
  }
  assert.equal((await server.request('/')).text, 'hello\n');
  const warnings = server.output().match(/warning: WSGI process group not yet configured: .*'sight'.*500/g);
  assert.equal(warnings?.length, 1, 'said once at the start');

  const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
  const output = check.stdout + check.stderr;
  assert.equal(check.exitStatus, 1);
  assert.match(output, /httpd\.conf:9:\d+: error: WSGI process group not yet configured: .*'sight'/);
  assert.match(output, /httpd\.conf:15:\d+: error: WSGI process group not yet configured: .*'nowhere'/);

  process.kill(server.pid, 'SIGHUP');
  await server.waitForLog(/resuming normal operations \(generation 2\)/);
  assert.match(server.errorLog(), /:warn\].*httpd\.conf:9:\d+: warning: WSGI process group not yet configured/);
  assert.equal((await server.request('/')).text, 'hello\n');
});

test('a group of another virtual host is out of reach', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIApplicationGroup %{GLOBAL}
      <VirtualHost *:*>
        ServerName one.example
        WSGIDaemonProcess one threads=1
        WSGIScriptAlias / ${folder}/hello.wsgi process-group=one
      </VirtualHost>
      <VirtualHost *:*>
        ServerName two.example
        WSGIScriptAlias / ${folder}/hello.wsgi process-group=one
      </VirtualHost>`,
    files: { 'hello.wsgi': application('hello') },
    allowErrors: [/The WSGI daemon process called 'one' cannot be accessed by this WSGI application/],
  });
  assert.equal((await server.request('/', { headers: { Host: 'one.example' } })).status, 200);
  assert.equal((await server.request('/', { headers: { Host: 'two.example' } })).status, 500);
  assert.match(server.output(), /warning: WSGI process group not accessible: 'one' belongs to a virtual host/);
});

test('the same name defined twice ends the start', async () => {
  await using server = await TestServer.start({
    config: 'WSGIDaemonProcess site\nWSGIDaemonProcess site threads=2',
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /httpd\.conf:6:\d+: error: .*duplicates previous WSGI daemon definition/);
});

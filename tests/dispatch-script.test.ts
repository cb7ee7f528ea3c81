/** WSGIDispatchScript: a script that says for each request where it runs, and what becomes of requests if it can't. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const site = `def answer(name):
    def application(environ, start_response):
        body = environ['wsgi.input'].read()
        start_response('200 OK', [('Content-Type', 'text/plain')])
        return [f"{environ['mod_wsgi.process_group']} {name} {len(body)}".encode()]
    return application

application = answer('application')
other = answer('other')
`;

const dispatch = `import os

def process_group(environ):
    path = environ['PATH_INFO']
    if path == '/two':
        return 'two'
    if path == '/bytes':
        return b'two'
    if path == '/variable':
        return '%{ENV:GROUP}'
    if path == '/unknown':
        return 'nobody'
    if path == '/hidden':
        return '*scripts*'
    if path == '/number':
        return 2
    if path == '/raises':
        raise LookupError('no group')
    if path == '/crash':
        os._exit(3)
    if path == '/environ':
        assert 'wsgi.input' not in environ
        assert environ['mod_wsgi.process_group'] == ''
        print('asked by', environ['REMOTE_ADDR'], file=environ['wsgi.errors'])

def application_group(environ):
    return '%{GLOBAL}'

def callable_object(environ):
    return environ.get('HTTP_CALLABLE')
`;

test('requests go where the script says', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess one threads=2
      WSGIDaemonProcess two threads=2
      WSGIProcessGroup one
      WSGIApplicationGroup %{GLOBAL}
      SetEnvIf Request_URI ^/variable GROUP=two
      WSGIScriptAlias / ${folder}/site.wsgi
      WSGIDispatchScript ${folder}/dispatch.py application-group=%{GLOBAL}`,
    files: { 'site.wsgi': site, 'dispatch.py': dispatch },
    allowErrors: [
      /No WSGI daemon process called '(?:nobody|\*scripts\*)' has been configured/,
      /\[script .*dispatch\.py\] /,
      /daemon process '\*scripts\*' \(pid=\d+\) ended while it ran 1 requests/,
      /the process of WSGI dispatch script '.*dispatch\.py' ended before it answered/,
      /Process '\*scripts\*' \(pid=\d+\) has died/,
    ],
  });
  const text = async (url: string, headers = {}): Promise<string> => (await server.request(url, { headers })).text;
  assert.equal(await text('/'), 'one application 0');
  assert.equal(await text('/two'), 'two application 0');
  assert.equal(await text('/bytes'), 'two application 0');
  assert.equal(await text('/variable'), 'two application 0');
  assert.equal(await text('/two', { Callable: 'other' }), 'two other 0');
  const posted = await server.request('/two', { method: 'POST', body: Buffer.alloc(300_000) });
  assert.equal(posted.text, 'two application 300000');

  assert.equal((await server.request('/environ')).status, 200);
  await server.waitForLog(/\[script .*dispatch\.py\] asked by 127\.0\.0\.1/);

  for (const [url, line] of [
    ['/unknown', /No WSGI daemon process called 'nobody' has been configured/],
    ['/hidden', /No WSGI daemon process called '\*scripts\*' has been configured/],
    ['/number', /TypeError: Process group must be a byte string, value of type int found/],
    ['/raises', /LookupError exception raised processing WSGI dispatch script '.*dispatch\.py'/],
    ['/crash', /the process of WSGI dispatch script '.*dispatch\.py' ended before it answered/],
  ] as const) {
    assert.equal((await server.request(url)).status, 500, url);
    await server.waitForLog(line);
  }
  // Another process took the place of the one that crashed.
  assert.equal(await text('/two'), 'two application 0');
});

test('a script that can not be loaded, and one that is changed', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess one threads=2
      WSGIDaemonProcess two threads=2
      WSGIProcessGroup one
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/site.wsgi
      <Location /dispatched>
        WSGIDispatchScript ${folder}/dispatch.py
      </Location>`,
    files: { 'site.wsgi': site, 'dispatch.py': '1 / 0\n' },
    allowErrors: [/\[script .*dispatch\.py\] /],
  });
  const text = async (url: string): Promise<string> => (await server.request(url)).text;
  assert.equal(await text('/'), 'one application 0');
  assert.doesNotMatch(server.errorLog(), /dispatch\.py/);
  assert.equal(await text('/dispatched'), 'one application 0');
  await server.waitForLog(/Unable to execute Python script file '.*dispatch\.py'/);
  await server.waitForLog(/ZeroDivisionError/);
  const [pid] = server.daemonPids('*scripts*');

  server.writeFile('dispatch.py', "def process_group(environ): return 'two'\n");
  assert.equal(await text('/dispatched'), 'two application 0');
  server.writeFile('dispatch.py', 'def process_group(environ): return None  # longer than before\n');
  assert.equal(await text('/dispatched'), 'one application 0');
  await server.waitForLog(/Reloading WSGI script '.*dispatch\.py'/);
  assert.deepEqual(server.daemonPids('*scripts*'), [pid], 'it is loaded in place');
});

test('an application may have no process group but the one that the script names', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess two threads=2
      WSGIScriptAlias / ${folder}/site.wsgi
      WSGIDispatchScript ${folder}/dispatch.py`,
    files: { 'site.wsgi': site, 'dispatch.py': "def process_group(environ): return 'two'\n" },
  });
  assert.equal((await server.request('/')).text, 'two application 0');
  assert.match(server.output(), /\(wsgi-scripts\) \(pid \d+\)/);
});

/** WSGIAccessScript, WSGIAuthUserScript and WSGIAuthGroupScript: where they run, and what becomes of requests if they can't. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { TestServer } from './support/server.js';

const site = `def application(environ, start_response):
    body = environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [f"{environ['mod_wsgi.process_group']} {environ.get('REMOTE_USER')} {len(body)}".encode()]
`;

const script = `import os
import time

def allow_access(environ, host):
    path = environ['REQUEST_URI']
    if 'crash' in path:
        os._exit(3)
    if 'wait' in path:
        print('waiting', file=environ['wsgi.errors'])
        time.sleep(1 if 'left' in path else 3.5)
        print('waited', file=environ['wsgi.errors'])
    assert 'wsgi.input' not in environ and 'FROM_CONFIG' not in environ and 'HTTP_AUTHORIZATION' not in environ
    return host == '127.0.0.1'

def check_password(environ, user, password):
    print('asked for', user, file=environ['wsgi.errors'])
    return password == 'secret'

def groups_for_user(environ, user):
    return ['staff'] if user == 'ann' else []
`;

const config = (folder: string): string => `
  WSGIDaemonProcess one threads=2
  WSGIProcessGroup one
  WSGIApplicationGroup %{GLOBAL}
  SetEnvIf Request_URI . FROM_CONFIG=yes
  WSGIScriptAlias / ${folder}/site.wsgi
  Timeout 3
  <Location />
    WSGIAccessScript ${folder}/auth.py application-group=%{GLOBAL}
  </Location>
  <Location /closed>
    AuthType Basic
    AuthName closed
    AuthBasicProvider wsgi
    WSGIAuthUserScript ${folder}/auth.py
    WSGIAuthGroupScript ${folder}/auth.py
    Require wsgi-group staff
  </Location>`;

function basic(user: string, password = 'secret'): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

test('requests are admitted by scripts, also those with bodies', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'site.wsgi': site, 'auth.py': script },
    allowErrors: [
      /\[script .*auth\.py\] /,
      /user ann: authentication failure for "\/closed": Password Mismatch/,
      /Authorization of user 'bob' to access '\/closed' failed\. User is not a member of any groups\./,
      /user bob: authorization failure/,
    ],
  });
  assert.match(server.output(), /\(wsgi-scripts\) \(pid \d+\)/);
  assert.equal((await server.request('/')).text, 'one None 0');
  const ask = async (user: string, password?: string): Promise<number> =>
    (await server.request('/closed', { headers: basic(user, password) })).status;
  assert.equal(await ask('ann'), 200);
  assert.equal(await ask('ann', 'hunter2'), 401);
  assert.equal(await ask('bob'), 401);
  const body = Buffer.alloc(300_000);
  const posted = await server.request('/closed', { method: 'POST', body, headers: basic('ann') });
  assert.equal(posted.text, 'one ann 300000');
  assert.equal((await server.request('/closed', { method: 'POST', body })).status, 401);
  await server.waitForLog(/\[script .*auth\.py\] asked for ann/);
  assert.doesNotMatch(server.errorLog(), /hunter2|secret/);

  const [pid] = server.daemonPids('*scripts*');
  server.writeFile('auth.py', `${script}\ndef check_password(environ, user, password): return password == 'changed'\n`);
  assert.equal(await ask('ann', 'changed'), 200);
  assert.equal(await ask('ann', 'secret'), 401);
  assert.deepEqual(server.daemonPids('*scripts*'), [pid], 'it is loaded in place');
});

test('a script that crashes or does not answer admits nobody', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'site.wsgi': site, 'auth.py': script },
    allowErrors: [
      /\[script .*auth\.py\] /,
      /daemon process '\*scripts\*' \(pid=\d+\) ended while it ran 1 requests/,
      /Process '\*scripts\*' \(pid=\d+\) has died/,
      /the process of WSGI host access script '.*auth\.py' ended before it answered/,
      /no answer of WSGI host access script '.*auth\.py' within 3 s/,
    ],
  });
  assert.equal((await server.request('/crash')).status, 500);
  await server.waitForLog(/the process of WSGI host access script '.*auth\.py' ended before it answered/);
  assert.equal((await server.request('/')).status, 200, 'another process took its place');

  assert.equal((await server.request('/wait')).status, 504);
  // A client that leaves is nobody's error; its question is given up.
  await assert.rejects(server.request('/wait?left', { timeoutMs: 300 }));
  await waitFor('both to have waited', () => server.errorLog().match(/\] waited/g)?.length === 2);
  assert.equal((await server.request('/')).status, 200);
});

test('a body that breaks while a script is asked is refused', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `${config(folder)}\n<Location />\nWSGIChunkedRequest On\n</Location>`,
    files: { 'site.wsgi': site, 'auth.py': script },
  });
  const answer = await server.rawRequest(
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n',
  );
  assert.match(answer.toString(), /^HTTP\/1\.1 400 /);
  assert.equal((await server.request('/')).status, 200);
});

test('a script may be asked under a condition only', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess one threads=2
      WSGIProcessGroup one
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/site.wsgi
      <If "%{HTTP:X-Guarded} == 'yes'">
        WSGIAccessScript ${folder}/guard.py
      </If>`,
    files: { 'site.wsgi': site, 'guard.py': 'def allow_access(environ, host): return False\n' },
    allowErrors: [/Client denied by server configuration: '.*site\.wsgi'\./],
  });
  assert.equal((await server.request('/')).status, 200);
  assert.equal((await server.request('/', { headers: { 'X-Guarded': 'yes' } })).status, 403);
});

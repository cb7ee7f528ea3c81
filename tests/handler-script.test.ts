/** WSGIHandlerScript: a script as a handler of files, by SetHandler, AddHandler and RewriteRule. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const handler = (name: string): string => `import json

def handle_request(environ, start_response):
    start_response('200 OK', [('Content-Type', 'application/json')])
    keys = ('SCRIPT_NAME', 'PATH_INFO', 'SCRIPT_FILENAME', 'HTTP_AUTHORIZATION', 'mod_wsgi.request_handler',
            'mod_wsgi.handler_script', 'mod_wsgi.callable_object', 'mod_wsgi.process_group')
    return [json.dumps({'by': '${name}', **{key: environ.get(key) for key in keys}}).encode()]
`;

test('files that a script handles', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      DocumentRoot ${folder}/documents
      WSGIDaemonProcess one threads=2
      WSGIDaemonProcess two threads=2
      WSGIProcessGroup one
      WSGIApplicationGroup %{GLOBAL}
      WSGICallableObject ignored
      WSGIHandlerScript outer ${folder}/outer.py
      WSGIHandlerScript authorized ${folder}/outer.py process-group=two application-group=%{GLOBAL} pass-authorization=On
      AddHandler outer .doc
      <Location /virtual>
        SetHandler authorized
      </Location>
      <Location /inner>
        WSGIHandlerScript outer ${folder}/inner.py process-group=%{ENV:GROUP}
        SetHandler outer
        SetEnvIf Request_URI . GROUP=two
      </Location>
      <Location /strict>
        SetHandler outer
        AcceptPathInfo Off
      </Location>
      RewriteEngine On
      RewriteRule ^/by-rule/ - [H=outer]
      <Location />
        Require all granted
      </Location>`,
    files: {
      'outer.py': handler('outer'),
      'inner.py': handler('inner'),
      'documents/page.doc': 'page',
      'documents/plain.txt': 'plain',
      'documents/strict': 'strict',
    },
  });
  const { folder } = server.paths;
  const ask = async (url: string): Promise<Record<string, unknown>> => {
    const response = await server.request(url, { headers: { Authorization: 'Basic eDp5' } });
    assert.equal(response.status, 200, `${url}: ${response.text}`);
    return JSON.parse(response.text) as Record<string, unknown>;
  };
  const outer = `${folder}/outer.py`;
  assert.deepEqual(await ask('/page.doc/more'), {
    by: 'outer',
    SCRIPT_NAME: '/page.doc',
    PATH_INFO: '/more',
    SCRIPT_FILENAME: `${folder}/documents/page.doc`,
    HTTP_AUTHORIZATION: null,
    'mod_wsgi.request_handler': 'outer',
    'mod_wsgi.handler_script': outer,
    'mod_wsgi.callable_object': 'handle_request',
    'mod_wsgi.process_group': 'one',
  });
  // Nothing of that name is there, and nothing has to.
  assert.deepEqual(await ask('/virtual/a/b'), {
    by: 'outer',
    SCRIPT_NAME: '/virtual',
    PATH_INFO: '/a/b',
    SCRIPT_FILENAME: `${folder}/documents/virtual`,
    HTTP_AUTHORIZATION: 'Basic eDp5',
    'mod_wsgi.request_handler': 'authorized',
    'mod_wsgi.handler_script': outer,
    'mod_wsgi.callable_object': 'handle_request',
    'mod_wsgi.process_group': 'two',
  });
  const inner = await ask('/inner');
  assert.deepEqual([inner.by, inner['mod_wsgi.process_group']], ['inner', 'two']);
  assert.equal((await ask('/by-rule/x')).by, 'outer');
  assert.equal((await server.request('/plain.txt')).text, 'plain');
  assert.equal((await server.request('/strict')).status, 200);
  assert.equal((await server.request('/strict/more')).status, 404);
});

test('without a DocumentRoot', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess one threads=1
      WSGIApplicationGroup %{GLOBAL}
      WSGIHandlerScript all ${folder}/all.py process-group=one
      <Location />
        SetHandler all
      </Location>`,
    files: { 'all.py': handler('all') },
  });
  const response = await server.request('/a/b');
  assert.equal(response.status, 200, response.text);
  const { SCRIPT_NAME, PATH_INFO } = JSON.parse(response.text) as Record<string, unknown>;
  assert.deepEqual([SCRIPT_NAME, PATH_INFO], ['/a/b', '']);
});

test('a changed handler script is served by new processes', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess one threads=1
      WSGIApplicationGroup %{GLOBAL}
      WSGIHandlerScript all ${folder}/all.py process-group=one
      <Location />
        SetHandler all
      </Location>`,
    files: { 'all.py': handler('old') },
  });
  assert.match((await server.request('/')).text, /"by": "old"/);
  server.writeFile('all.py', handler('new'));
  assert.match((await server.request('/')).text, /"by": "new"/);
});

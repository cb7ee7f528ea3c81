/** Which requests go to which access log: GlobalLog, and the conditions of log lines. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';

test('requests of a virtual host with log lines of its own', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      GlobalLog ${folder}/global.log "%U %>s"
      CustomLog ${folder}/main.log "%U"
      <VirtualHost *:*>
        ServerName site.example
        CustomLog ${folder}/failed.log "%U %>s" "expr=%{REQUEST_STATUS} -ge 400"
        CustomLog ${folder}/typed.log "%U" "expr=%{resp:Content-Type} =~ m#^text/plain#"
        CustomLog ${folder}/marked.log "%U" env=MARK
        SetEnvIf Request_URI ^/mark MARK
        WSGIDaemonProcess site threads=1
        WSGIProcessGroup site
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias /app ${folder}/hello.wsgi
      </VirtualHost>`,
    files: { 'hello.wsgi': application('hello') },
  });
  const log = (name: string): readonly string[] =>
    readFileSync(join(server.paths.folder, `${name}.log`), 'utf8')
      .split('\n')
      .slice(0, -1);
  assert.equal((await server.request('/app')).status, 200);
  assert.equal((await server.request('/mark')).status, 404);
  await waitFor('the logs', () => log('global').length === 2);
  assert.deepEqual(log('global'), ['/app 200', '/mark 404']);
  assert.deepEqual(log('failed'), ['/mark 404']);
  assert.deepEqual(log('typed'), ['/app']);
  assert.deepEqual(log('marked'), ['/mark']);
  assert.deepEqual(log('main'), []);
});

/** Which virtual host answers: by address and port, then by name, then the first one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

function virtualHost(folder: string, name: string, lines: string): string {
  return `
    <VirtualHost *:*>
      ${lines}
      SetEnv VIRTUAL_HOST ${name}
      WSGIDaemonProcess ${name} threads=1
      WSGIProcessGroup ${name}
      WSGIScriptAlias / ${folder}/probe.wsgi
      ErrorLog ${folder}/${name}-error.log
    </VirtualHost>`;
}

test('hosts by name, alias, case, port and default', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIApplicationGroup %{GLOBAL}
      ${virtualHost(folder, 'first', 'ServerName first.example')}
      ${virtualHost(folder, 'second', 'ServerName second.example\nServerAlias www.second.example *.two.example')}
      ${virtualHost(folder, 'third', 'ServerName third.example\nServerAlias second.example')}`,
    files: { 'probe.wsgi': application('probe') },
  });
  const cases = [
    ['first.example', 'first'],
    ['second.example', 'second'],
    ['SECOND.Example', 'second'],
    [`second.example:${server.port}`, 'second'],
    ['second.example:1', 'second'],
    ['second.example.', 'second'],
    ['www.second.example', 'second'],
    ['a.b.two.example', 'second'],
    ['two.example', 'first'],
    ['third.example', 'third'],
    ['unknown.example', 'first'],
    ['127.0.0.1', 'first'],
  ] as const;
  for (const [host, expected] of cases) {
    const { status, text } = await server.request('/', { headers: { Host: host } });
    assert.equal(status, 200, host);
    assert(text.includes(`VIRTUAL_HOST = '${expected}'\n`), `${host}: ${text}`);
    assert(text.includes(`mod_wsgi.process_group = '${expected}'\n`), host);
  }
  const withoutHost = (await server.rawRequest('GET / HTTP/1.0\r\n\r\n')).toString();
  assert.match(withoutHost, /VIRTUAL_HOST = 'first'/);
  const absolute = (
    await server.rawRequest('GET http://third.example/ HTTP/1.1\r\nHost: second.example\r\nConnection: close\r\n\r\n')
  ).toString();
  assert.match(absolute, /VIRTUAL_HOST = 'third'/, 'an absolute URL counts for more than Host');
});

test('each port has hosts of its own', async () => {
  await using server = await TestServer.start({
    listen: 'Listen 127.0.0.1:0\nListen 127.0.0.2:0',
    config: ({ folder }) => `
      WSGIApplicationGroup %{GLOBAL}
      WSGIDaemonProcess site threads=1
      WSGIProcessGroup site
      WSGIScriptAlias / ${folder}/probe.wsgi
      <VirtualHost 127.0.0.1:*>
        SetEnv VIRTUAL_HOST one
      </VirtualHost>`,
    files: { 'probe.wsgi': application('probe') },
  });
  assert.equal(server.ports.length, 2);
  const { text } = await server.request('/');
  assert.match(text, /VIRTUAL_HOST = 'one'/);
  assert.match(text, new RegExp(`SERVER_PORT = '${server.port}'`));
  const other = await server.request('/', { host: '127.0.0.2', port: server.ports[1] ?? 0 });
  assert.equal(other.status, 200);
  assert.doesNotMatch(other.text, /VIRTUAL_HOST/, 'the main server');
});

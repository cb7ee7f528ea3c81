/** The environ of nasty request targets and headers: what applications decide by must not be what a client makes up. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const tellEnviron = `
import json

def application(environ, start_response):
    kinds = {key: type(value).__name__ for key, value in environ.items()}
    values = {key: value for key, value in environ.items() if isinstance(value, (str, bool, int, float, tuple))}
    body = json.dumps({"kinds": kinds, "values": values}).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

interface Environ {
  readonly kinds: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

test('the environ', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ServerName www.example.com
      ServerAdmin webmaster@example.com
      SetEnv FROM_CONFIGURATION value
      SetEnv REMOTE_ADDR 10.0.0.1
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /mount/deep ${folder}/tell-environ.wsgi
      WSGIScriptAlias / ${folder}/tell-environ.wsgi
      <Location /nodecode>
      </Location>`,
    files: { 'tell-environ.wsgi': tellEnviron },
  });

  async function send(request: string): Promise<Environ> {
    using client = await RawClient.open(server);
    client.send(request);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200], client.text);
    return JSON.parse(client.text.slice(client.text.indexOf('\r\n\r\n') + 4)) as Environ;
  }
  const environOf = (target: string, fields = ''): Promise<Environ> =>
    send(`GET ${target} HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n${fields}\r\n`);
  const has = ({ values }: Environ, expected: Readonly<Record<string, unknown>>): void => {
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, values[key]])), expected);
  };

  for (const [target, scriptName, pathInfo, query] of [
    ['/', '', '/', ''],
    ['/?', '', '/', ''],
    ['/a?b?c=%2F&d', '', '/a', 'b?c=%2F&d'],
    ['//a///b//', '', '/a/b/', ''],
    ['/a/./b/../c', '', '/a/c', ''],
    ['/%61%2e%2e/b', '', '/a../b', ''],
    ['/a/%2e%2e/b', '', '/b', ''],
    ['/caf%C3%A9', '', '/caf\u00c3\u00a9', ''],
    ['/%ff%fe', '', '/\u00ff\u00fe', ''],
    ['/a%20b%3Fc%23d', '', '/a b?c#d', ''],
    ['/a;b=c,d', '', '/a;b=c,d', ''],
    ['/%252F', '', '/%2F', ''],
    ['/mount/deep', '/mount/deep', '', ''],
    ['/mount/deep/', '/mount/deep', '/', ''],
    ['/mount/deep/x%2520y?q', '/mount/deep', '/x%20y', 'q'],
    ['//mount//deep//x', '/mount/deep', '/x', ''],
    ['/mount/deeper', '', '/mount/deeper', ''],
    ['/MOUNT/deep', '', '/MOUNT/deep', ''],
    ['/mount/deep/../deep/x', '/mount/deep', '/x', ''],
  ] as const) {
    await context.test(`target ${target}`, async () => {
      has(await environOf(target), {
        REQUEST_URI: target,
        SCRIPT_NAME: scriptName,
        PATH_INFO: pathInfo,
        QUERY_STRING: query,
      });
    });
  }

  await context.test('a target in absolute form names the host', async () => {
    const environ = await send(
      'GET http://other.example.com:81/x?y HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n',
    );
    has(environ, { PATH_INFO: '/x', QUERY_STRING: 'y', REQUEST_URI: 'http://other.example.com:81/x?y' });
    assert.equal(environ.values.SERVER_NAME, 'other.example.com');
  });

  await context.test("methods are passed on, OPTIONS too; TRACE is the server's own", async () => {
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      const environ = await send(`${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      assert.equal(environ.values.REQUEST_METHOD, method);
    }
    using client = await RawClient.open(server);
    client.send('TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await client.waitForEnd();
    assert.match(client.text, /\r\n\r\nTRACE \/ HTTP\/1\.1\r\nHost: a\r\nConnection: close\r\n\r\n$/);
  });

  await context.test("OPTIONS * is the server's own", async () => {
    using client = await RawClient.open(server);
    client.send('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await client.waitForEnd();
    assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)+\r\n$/);
  });

  await context.test('names with an underscore never arrive, nor do they beat those with a hyphen', async () => {
    const { values } = await environOf(
      '/',
      'X_Forwarded_For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4\r\nX_Forwarded_For: 7.7.7.7\r\nX_Only: x\r\n',
    );
    assert.equal(values.HTTP_X_FORWARDED_FOR, '1.2.3.4');
    assert.equal('HTTP_X_ONLY' in values, false);
  });

  await context.test('Proxy, Proxy-Authorization and Authorization are dropped', async () => {
    const { values } = await environOf(
      '/',
      'Proxy: http://evil\r\nProxy-Authorization: Basic eA==\r\nAuthorization: Basic eA==\r\n',
    );
    assert.deepEqual(
      Object.keys(values).filter((key) => /PROXY|AUTHORIZATION/.test(key)),
      [],
    );
  });

  await context.test('names with other characters are dropped', async () => {
    const { values } = await environOf('/', 'X.Dot: a\r\nX!Bang: a\r\nX-Fine1: a\r\n');
    assert.deepEqual(
      Object.keys(values).filter((key) => key.startsWith('HTTP_X')),
      ['HTTP_X_FINE1'],
    );
  });

  await context.test('repeated fields are joined, values keep their bytes', async () => {
    const { values } = await environOf(
      '/',
      'X-A: one\r\nx-a:  two  \r\nCookie: a=1\r\nCookie: b=2\r\nX-B: caf\u00c3\u00a9\r\nX-Empty:\r\n',
    );
    assert.equal(values.HTTP_X_A, 'one, two');
    assert.match(String(values.HTTP_COOKIE), /^a=1[,;] b=2$/);
    assert.equal(values.HTTP_X_B, 'caf\u00c3\u00a9');
    assert.equal(values.HTTP_X_EMPTY, '');
  });

  await context.test('CONTENT_TYPE and CONTENT_LENGTH are there only if sent, and not as HTTP_', async () => {
    const without = await environOf('/');
    assert.equal('CONTENT_TYPE' in without.values || 'CONTENT_LENGTH' in without.values, false);
    const { values } = await environOf('/', 'Content-Type: a/b\r\nContent-Length: 0\r\n');
    assert.deepEqual([values.CONTENT_TYPE, values.CONTENT_LENGTH], ['a/b', '0']);
    assert.equal('HTTP_CONTENT_TYPE' in values || 'HTTP_CONTENT_LENGTH' in values, false);
  });

  await context.test('a client sets no variable of the server', async () => {
    const { values } = await environOf('/', 'Remote-User: root\r\nHTTPS: on\r\nwsgi.input: x\r\nPath: /evil\r\n');
    assert.equal('REMOTE_USER' in values || 'HTTPS' in values || 'PATH' in values, false);
    assert.equal(values.HTTP_REMOTE_USER, 'root');
    assert.equal(values['wsgi.url_scheme'], 'http');
  });

  await context.test("SetEnv arrives, and CGI variables are the server's word", async () => {
    const { values } = await environOf('/');
    assert.equal(values.FROM_CONFIGURATION, 'value');
    assert.equal(values.REMOTE_ADDR, '127.0.0.1');
  });

  await context.test('keys and types', async () => {
    const environ = await environOf('/');
    const { kinds, values } = environ;
    for (const [key, kind] of Object.entries(kinds)) {
      if (!/^(?:wsgi|mod_wsgi|apache)\./.test(key)) assert.equal(kind, 'str', key);
    }
    has(environ, {
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_NAME: 'www.example.com',
      SERVER_ADMIN: 'webmaster@example.com',
      SERVER_ADDR: '127.0.0.1',
      REQUEST_SCHEME: 'http',
      HTTP_HOST: 'www.example.com',
      SCRIPT_FILENAME: `${server.paths.folder}/tell-environ.wsgi`,
      'wsgi.version': [1, 0],
      'wsgi.url_scheme': 'http',
      'wsgi.input_terminated': true,
      'wsgi.multithread': true,
      'wsgi.multiprocess': false,
      'wsgi.run_once': false,
      'mod_wsgi.process_group': 'app',
      'mod_wsgi.application_group': '',
      'mod_wsgi.callable_object': 'application',
      'mod_wsgi.listener_port': String(server.port),
    });
    assert.equal(typeof values['mod_wsgi.request_start'], 'number');
    assert.match(String(values.REMOTE_PORT), /^\d+$/);
    for (const key of ['GATEWAY_INTERFACE', 'PATH_TRANSLATED', 'SERVER_SIGNATURE', 'REMOTE_HOST', 'PATH', 'HTTPS']) {
      assert.equal(key in values, false, key);
    }
  });
});

for (const [mode, target, expected] of [
  ['On', '/a%2Fb%2f%2e%2e/c', '/a/c'],
  ['NoDecode', '/a%2Fb%20c', '/a%2Fb c'],
] as const) {
  test(`AllowEncodedSlashes ${mode}`, async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => `
        AllowEncodedSlashes ${mode}
        WSGIDaemonProcess app threads=1
        WSGIProcessGroup app
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/tell-environ.wsgi`,
      files: { 'tell-environ.wsgi': tellEnviron },
    });
    const { values } = JSON.parse((await server.request(target)).text) as Environ;
    assert.deepEqual([values.PATH_INFO, values.REQUEST_URI], [expected, target]);
  });
}

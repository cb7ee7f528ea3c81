/** Expect: 100-continue: the client hears 100 when, and only when, the application reads. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { application, TestServer } from './support/server.js';

const readAsTold = `
import time

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/unread":
        start_response("403 Forbidden", [("Content-Length", "2")])
        return [b"no"]
    if path == "/later":
        time.sleep(0.5)
    if path == "/after-response-began":
        return after_response_began(environ, start_response)
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]

def after_response_began(environ, start_response):
    start_response("200 OK", [])
    yield b"first,"
    yield environ["wsgi.input"].read()
`;
const head = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`;

test('Expect: 100-continue', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /echo ${folder}/echo.wsgi
      WSGIScriptAlias / ${folder}/read-as-told.wsgi`,
    files: { 'read-as-told.wsgi': readAsTold, 'echo.wsgi': application('echo') },
  });

  await context.test('100 comes when the application reads, not before', async () => {
    using client = await RawClient.open(server);
    const startedMs = performance.now();
    client.send(head('/later'));
    await client.waitFor(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs > 450, `100 after ${elapsedMs} ms`);
    client.send('body');
    await client.waitFor(/\r\n\r\nbody$/);
    // The connection goes on.
    client.send('GET /unread HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.waitFor(/\r\n\r\nno$/);
    assert.deepEqual(client.statuses, [100, 200, 403]);
  });

  await context.test('an application that does not read: its answer, no 100, and the connection ends', async () => {
    using client = await RawClient.open(server);
    client.send(head('/unread'));
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [403]);
    assert.match(client.text, /^Connection: close\r$/m);
  });

  await context.test('a client that does not wait loses nothing', async () => {
    using client = await RawClient.open(server);
    client.send(`${head('/read')}body`);
    await client.waitFor(/\r\n\r\nbody$/);
    assert.deepEqual(client.statuses, [100, 200]);
  });

  await context.test('no 100 in the midst of a response', async () => {
    using client = await RawClient.open(server);
    client.send(head('/after-response-began'));
    await client.waitFor(/first,/);
    client.send('body');
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
    assert.match(client.text, /\r\n\r\n6\r\nfirst,\r\n4\r\nbody\r\n0\r\n\r\n$/);
  });

  await context.test('a request without a body needs no 100', async () => {
    using client = await RawClient.open(server);
    client.send('GET /read HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n');
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
  });

  await context.test('HTTP/1.0 knows no expectations', async () => {
    using client = await RawClient.open(server);
    client.send('POST /read HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody');
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
  });

  await context.test('2 MB that are sent after 100 come back', async () => {
    const sent = randomBytes(2_000_000);
    const headers = { Expect: '100-continue', 'Content-Length': sent.length };
    const request = sendRequest({ host: '127.0.0.1', port: server.port, path: '/echo', method: 'POST', headers });
    const response = once(request, 'response');
    request.flushHeaders();
    await once(request, 'continue');
    request.end(sent);
    const [incoming] = (await response) as [IncomingMessage];
    assert(Buffer.concat(await incoming.toArray()).equals(sent));
  });
});

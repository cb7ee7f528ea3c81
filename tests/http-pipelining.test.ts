/** Several requests sent at once on one connection: run one after the other, answered in their order. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const recordOverlap = `
import threading, time
from urllib.parse import parse_qs
inside = 0

def application(environ, start_response):
    global inside
    inside += 1
    time.sleep(float(parse_qs(environ["QUERY_STRING"]).get("seconds", ["0"])[0]))
    body = f"<{environ['PATH_INFO']} {inside} {environ['wsgi.input'].read().decode()}>".encode()
    inside -= 1
    print("ran", environ["PATH_INFO"])
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;
const host = 'Host: localhost\r\n';

function start(): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=5
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/record-overlap.wsgi
      <Location />
        WSGIChunkedRequest On
      </Location>`,
    files: { 'record-overlap.wsgi': recordOverlap },
    allowErrors: [/\] ran \//],
  });
}

test('pipelined requests', async (context) => {
  await using server = await start();
  const bodies = (text: string): readonly string[] => text.match(/<[^>]*>/g) ?? [];

  await context.test('100 of them with a slow first one: in order, never two at a time', async () => {
    using client = await RawClient.open(server);
    let requests = `GET /0?seconds=0.3 HTTP/1.1\r\n${host}\r\n`;
    for (let index = 1; index < 100; index++) requests += `GET /${index} HTTP/1.1\r\n${host}\r\n`;
    client.send(requests);
    await client.waitFor(/<\/99 /);
    assert.deepEqual(
      bodies(client.text),
      Array.from({ length: 100 }, (_, index) => `</${index} 1 >`),
    );
  });

  await context.test('bodies, read and unread, do not shift what follows', async () => {
    using client = await RawClient.open(server);
    client.send(`POST /a?seconds=0.1 HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nfirst`);
    client.send(`POST /b HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n`);
    client.send(`GET /c HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    await client.waitForEnd();
    assert.deepEqual(bodies(client.text), ['</a 1 first>', '</b 1 second>', '</c 1 >']);
  });

  await context.test('garbage after a valid request: its answer, then 400', async () => {
    using client = await RawClient.open(server);
    client.send(`GET /slow?seconds=0.3 HTTP/1.1\r\n${host}\r\n@@@@ garbage\r\n\r\n`);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200, 400]);
  });

  await context.test('CONNECT after a valid request: its answer, then 405', async () => {
    using client = await RawClient.open(server);
    client.send(`GET /slow?seconds=0.3 HTTP/1.1\r\n${host}\r\nCONNECT a:443 HTTP/1.1\r\n${host}\r\n`);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200, 405]);
  });

  await context.test('a waiting request whose chunks are malformed never reaches the application', async () => {
    using client = await RawClient.open(server);
    client.send(`GET /before?seconds=0.3 HTTP/1.1\r\n${host}\r\n`);
    client.send(`POST /malformed HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200, 400]);
    assert.doesNotMatch(server.errorLog(), /ran \/malformed/);
  });

  await context.test('what follows a request with Connection: close is not run', async () => {
    using client = await RawClient.open(server);
    client.send(`GET /last?seconds=0.2 HTTP/1.1\r\n${host}Connection: close\r\n\r\nGET /never HTTP/1.1\r\n${host}\r\n`);
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
    assert.doesNotMatch(server.errorLog(), /ran \/never/);
  });
});

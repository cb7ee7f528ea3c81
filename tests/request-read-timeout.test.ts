/** RequestReadTimeout: headers and bodies that come too slowly. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const read = `
def application(environ, start_response):
    try:
        body = environ["wsgi.input"].read()
    except OSError:
        print("read failed")
        raise
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

const dripMs = 200;

/** Sends a text again and again until the server ends the connection. */
async function drip(client: RawClient, text: string): Promise<number> {
  const startedMs = performance.now();
  const timer = setInterval(() => client.send(text), dripMs);
  try {
    await client.waitForEnd();
  } finally {
    clearInterval(timer);
  }
  return performance.now() - startedMs;
}

test('requests that come slowly', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      Timeout 30
      RequestReadTimeout header=2-4,MinRate=50 body=2,MinRate=50
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/read.wsgi`,
    files: { 'read.wsgi': read },
    allowErrors: [/\] read failed$/],
  });
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n';

  const tests = [
    context.test('a header that trickles in: 408', async () => {
      using client = await RawClient.open(server);
      client.send('GET / HTTP/1.1\r\nX: ');
      const elapsedMs = await drip(client, 'x');
      assert.deepEqual(client.statuses, [408]);
      assert(elapsedMs > 1900 && elapsedMs < 5500, `after ${elapsedMs} ms`);
    }),
    context.test('a header that keeps the rate has until the maximum', async () => {
      using client = await RawClient.open(server);
      client.send('GET / HTTP/1.1\r\nX: ');
      const elapsedMs = await drip(client, 'x'.repeat(20));
      assert.deepEqual(client.statuses, [408]);
      assert(elapsedMs > 3900 && elapsedMs < 8000, `after ${elapsedMs} ms`);
    }),
    context.test('the header of a second request, too', async () => {
      using client = await RawClient.open(server);
      client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await client.waitFor(/200 OK/);
      client.send('GET / HTTP/1.1\r\nX: ');
      await drip(client, 'x');
      assert.deepEqual(client.statuses, [200, 408]);
    }),
    context.test('a body that trickles in: 408', async () => {
      using client = await RawClient.open(server);
      client.send(head);
      const elapsedMs = await drip(client, 'x');
      assert.deepEqual(client.statuses, [408]);
      assert(elapsedMs > 1900 && elapsedMs < 5500, `after ${elapsedMs} ms`);
      await server.waitForLog(/request body came too slowly: \d+ bytes in 2 s \(RequestReadTimeout\)/);
    }),
    context.test('a body that keeps the rate is waited for', async () => {
      using client = await RawClient.open(server);
      client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600\r\nConnection: close\r\n\r\n');
      for (let sent = 0; sent < 600; sent += 20) {
        client.send('x'.repeat(20));
        await new Promise((resolve) => setTimeout(resolve, dripMs));
      }
      await client.waitForEnd();
      assert.deepEqual(client.statuses, [200]);
    }),
  ];
  await Promise.all(tests);
});

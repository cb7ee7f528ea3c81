/** Timeout: slow headers, slow bodies, and clients that stop taking their response. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const readOrFlood = `
class Blocks:
    def __init__(self, count):
        self.left = count
    def __iter__(self):
        return self
    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return b"x" * 65536
    def close(self):
        print("closed, left", self.left)

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/read":
        print("reads")
        try:
            body = environ["wsgi.input"].read()
        except OSError:
            print("read failed")
            raise
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    if path in ("/flood", "/tail"):
        start_response("200 OK", [])
        return Blocks(int(environ["QUERY_STRING"]))
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
`;

test('clients that are too slow', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      Timeout 2
      WSGIDaemonProcess app threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/read-or-flood.wsgi`,
    files: { 'read-or-flood.wsgi': readOrFlood },
    allowErrors: [/\] (?:reads|read failed|closed, left \d+)$/],
  });
  const threadIsFree = async (): Promise<void> => {
    assert.equal((await server.request('/hello', { timeoutMs: 3000 })).text, 'hello');
  };
  const openConnections = async (): Promise<number> => {
    const { openFiles } = await import('./support/processes.js');
    return server.httpChildPids.reduce(
      (sum, pid) => sum + openFiles(pid).filter((file) => file.startsWith('socket:')).length,
      0,
    );
  };
  await threadIsFree();
  // The connection of that request must be gone before it is counted what a server has open that is idle.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const idleConnections = await openConnections();

  // All at once, so that the test takes as long as the slowest.
  const slowHeader = context.test('a header that does not come to its end: 408', async () => {
    using client = await RawClient.open(server);
    const startedMs = performance.now();
    client.send('GET / HTTP/1.1\r\nHost: lo');
    const drip = setInterval(() => client.send('c'), 300);
    try {
      await client.waitForEnd();
    } finally {
      clearInterval(drip);
    }
    assert.deepEqual(client.statuses, [408]);
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs > 1900 && elapsedMs < 6000, `after ${elapsedMs} ms`);
  });
  const silence = context.test('a connection without a byte is ended without a word', async () => {
    using client = await RawClient.open(server);
    await client.waitForEnd();
    assert.equal(client.text, '');
  });
  await Promise.all([slowHeader, silence]);

  await context.test('a body that stops coming: 408, and the thread is free', async () => {
    using client = await RawClient.open(server);
    client.send('POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf');
    await server.waitForLog(/\] reads$/m);
    const startedMs = performance.now();
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [408]);
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs > 900 && elapsedMs < 4500, `after ${elapsedMs} ms`);
    await server.waitForLog(/read failed/);
    await threadIsFree();
    await server.waitForLog(/wsgi:info.*client sent none of the request body for 2 s/);
  });

  await context.test('a body that trickles in is waited for as long as it does', async () => {
    using client = await RawClient.open(server);
    client.send('POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\n');
    for (const byte of '0123456789') {
      client.send(byte);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await client.waitForEnd();
    assert.match(client.text, /\r\n\r\n0123456789$/);
  });

  await context.test('a response that nobody takes: cut, close() runs, and the thread is free', async () => {
    using client = await RawClient.open(server, { isReading: false });
    client.send('GET /flood?1000 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await server.waitForLog(/closed, left [1-9]\d*$/m);
    await threadIsFree();
    await server.waitForLog(/wsgi:info.*client took none of the response for 2 s/);
    await waitFor('the connection to be gone', async () => (await openConnections()) <= idleConnections, 4000);
  });

  await context.test('the end of a response that nobody takes holds no connection for ever', async () => {
    using client = await RawClient.open(server, { isReading: false });
    // What the flood got rid of before it was stopped, less two: the last ones stay in the server.
    const left = /closed, left (\d+)$/m.exec(server.errorLog())?.[1];
    client.send(`GET /tail?${1000 - Number(left) - 2} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    // The application is done: what is left lies in buffers.
    await server.waitForLog(/closed, left 0$/m);
    await waitFor('the connection to be gone', async () => (await openConnections()) <= idleConnections, 8000);
  });
});

/**
 * response-buffer-size and response-socket-timeout: a slow client does not keep a request thread, one that takes
 * nothing is given up, and one that takes little by little is not.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const flood = `
class Blocks:
    def __init__(self, name, count):
        self.name = name
        self.left = count
    def __iter__(self):
        return self
    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return b"x" * 65536
    def close(self):
        print("closed", self.name, "left", self.left)

def application(environ, start_response):
    count = int(environ["QUERY_STRING"] or 0)
    start_response("200 OK", [("Content-Length", str(count * 65536))])
    return Blocks(environ["PATH_INFO"], count)
`;

/** What the kernel keeps for a client that reads nothing is a few megabytes: the rest waits in the server. */
const manyBlocks = 600;

function start(options: string): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
      Timeout 60
      StartServers 1
      WSGIDaemonProcess app threads=1 ${options}
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/flood.wsgi`,
    files: { 'flood.wsgi': flood },
    // The second: a request that its client has given up may be waiting at the end.
    allowErrors: [/\] closed \S+ left \d+$/, / the server stops$/],
  });
}

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test('a response that fits into response-buffer-size gives its thread back while the client takes it', async () => {
  await using server = await start(`response-buffer-size=${manyBlocks * 65_536}`);
  using client = await RawClient.open(server, { isReading: false });
  client.send(get(`/large?${manyBlocks}`));
  await server.waitForLog(/closed \/large left 0/);
  assert.equal((await server.request('/')).status, 200);
});

test('one that does not fit keeps its thread', async () => {
  await using server = await start('response-buffer-size=65536');
  using client = await RawClient.open(server, { isReading: false });
  client.send(get(`/large?${manyBlocks}`));
  await assert.rejects(server.request('/', { timeoutMs: 1_500 }));
  assert.doesNotMatch(server.errorLog(), /closed \/large/);
  client.leave('reset');
  await server.waitForLog(/closed \/large left [1-9]/);
});

test('response-socket-timeout gives up a client that takes nothing', async (context) => {
  await context.test('while the application makes the response', async () => {
    await using server = await start('response-buffer-size=65536 response-socket-timeout=1');
    using client = await RawClient.open(server, { isReading: false });
    client.send(get(`/large?${manyBlocks}`));
    await server.waitForLog(/\[wsgi:info\].*client took none of the response for 1 s/);
    await server.waitForLog(/closed \/large left [1-9]/);
    assert.equal((await server.request('/')).status, 200);
  });

  await context.test('after the application has made it', async () => {
    await using server = await start(`response-buffer-size=${manyBlocks * 65_536} response-socket-timeout=1`);
    using client = await RawClient.open(server, { isReading: false });
    client.send(get(`/large?${manyBlocks}`));
    await server.waitForLog(/closed \/large left 0/);
    await server.waitForLog(/\[core:info\].*client took none of the response for 1 s/);
    client.socket.resume();
    await client.waitForEnd();
  });
});

// About 4 MB/s, so that a write of all that is kept takes longer than response-socket-timeout. A small receive buffer,
// which Node can't set: what is not read waits in the server.
const readSlowly = `
import socket, sys, time
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.sendall(b"GET %s HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n" % sys.argv[2].encode())
count = 0
until = time.monotonic() + 7
while True:
    block = client.recv(65536)
    if not block:
        break
    count += len(block)
    if time.monotonic() < until:
        time.sleep(0.015)
print(count)
`;

test('a client that takes a little at a time is not given up', async (context) => {
  for (const [what, bufferBytes] of [
    ['while the application makes the response', 16 * 1024 * 1024],
    ['after the application has made it', 64 * 1024 * 1024],
  ] as const) {
    await context.test(what, async () => {
      await using server = await start(`response-buffer-size=${bufferBytes} response-socket-timeout=3`);
      const python = process.env.STILLHOUSE_TEST_PYTHON ?? 'python3';
      const args = ['-c', readSlowly, String(server.port), `/large?${manyBlocks}`];
      const { stdout } = await promisify(execFile)(python, args);
      const headBytesLimit = 1000;
      const bodyBytes = manyBlocks * 65_536;
      const received = Number(stdout);
      assert(received > bodyBytes && received < bodyBytes + headBytesLimit, `received ${received} bytes`);
      assert.doesNotMatch(server.errorLog(), /took none/);
    });
  }
});

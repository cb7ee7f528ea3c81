/** A client that reads slowly: no process buffers its response without bound, and nobody else waits for it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentBytes } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

const flood = `
def application(environ, start_response):
    if environ["PATH_INFO"] == "/hello":
        start_response("200 OK", [("Content-Length", "5")])
        return [b"hello"]
    start_response("200 OK", [])
    return iter(lambda: b"x" * 1000000, b"")
`;
const growthBytesLimit = 32 * 1024 * 1024;

test('a client that reads 10 kB/s of an endless response', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess app threads=3
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/flood.wsgi`,
    files: { 'flood.wsgi': flood },
  });
  // Warm: what a first request loads is no growth.
  for (let index = 0; index < 20; index++) await server.request('/hello');
  const pids = server.allPids();
  const before = new Map(pids.map((pid) => [pid, residentBytes(pid)]));

  using slow = await RawClient.open(server, { isReading: false });
  using second = await RawClient.open(server, { isReading: false });
  for (const client of [slow, second]) client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  let slowest = 0;
  const startedMs = performance.now();
  while (performance.now() - startedMs < 5000) {
    slow.socket.read(Math.min(1000, slow.socket.readableLength));
    const { durationMs, text } = await server.request('/hello');
    assert.equal(text, 'hello');
    slowest = Math.max(slowest, durationMs);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const [pid, bytes] of before) {
    const growth = residentBytes(pid) - bytes;
    assert(growth < growthBytesLimit, `process ${pid} grew by ${growth} bytes`);
  }
  assert(slowest < 1000, `another client waited for ${slowest} ms`);
});

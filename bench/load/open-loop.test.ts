import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { test } from 'node:test';
import { runOpenLoop } from './open-loop.js';

const request = { path: '/', expect: { bytes: 12 } };

async function listen(answer: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

test('latency counts from when a request was due, not from when a connection was free for it', async () => {
  const { server, port } = await listen((_, response) => setTimeout(() => response.end('hello world\n'), 30));
  // One connection gets 33 of 100 requests a second through: each waits longer than the last.
  const figures = await runOpenLoop({ port, request, connections: 1, ratePerSecond: 100, seconds: 0.5 });
  server.close();
  assert.equal(figures.requests, 50);
  assert.equal(figures.errors, 0);
  // Measured from when each was sent it would be 30.
  assert.ok(figures.p50Ms > 300, `${figures.p50Ms} ms`);
  assert.ok(figures.maxMs > figures.p50Ms + 300, `${figures.maxMs} ms`);
});

test('what is never answered is an error, and long', async () => {
  let count = 0;
  const { server, port } = await listen((_, response) => {
    count += 1;
    if (count < 10) response.end('hello world\n');
  });
  const figures = await runOpenLoop({ port, request, connections: 2, ratePerSecond: 100, seconds: 0.2 });
  server.closeAllConnections();
  server.close();
  assert.ok(figures.errors >= 12, `${figures.errors} errors`);
  assert.match(figures.errorText, /no answer 2 s after the end/);
  assert.ok(figures.p99Ms > 1900, `${figures.p99Ms} ms`);
});

test('errors are counted by kind', async () => {
  const { server, port } = await listen((_, response) => {
    response.statusCode = 503;
    response.end();
  });
  const figures = await runOpenLoop({ port, request, connections: 4, ratePerSecond: 100, seconds: 0.1 });
  server.close();
  assert.deepEqual([figures.requests, figures.errors, figures.errorText], [10, 10, '10 x status 503']);
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { runMixedLoop } from './mixed-loop.js';

test('slow requests are sent as often as asked, and their time is not in the latencies', async () => {
  const asked = { fast: 0, slow: 0 };
  const server = createServer((request, response) => {
    const isSlow = request.url === '/slow';
    asked[isSlow ? 'slow' : 'fast'] += 1;
    setTimeout(() => response.end('hello world\n'), isSlow ? 400 : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const expect = { bytes: 12 };
  const figures = await runMixedLoop({
    port,
    request: { path: '/fast', expect },
    slow: { path: '/slow', expect },
    slowEvery: 10,
    connections: 2,
    seconds: 0.3,
  });
  server.close();
  assert.equal(figures.errors, 0);
  assert.equal(figures.requests, asked.fast + asked.slow);
  assert.equal(figures.extra?.slowRequests, asked.slow);
  assert.equal(asked.slow, Math.floor(figures.requests / 10));
  assert.ok(asked.slow >= 1);
  assert.ok(figures.p50Ms < 300, `${figures.p50Ms} ms`);
});

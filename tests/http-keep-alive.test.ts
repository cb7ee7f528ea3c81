/** How long a connection serves: KeepAlive, MaxKeepAliveRequests, KeepAliveTimeout, HTTP/1.0. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { application, TestServer } from './support/server.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

function start(directives: string): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
      ${directives}
      WSGIDaemonProcess app threads=2
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/hello.wsgi`,
    files: { 'hello.wsgi': application('hello') },
  });
}

test('a connection ends after MaxKeepAliveRequests and says so', async () => {
  await using server = await start('MaxKeepAliveRequests 3');
  using client = await RawClient.open(server);
  client.send(get.repeat(5));
  await client.waitForEnd();
  assert.deepEqual(client.statuses, [200, 200, 200]);
  assert.deepEqual(client.text.match(/^Connection: .*(?=\r$)/gm), [
    'Connection: keep-alive',
    'Connection: keep-alive',
    'Connection: close',
  ]);
});

test('KeepAlive Off: one request a connection', async () => {
  await using server = await start('KeepAlive Off');
  using client = await RawClient.open(server);
  client.send(get.repeat(2));
  await client.waitForEnd();
  assert.deepEqual(client.statuses, [200]);
  assert.match(client.text, /^Connection: close\r$/m);
});

test('connections that wait for another request', async (context) => {
  await using server = await start('KeepAliveTimeout 1');

  await context.test('are ended after KeepAliveTimeout', async () => {
    using client = await RawClient.open(server);
    client.send(get);
    await client.waitFor(/hello/);
    const startedMs = performance.now();
    await client.waitForEnd();
    const elapsedMs = performance.now() - startedMs;
    assert(elapsedMs > 900 && elapsedMs < 3500, `ended after ${elapsedMs} ms`);
  });

  await context.test('HTTP/1.0 ends after one answer', async () => {
    using client = await RawClient.open(server);
    client.send('GET / HTTP/1.0\r\n\r\n'.repeat(2));
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200]);
    assert.match(client.text, /^Connection: close\r$/m);
  });

  await context.test('HTTP/1.0 with Connection: keep-alive goes on where the length is known', async () => {
    using client = await RawClient.open(server);
    client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'.repeat(2));
    await client.waitForEnd();
    assert.deepEqual(client.statuses, [200, 200]);
    assert.match(client.text, /^Connection: keep-alive\r$/m);
  });
});

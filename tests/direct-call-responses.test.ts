/** Requests that the main thread of a prefork child runs itself: answers and bodies are as over the channel. */

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { notesOf, prove, startCalled } from './support/called.js';
import { embedded } from './support/embedded.js';
import { waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';
import type { TestServer } from './support/server.js';

test('every block is the client’s before the next one is asked for', embedded, async () => {
  await using server = await startCalled();
  for (const query of ['blocks', 'write']) {
    await prove(server);
    const received = await new Promise<string[]>((resolve, reject) => {
      const chunks: string[] = [];
      get(`${server.url}/?${query}`, (response) => {
        assert.equal(response.headers['x-thread'], 'main');
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk.toString());
          // Only then does the application go on.
          server.writeFile('writable/go', '');
        });
        response.on('end', () => resolve(chunks));
      }).on('error', reject);
    });
    if (query === 'blocks') assert.deepEqual(received, ['first', 'second']);
    else assert.deepEqual([received[0], received.join('')], ['written', 'written and returned']);
  }
});

test('answers of all kinds', embedded, async () => {
  await using server = await startCalled({
    allowErrors: [/ValueError|Traceback|called\.wsgi|raise |return |\[script .*\] (?:printed|told)/],
    files: { 'file.bin': Buffer.alloc(3_000_000, 'file') },
  });
  const ask = async (query: string, method = 'GET'): ReturnType<TestServer['request']> => {
    await prove(server, method);
    const response = await server.request(`/?${query}`, { method });
    if (response.status < 500) assert.equal(response.headers['x-thread'], 'main', query);
    return response;
  };
  const summary = ({ status, text, complete, headers }: Awaited<ReturnType<typeof ask>>) => [
    status,
    text,
    complete,
    headers['content-length'],
  ];
  assert.deepEqual(summary(await ask('')), [200, 'answer', true, '6']);
  assert.deepEqual(summary(await ask('lengthy')), [200, 'answer', true, '6']);
  assert.deepEqual(summary(await ask('closing=one')), [200, 'onetwo', true, undefined]);
  assert.deepEqual(notesOf(server), ['closed one']);
  assert.deepEqual(summary(await ask('status=304')), [304, '', true, undefined]);
  assert.deepEqual(summary(await ask('status=204')), [204, '', true, undefined]);
  assert.deepEqual(summary(await ask('status=404')), [404, 'answer', true, '6']);
  assert.deepEqual(summary(await ask('', 'HEAD')), [200, '', true, '6']);
  assert.deepEqual(summary(await ask('closing=two', 'HEAD')).slice(0, 3), [200, '', true]);
  assert.deepEqual(notesOf(server), ['closed one', 'closed two']);
  const file = await ask('wrapped=file.bin');
  assert.deepEqual([file.body.length, file.headers['content-length'], file.complete], [3_000_000, '3000000', true]);
  assert(file.body.equals(Buffer.alloc(3_000_000, 'file')));
  assert.equal((await ask('fail=before')).status, 500);
  assert.equal((await ask('fail=after')).status, 500);
  const late = await ask('fail=late');
  assert.deepEqual([late.status, late.text, late.complete], [200, 'first', false]);
  assert.match(server.errorLog(), /ValueError: after the first block/);
  await ask('print');
  await server.waitForLog(/\[client 127\.0\.0\.1:\d+\] \[script .*called\.wsgi\] printed/);
  await server.waitForLog(/\[client 127\.0\.0\.1:\d+\] \[script .*called\.wsgi\] told/);
  // An answer that is larger than the memory that Node.js and Python share.
  assert.deepEqual(summary(await ask('')), [200, 'answer', true, '6']);
});

test('bodies: what has come whole is taken along, the rest goes over the channel', embedded, async () => {
  await using server = await startCalled({ lines: 'WSGIChunkedRequest On' });
  await prove(server, 'POST');
  const small = await server.request('/?echo', { method: 'POST', body: 'abcdef' });
  assert.deepEqual([small.text, small.headers['x-thread']], ['ab|cdef', 'main']);
  const lines = await server.request('/?echo=lines', { method: 'POST', body: 'one\ntwo\nthree' });
  assert.deepEqual([lines.text, lines.headers['x-thread']], ['one\n|two\n|three', 'main']);
  const large = Buffer.alloc(3_000_000, 'body');
  const echoed = await server.request('/?echo', { method: 'POST', body: large });
  assert.equal(echoed.headers['x-thread'], 'request');
  assert(echoed.body.equals(Buffer.concat([large.subarray(0, 2), Buffer.from('|'), large.subarray(2)])));

  await prove(server, 'POST');
  using client = await RawClient.open(server);
  client.send('POST /?echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc');
  await new Promise((resolve) => setTimeout(resolve, 300));
  client.send('def');
  await client.waitForEnd();
  assert.match(client.text, /X-Thread: request\r\n[\s\S]*\r\n\r\nab\|cdef$/);

  await prove(server, 'POST');
  using chunked = await RawClient.open(server);
  chunked.send('POST /?echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
  chunked.send('3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n');
  await chunked.waitForEnd();
  assert.match(chunked.text, /\r\n\r\nab\|cdef$/);

  await prove(server, 'POST');
  using expecting = await RawClient.open(server);
  const head = 'POST /?echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n';
  expecting.send(head);
  await expecting.waitFor(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  expecting.send('abcdef');
  await expecting.waitFor(/ab\|cdef$/);
});

test('one connection, many requests, some sent ahead', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  using client = await RawClient.open(server);
  const request = 'GET /?closing=x HTTP/1.1\r\nHost: localhost\r\n\r\n';
  client.send(request);
  await client.waitFor(/two\r\n0\r\n\r\n$/);
  client.send(request.repeat(50));
  await waitFor('51 answers', () => client.statuses.length === 51);
  client.send(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  await client.waitForEnd();
  assert.deepEqual(client.statuses, new Array<number>(52).fill(200));
  assert.equal(client.text.match(/X-Thread: main/g)?.length, 52);
  assert.equal(notesOf(server).length, 52);
});

test('compressed responses go over the channel', embedded, async () => {
  await using server = await startCalled({ lines: 'AddOutputFilterByType DEFLATE text/plain' });
  for (let count = 0; count < 20; count++) {
    const { headers } = await server.request('/?closing=x', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.deepEqual([headers['x-thread'], headers['content-encoding']], ['request', 'gzip']);
  }
  // Who takes no compressed ones has them called.
  await prove(server);
});

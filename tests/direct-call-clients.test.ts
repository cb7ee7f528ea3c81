/** Clients that leave or are slow while the main thread of a prefork child runs their request. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { notesOf, prove, startCalled } from './support/called.js';
import { embedded } from './support/embedded.js';
import { residentBytes, waitFor } from './support/processes.js';
import { RawClient } from './support/raw-client.js';

const flood = 'GET /?flood HTTP/1.1\r\nHost: localhost\r\n\r\n';
const growthBytesLimit = 48 * 1024 * 1024;

test('the application hears that its client has left, and is closed', embedded, async () => {
  await using server = await startCalled();
  for (const how of ['close', 'reset'] as const) {
    await prove(server);
    using client = await RawClient.open(server);
    client.send(flood);
    await client.waitFor(/X-Thread: main/);
    const closed = notesOf(server).filter((note) => note === 'closed flood').length;
    client.leave(how);
    await waitFor('close()', () => notesOf(server).filter((note) => note === 'closed flood').length === closed + 1);
    assert.equal((await server.request('/')).text, 'answer');
  }
});

test('what a slow client has not taken is not made', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  const [pid = 0] = server.httpChildPids;
  const before = residentBytes(pid);
  using client = await RawClient.open(server, { isReading: false });
  client.send(flood);
  let taken = 0;
  const startedMs = performance.now();
  while (performance.now() - startedMs < 4000) {
    taken += (client.socket.read(Math.min(100_000, client.socket.readableLength)) as Buffer | null)?.length ?? 0;
    await sleep(50);
  }
  assert(taken > 1_000_000, `${taken} bytes`);
  const growth = residentBytes(pid) - before;
  assert(growth < growthBytesLimit, `it grew by ${growth} bytes`);
  const made = notesOf(server).filter((note) => note === 'block').length * 1_000_000;
  // The buffers of the kernel are in between.
  assert(made < taken + 20_000_000, `${made} bytes were made, ${taken} taken`);
  assert(!notesOf(server).includes('closed flood'), 'it is served as long as it takes something');
  client.leave('reset');
  await waitFor('close()', () => notesOf(server).includes('closed flood'));
});

test('a client that takes nothing is given up after Timeout', embedded, async () => {
  await using server = await startCalled({ lines: 'Timeout 2' });
  await prove(server);
  using client = await RawClient.open(server, { isReading: false });
  client.send(flood);
  await waitFor('close()', () => notesOf(server).includes('closed flood'), 15_000);
  assert.equal((await server.request('/')).text, 'answer');
});

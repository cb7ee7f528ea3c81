/** Clients that don't take a long file: Timeout ends those that take nothing, and none that takes something. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

// More than the kernel takes by itself.
const fileBytes = 40_000_000;
const get = 'GET /long.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

test('a client that does not take a long file', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      Timeout 3
      DocumentRoot ${folder}/docs
      <Directory ${folder}/docs>
        Require all granted
      </Directory>`,
    files: { 'docs/long.bin': Buffer.alloc(fileBytes, 1) },
  });

  await context.test('takes nothing', async () => {
    using client = await RawClient.open(server, { isReading: false });
    client.send(get);
    await server.waitForLog(/client took none of the response for 3 s/);
    let bytes = 0;
    client.socket.on('data', (block: Buffer) => {
      bytes += block.length;
    });
    await client.waitForEnd();
    assert.ok(bytes < fileBytes);
  });

  await context.test('takes a little now and then', async () => {
    using client = await RawClient.open(server, { isReading: false });
    client.send(get);
    let bytes = 0;
    for (let time = 0; time < 12; time++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (let taken = 0; taken < 1_000_000; ) {
        const block = client.socket.read() as Buffer | null;
        if (block === null) await once(client.socket, 'readable');
        else taken += block.length;
        bytes += block?.length ?? 0;
      }
    }
    client.socket.on('data', (block: Buffer) => {
      bytes += block.length;
    });
    assert.equal(await client.waitForEnd(), 'ended');
    assert.ok(bytes > fileBytes);
  });
});

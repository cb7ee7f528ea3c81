/** A response that was begun before a reload is completed after it, by the process and the http child that began it. */

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { editConfig, runCommand, servingPids, signalReload, treeOf } from './support/control.js';
import { isAlive, waitFor, waitGone } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const blocks = 20;
const blockBytes = 2_000;
/** A little longer than the parent waits for an http child that it stops: one that drains has more time. */
const longMs = 4_000;

interface Download {
  readonly begun: Promise<void>;
  readonly done: Promise<{ bytes: number; complete: boolean }>;
}

function download(server: TestServer, ms = longMs): Download {
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const path = `/?blocks=${blocks}&bytes=${blockBytes}&seconds=${ms / 1000 / blocks}`;
  const done = new Promise<{ bytes: number; complete: boolean }>((resolve, reject) => {
    get({ host: '127.0.0.1', port: server.port, path }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        begin();
      });
      response.on('close', () => resolve({ bytes, complete: response.complete }));
    }).on('error', reject);
  });
  return { begun, done };
}

for (const [what, options] of [
  ['kept', 'threads=2'],
  ['changed', 'threads=3'],
] as const) {
  test(`the group is ${what}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('stream.wsgi', 'threads=2', 'KeepAliveTimeout 1'),
      files: { 'stream.wsgi': application('stream') },
    });
    const before = [...(await servingPids(server)), ...server.httpChildPids];
    const { begun, done } = download(server);
    await begun;
    if (options !== 'threads=2') editConfig(server, 'threads=2', options);
    await signalReload(server, 'SIGHUP');
    assert(before.every(isAlive), 'they go on while the response does');
    assert.deepEqual(
      (await treeOf(server)).httpChildren.map(({ state, generation }) => [state, generation]),
      [
        ['draining', 1],
        ['serving', 2],
      ],
    );
    assert.equal((await server.request('/?blocks=1')).status, 200, 'the new ones serve meanwhile');
    assert.deepEqual(await done, { bytes: blocks * blockBytes, complete: true });
    await waitGone(before.slice(what === 'kept' ? 1 : 0), 20_000);
  });
}

test('a restart of the group', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stream.wsgi', 'threads=2', 'KeepAliveTimeout 1'),
    files: { 'stream.wsgi': application('stream') },
  });
  const before = await servingPids(server);
  const { begun, done } = download(server, 2_000);
  await begun;
  assert.equal((await runCommand(server, 'restart', 'site')).stdout, 'site: 1 process replaced\n');
  assert(before.every(isAlive));
  assert.deepEqual(await done, { bytes: blocks * blockBytes, complete: true });
  await waitFor('its end', () => !before.some(isAlive));
});

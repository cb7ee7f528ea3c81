/**
 * A file system whose server does not answer: who asks for its files waits, and nobody else does. It is a real one, FUSE
 * with nobody behind it, so this needs root.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RawClient } from './support/raw-client.js';
import { TestServer } from './support/server.js';

class DeadMount implements Disposable {
  readonly #point: string;
  #device: number | undefined;

  private constructor(point: string, device: number) {
    this.#point = point;
    this.#device = device;
  }

  /** Undefined where this machine does not let us. */
  static open(point: string): DeadMount | undefined {
    let device: number;
    try {
      device = openSync('/dev/fuse', 'r+');
    } catch {
      return undefined;
    }
    const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
    const { status } = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'none', point], {
      stdio: ['ignore', 'ignore', 'ignore', device],
    });
    if (status === 0) return new DeadMount(point, device);
    closeSync(device);
    return undefined;
  }

  /** All calls that hang fail. */
  abort(): void {
    if (this.#device !== undefined) closeSync(this.#device);
    this.#device = undefined;
  }

  [Symbol.dispose](): void {
    this.abort();
    spawnSync('umount', ['-l', this.#point]);
  }
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

test('a file system that does not answer', async (context) => {
  const long = Buffer.alloc(1_000_000, 'long');
  await using server = await TestServer.start({
    config: ({ folder }) => `
      StartServers 1
      DocumentRoot ${folder}/docs
      <Directory ${folder}/docs>
        AllowOverride All
        Options FollowSymLinks
        Require all granted
      </Directory>`,
    files: { 'docs/short.txt': 'short', 'docs/long.txt': long, 'docs/folder/index.html': 'index' },
    // What a call says that was aborted.
    allowErrors: [/unable to check htaccess file/, /file can't be read/],
  });
  const point = join(server.paths.folder, 'docs/dead');
  mkdirSync(point);
  symlinkSync('dead/file.txt', join(server.paths.folder, 'docs/link.txt'));
  assert.equal((await server.request('/dead/file.txt')).status, 404);
  using mount = DeadMount.open(point);
  if (mount === undefined) {
    context.skip('needs root and FUSE');
    return;
  }
  // The table of mounts is read once a second.
  await new Promise((resolve) => setTimeout(resolve, 1100));

  const clients: RawClient[] = [];
  try {
    for (const path of ['/dead/file.txt', '/dead/', '/dead/in/it/file.txt', '/link.txt', '/dead']) {
      for (let count = 0; count < 4; count++) {
        const client = await RawClient.open(server);
        clients.push(client);
        client.send(get(path));
      }
    }
    for (let round = 0; round < 3; round++) {
      assert.equal((await server.request('/short.txt', { timeoutMs: 5000 })).text, 'short');
      assert.equal((await server.request('/folder/', { timeoutMs: 5000 })).text, 'index');
      assert.equal((await server.request('/missing', { timeoutMs: 5000 })).status, 404);
      assert.ok((await server.request('/long.txt', { timeoutMs: 5000 })).body.equals(long));
    }
    for (const client of clients) assert.equal(client.text, '');
    mount.abort();
    for (const client of clients) {
      await client.waitForEnd();
      assert.match(client.text, /^HTTP\/1\.1 (?:403|404|500) /);
    }
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
});

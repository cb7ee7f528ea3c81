/** Who may look at whose server: its own user and root; anyone else is told why not. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { findUser, isRoot, unprivilegedUser } from './support/accounts.js';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

test("ps of a normal user's server", { skip: isRoot ? false : 'needs root' }, async () => {
  const owner = unprivilegedUser();
  const stranger = findUser('nobody');
  assert(owner && stranger && stranger.uid !== owner.uid);
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
    runAs: owner,
  });
  assert.equal((await server.request('/')).status, 200);
  const config = join(server.paths.folder, 'httpd.conf');
  const psAs = (identity: { uid: number; gid: number }, ...words: string[]) =>
    spawnSync(owner.node, [owner.program, 'ps', '-f', config, ...words], {
      uid: identity.uid,
      gid: identity.gid,
      encoding: 'utf8',
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
    });
  for (const identity of [owner, { uid: 0, gid: 0 }]) {
    const { status, stdout, stderr } = psAs(identity);
    assert.deepEqual([status, stderr], [0, ''], `uid ${identity.uid}`);
    assert.match(stdout, /request 1 +\d+ {2}idle, 1 served/);
  }
  const refused = psAs(stranger);
  assert.deepEqual([refused.status, refused.stdout], [1, '']);
  assert.match(
    refused.stderr,
    /^stillhouse: .*\/run: not permitted: servers of another user run there; ask as that user/,
  );
});

test("ps of root's server", { skip: isRoot ? false : 'needs root' }, async () => {
  const stranger = unprivilegedUser();
  assert(stranger);
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
  });
  const config = join(server.paths.folder, 'httpd.conf');
  const { status, stderr } = spawnSync(stranger.node, [stranger.program, 'ps', '-f', config], {
    uid: stranger.uid,
    gid: stranger.gid,
    encoding: 'utf8',
    cwd: '/',
  });
  assert.equal(status, 1);
  assert.match(stderr, /not permitted: servers of another user run there/);
});

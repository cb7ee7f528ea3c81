/** Who the processes are: started as root only the parent stays root; started as a normal user all are that user. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findGroup, findUser, isRoot, unprivilegedUser } from './support/accounts.js';
import { commandLine, identityOf, threadIds } from './support/processes.js';
import { application, TestServer } from './support/server.js';

const files = { 'hello.wsgi': application('hello') };

function four(id: number): readonly number[] {
  return [id, id, id, id];
}

/** The groups that the system gives a user, with `gid` as the primary one. */
function groupsOf(user: string, gid: number): readonly number[] {
  const own = execFileSync('id', ['-G', user], { encoding: 'utf8' }).trim().split(' ').map(Number);
  return [gid, ...own.slice(1)];
}

/** Sockets and scoreboards of the daemon processes, by name. */
function runtimeFiles(server: TestServer): { folder: string; names: readonly string[] } {
  const folder = join(server.paths.folder, 'run', `server-${server.pid}`);
  return { folder, names: readdirSync(folder).filter((name) => name.startsWith('daemon-')) };
}

test('started as root', { skip: isRoot ? false : 'needs root' }, async () => {
  const http = findUser('www-data');
  const nobody = findUser('nobody');
  const nogroup = findGroup('nogroup') ?? findGroup('nobody');
  const mail = findGroup('mail');
  assert(http && nobody && nogroup && mail);
  await using server = await TestServer.start({
    config: ({ folder }) => `
      User www-data
      Group www-data
      WSGIDaemonProcess plain threads=2
      WSGIDaemonProcess own user=nobody group=#${nogroup.gid} home=/ threads=2
      WSGIDaemonProcess more user=nobody group=mail supplementary-groups=mail,#${nogroup.gid} home=/ umask=0027 threads=2
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /plain ${folder}/hello.wsgi process-group=plain
      WSGIScriptAlias /own ${folder}/hello.wsgi process-group=own
      WSGIScriptAlias /more ${folder}/hello.wsgi process-group=more`,
    files,
  });
  for (const url of ['/plain', '/own', '/more']) assert.equal((await server.request(url)).status, 200);
  assert.deepEqual(identityOf(server.pid).uids, four(0));

  const expected = [
    { pids: server.httpChildPids, uid: http.uid, gid: http.gid, groups: groupsOf('www-data', http.gid) },
    { pids: server.daemonPids('plain'), uid: http.uid, gid: http.gid, groups: groupsOf('www-data', http.gid) },
    { pids: server.daemonPids('own'), uid: nobody.uid, gid: nogroup.gid, groups: groupsOf('nobody', nogroup.gid) },
    { pids: server.daemonPids('more'), uid: nobody.uid, gid: mail.gid, groups: [mail.gid, nogroup.gid] },
  ];
  for (const { pids, uid, gid, groups } of expected) {
    assert(pids.length > 0);
    for (const pid of pids) {
      const identity = identityOf(pid);
      assert.deepEqual({ uids: identity.uids, gids: identity.gids }, { uids: four(uid), gids: four(gid) });
      assert(!identity.groups.includes(0), `root's group is given up: ${identity.groups}`);
      assert.deepEqual(new Set(identity.groups), new Set(groups), `groups of ${commandLine(pid)}`);
      // Every thread: on Linux each has credentials of its own.
      for (const tid of threadIds(pid)) assert.deepEqual(identityOf(tid).uids, four(uid), `thread ${tid} of ${pid}`);
    }
  }

  const { folder, names } = runtimeFiles(server);
  assert.equal(statSync(folder).mode & 0o777, 0o711, 'others may pass through, not look');
  assert.equal(names.filter((name) => name.endsWith('.sock')).length, 3);
  for (const name of names) {
    const { mode, uid } = statSync(join(folder, name));
    assert.equal(mode & 0o077, 0, `${name} is closed to others: ${mode.toString(8)}`);
    if (name.endsWith('.sock')) assert.equal(uid, http.uid, `${name} is the http children's`);
  }
});

test('root is refused', { skip: isRoot ? false : 'needs root' }, async () => {
  for (const lines of [
    'User root\nWSGIDaemonProcess site',
    'WSGIDaemonProcess site user=root',
    'WSGIDaemonProcess site user=#0',
  ]) {
    await using server = await TestServer.start({ config: lines, expectStart: false });
    assert.equal(server.ended?.exitStatus, 1, lines);
    assert.match(server.output(), /root/);
  }
});

test('a user that does not exist', { skip: isRoot ? false : 'needs root' }, async () => {
  await using server = await TestServer.start({
    config: 'WSGIDaemonProcess site user=no-such-user',
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /'site'.*there is no user 'no-such-user'/);
});

test("a user's home that is not there", { skip: isRoot ? false : 'needs root' }, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `WSGIDaemonProcess site home=${folder}/none`,
    expectStart: false,
    allowErrors: [/process 'site' can't start: can't change to home/],
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(
    server.output(),
    /'site'.*can't change to home '.*\/none': No such file.*name another folder with home=/,
  );
});

test('started as a normal user', async () => {
  const runAs = unprivilegedUser();
  await using server = await TestServer.start({
    // Apache, too, ignores User where it can't follow it.
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2 processes=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/hello.wsgi`,
    files,
    runAs,
  });
  assert.equal((await server.request('/')).status, 200);
  const uid = runAs?.uid ?? process.getuid?.() ?? -1;
  for (const pid of [server.pid, ...server.httpChildPids, ...server.daemonPids('site')]) {
    assert.deepEqual(identityOf(pid).uids, four(uid));
  }
  const { folder, names } = runtimeFiles(server);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of names) {
    const { mode, uid: owner } = statSync(join(folder, name));
    assert.deepEqual({ shared: mode & 0o077, owner }, { shared: 0, owner: uid }, name);
  }
});

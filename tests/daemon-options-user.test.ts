/** user, group and supplementary-groups of WSGIDaemonProcess beside what privileges.test.ts shows of every process. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findGroup, findUser, isRoot } from './support/accounts.js';
import { reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { identityOf } from './support/processes.js';
import { TestServer } from './support/server.js';

const rootOnly = { skip: isRoot ? false : 'needs root' };

/** What a user gets who tries each path with connect(): the name of the error, or `connected`. */
function tryConnect(uid: number, gid: number, paths: readonly string[]): readonly string[] {
  const program = `
import socket, sys
for path in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print("connected")
    except OSError as error:
        print(type(error).__name__)
`;
  const result = spawnSync('/usr/bin/python3', ['-c', program, ...paths], { uid, gid, cwd: '/', encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout.trim().split('\n');
}

test('user=nobody', rootOnly, async () => {
  const http = findUser('www-data');
  const nobody = findUser('nobody');
  const mail = findGroup('mail');
  assert(http && nobody && mail);
  await using server = await TestServer.start({
    config: (paths) =>
      `User www-data\nGroup www-data\n${reportGroups(paths, {
        nobody: 'user=nobody home=/ threads=2',
        number: `user=#${nobody.uid} group=#${mail.gid} supplementary-groups=www-data home=/ threads=2`,
      })}`,
    files: reportFiles,
    env: { USER: 'root', LOGNAME: 'root' },
  });
  // Without `group` it is Group's, whatever the user's own is; the further groups are the user's.
  const own = execFileSync('id', ['-G', 'nobody'], { encoding: 'utf8' }).trim().split(' ').map(Number);
  const expected = {
    nobody: { gid: http.gid, groups: [http.gid, ...own.slice(1)] },
    number: { gid: mail.gid, groups: [mail.gid, http.gid] },
  };
  for (const [name, { gid, groups }] of Object.entries(expected)) {
    const { pid, environ } = await reportOf(server, `/${name}`);
    const identity = identityOf(pid);
    assert.deepEqual(identity.uids, Array(4).fill(nobody.uid), name);
    assert.deepEqual(identity.gids, Array(4).fill(gid), name);
    assert.deepEqual(new Set(identity.groups), new Set(groups), name);
    assert.equal(environ.USER, 'nobody');
    assert.equal(environ.LOGNAME, 'nobody');
    assert.equal(environ.USERNAME, process.env.USERNAME === undefined ? undefined : 'nobody', 'set only where it was');
  }

  const folder = join(server.paths.folder, 'run', `server-${server.pid}`);
  const sockets = readdirSync(folder)
    .filter((name) => name.endsWith('.sock'))
    .map((name) => join(folder, name));
  assert.equal(sockets.length, 3, 'two of daemon processes and the one of ps');
  const refused = sockets.map(() => 'PermissionError');
  assert.deepEqual(tryConnect(nobody.uid, nobody.gid, sockets), refused, 'not even by the user of the process');
  assert.deepEqual(tryConnect(mail.gid, http.gid, sockets), refused, "nor by the http children's group");
});

test("root's group is refused", rootOnly, async () => {
  for (const options of ['group=root', 'group=#0', 'user=nobody supplementary-groups=mail,root']) {
    await using server = await TestServer.start({
      config: `WSGIDaemonProcess site ${options}`,
      expectStart: false,
    });
    assert.equal(server.ended?.exitStatus, 1, options);
    assert.match(server.output(), /group of 'site': WSGI process blocked from running in root's group/, options);
  }
});

test('groups that do not exist', rootOnly, async () => {
  for (const options of ['group=no-such-group', 'supplementary-groups=mail,no-such-group']) {
    await using server = await TestServer.start({
      config: `WSGIDaemonProcess site ${options}`,
      expectStart: false,
    });
    assert.equal(server.ended?.exitStatus, 1, options);
    assert.match(server.output(), /group of 'site': there is no group 'no-such-group'/, options);
  }
});

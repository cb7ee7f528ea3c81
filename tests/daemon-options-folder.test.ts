/** home and umask of WSGIDaemonProcess: where the processes work, and which rights their files lack. */

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { test } from 'node:test';
import { findUser, isRoot } from './support/accounts.js';
import { type ProcessReport, reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { TestServer } from './support/server.js';

function umaskOf({ pid }: ProcessReport): string | undefined {
  return /^Umask:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

function homeOf(user: string): string {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const home = lines.map((line) => line.split(':')).find(([name]) => name === user)?.[5];
  assert(home !== undefined, `${user} is a user of this system`);
  return home;
}

test('home and umask', async () => {
  const http = isRoot ? findUser('www-data') : undefined;
  await using server = await TestServer.start({
    config: (paths) => {
      const closed = `${paths.folder}/closed`;
      mkdirSync(closed);
      chmodSync(closed, 0o700);
      // Only the user of the process gets in: chdir must come after it has become that user.
      if (http !== undefined) chownSync(closed, http.uid, http.gid);
      return `${isRoot ? 'User www-data\nGroup www-data' : ''}\n${reportGroups(paths, {
        plain: 'threads=2',
        home: `home=${closed} umask=0027 threads=2`,
      })}`;
    },
    files: reportFiles,
    // The server works elsewhere.
    cwd: '/tmp',
  });
  const plain = await reportOf(server, '/plain');
  assert.equal(plain.cwd, '/');
  assert.notEqual(plain.path[0], '/');
  const home = await reportOf(server, '/home');
  assert.equal(home.cwd, `${server.paths.folder}/closed`);
  assert.equal(home.path[0], `${server.paths.folder}/closed`);
  assert.deepEqual(home.argv, ['mod_wsgi']);
  assert.equal(umaskOf(home), '0027');
  const ownUmask = /^Umask:\s*(\d+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  assert.equal(umaskOf(plain), ownUmask, 'inherited');
});

test('without home: that of a user other than User', { skip: isRoot ? false : 'needs root' }, async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      `User www-data\nGroup www-data\n${reportGroups(paths, { own: 'user=bin threads=2', none: 'user=nobody threads=2' })}`,
    files: reportFiles,
  });
  const own = await reportOf(server, '/own');
  const home = homeOf('bin');
  assert.equal(own.cwd, realpathSync(home));
  assert.equal(own.environ.HOME, home);
  assert.notEqual(own.path[0], home, 'only home= comes first on sys.path');
  // A home that does not exist, as nobody's, is no reason not to start.
  const none = await reportOf(server, '/none');
  assert.equal(none.cwd, '/');
  assert.match(server.errorLog(), /:info\].* daemon process 'none' runs in '\/': home '.*' of user 'nobody'/);
});

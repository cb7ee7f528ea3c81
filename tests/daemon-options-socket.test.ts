/** listen-backlog, send-buffer-size, receive-buffer-size and socket-user: the sockets of the daemon processes. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findUser, isRoot } from './support/accounts.js';
import { reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { TestServer } from './support/server.js';

/** Path of the only daemon process's socket. */
function socketOf(server: TestServer): string {
  const folder = join(server.paths.folder, 'run', `server-${server.pid}`);
  const names = readdirSync(folder).filter((name) => /^daemon-.*\.sock$/.test(name));
  assert.equal(names.length, 1);
  return join(folder, names[0] ?? '');
}

function runPython(program: string, args: readonly string[], user: { uid: number; gid: number } | undefined): string {
  const result = spawnSync('/usr/bin/python3', ['-c', program, ...args], {
    ...user,
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
  });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout.trim();
}

test('the sizes of buffers', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, {
        plain: 'threads=2',
        set: 'send-buffer-size=20000 receive-buffer-size=30000 threads=2',
      }),
    files: reportFiles,
  });
  const set = await reportOf(server, '/set');
  assert(set.connections.length >= 1);
  // The kernel doubles what is asked for, socket(7).
  for (const sizes of set.connections) assert.deepEqual(sizes, [40_000, 60_000]);
  const plain = await reportOf(server, '/plain');
  for (const [send, receive] of plain.connections) assert(send !== 40_000 && receive !== 60_000);
});

test('listen-backlog', async () => {
  await using server = await TestServer.start({
    config: (paths) => reportGroups(paths, { site: 'listen-backlog=3 threads=2' }),
    files: reportFiles,
    // The connections that the test makes, where it is not the http children's user.
    allowErrors: [/connection from pid=\d+ with uid=\d+ refused/],
  });
  const { pid } = await reportOf(server, '/site');
  // While the process does not run nobody accepts: what the kernel takes then is the backlog, and one.
  process.kill(pid, 'SIGSTOP');
  try {
    const program = `
import socket, sys
taken = []
while len(taken) < 200:
    peer = socket.socket(socket.AF_UNIX)
    peer.setblocking(False)
    try:
        peer.connect(sys.argv[1])
    except BlockingIOError:
        break
    taken.append(peer)
print(len(taken))
`;
    assert.equal(runPython(program, [socketOf(server)], undefined), '4');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  assert.equal((await reportOf(server, '/site')).pid, pid);
});

test('socket-user', { skip: isRoot ? false : 'needs root' }, async () => {
  const http = findUser('www-data');
  const mail = findUser('mail');
  const bin = findUser('bin');
  assert(http && mail && bin);
  await using server = await TestServer.start({
    config: (paths) =>
      `User www-data\nGroup www-data\n${reportGroups(paths, { site: 'socket-user=mail user=nobody threads=2 home=/' })}`,
    files: reportFiles,
    allowErrors: [new RegExp(`connection from pid=\\d+ with uid=${bin.uid} refused: not the http children's user`)],
  });
  await reportOf(server, '/site');
  const socket = socketOf(server);
  const { uid, gid, mode } = statSync(socket);
  assert.deepEqual({ uid, gid, mode: mode & 0o777 }, { uid: mail.uid, gid: http.gid, mode: 0o660 });

  const program = `
import select, socket, sys
peer = socket.socket(socket.AF_UNIX)
try:
    peer.connect(sys.argv[1])
except PermissionError:
    print("refused by the kernel")
else:
    # A process that takes the connection says nothing until it is asked; one that does not closes it at once.
    readable, _, _ = select.select([peer], [], [], float(sys.argv[2]))
    print("closed" if readable and not peer.recv(1) else "taken")
`;
  assert.equal(runPython(program, [socket, '0.3'], mail), 'taken');
  assert.equal(runPython(program, [socket, '0'], bin), 'refused by the kernel');
  // Into the http children's group, but another user: as far as the process, which hangs up.
  assert.equal(runPython(program, [socket, '10'], { uid: bin.uid, gid: http.gid }), 'closed');
  await reportOf(server, '/site');
});

test('a socket-user that does not exist', { skip: isRoot ? false : 'needs root' }, async () => {
  await using server = await TestServer.start({
    config: 'WSGIDaemonProcess site socket-user=no-such-user',
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /socket user of daemon process group 'site': there is no user 'no-such-user'/);
});

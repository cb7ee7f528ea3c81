/** What the commands say and how they end, whatever a server answers: against a stand-in that speaks the protocol. */

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { type CommandResult, runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

/** Longer than the second for which commands are quiet; the command's own clock starts before the stand-in's. */
const slowMs = 1_500;

/** Runs a command against a server that does what `onCommand` says; resolves with what it was sent, too. */
async function runAgainst(
  onCommand: (socket: Socket) => void | Promise<void>,
  words: readonly string[],
): Promise<CommandResult & { sent: unknown }> {
  using folder = new TemporaryFolder();
  const config = folder.write('httpd.conf', `DefaultRuntimeDir ${folder.file('run')}\n`);
  // A server's folder is that of a living process: this one.
  const path = folder.file(`run/server-${process.pid}/control.sock`);
  mkdirSync(dirname(path), { recursive: true });
  let sent: unknown;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (line) => {
      sent = JSON.parse(String(line));
      void onCommand(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    return { ...(await runStillhouse([...words, '-f', config])), sent };
  } finally {
    server.close();
  }
}

const answering = (answer: object) => (socket: Socket) => {
  socket.end(`${JSON.stringify(answer)}\n`);
};

test('reload prints what became of the groups', async () => {
  const answer = { generation: 2, kept: ['site'], started: ['api'], stopped: [] };
  const result = await runAgainst(answering(answer), ['reload']);
  assert.deepEqual(
    [result.exitStatus, result.stdout, result.stderr, result.sent],
    [0, 'configuration reloaded, generation 2\nkept:     site\nstarted:  api\n', '', { command: 'reload' }],
  );
});

test('a reload that is refused fails, and says what goes on', async () => {
  const result = await runAgainst(answering({ error: 'httpd.conf:3:1: error: unknown' }), ['reload']);
  assert.deepEqual(
    [result.exitStatus, result.stdout, result.stderr],
    [
      1,
      '',
      'stillhouse: httpd.conf:3:1: error: unknown\nstillhouse: the server goes on with the configuration of before\n',
    ],
  );
});

test('restart names the group and prints how many processes were replaced', async () => {
  const answer = { groups: [{ name: 'site', replaced: 3 }] };
  const one = await runAgainst(answering(answer), ['restart', 'site']);
  assert.deepEqual([one.exitStatus, one.stdout, one.stderr], [0, 'site: 3 processes replaced\n', '']);
  assert.deepEqual(one.sent, { command: 'restart', group: 'site' });
  const all = await runAgainst(answering({ groups: [{ name: 'api', replaced: 1 }] }), ['restart']);
  assert.deepEqual([all.stdout, all.sent], ['api: 1 process replaced\n', { command: 'restart' }]);
  const refused = await runAgainst(answering({ error: 'no group' }), ['restart', 'x']);
  assert.deepEqual([refused.exitStatus, refused.stderr], [1, 'stillhouse: no group\n']);
});

test('what takes longer than a second shows its progress on standard error', async () => {
  const slow = async (socket: Socket): Promise<void> => {
    socket.write('{"progress":"site: 1 of 2 replaced"}\n');
    await new Promise((resolve) => setTimeout(resolve, slowMs));
    socket.write('{"progress":"site: 2 of 2 replaced"}\n');
    socket.end('{"groups":[{"name":"site","replaced":2}]}\n');
  };
  const result = await runAgainst(slow, ['restart']);
  assert.equal(result.stdout, 'site: 2 processes replaced\n');
  assert.equal(result.stderr, 'stillhouse: site: 1 of 2 replaced\nstillhouse: site: 2 of 2 replaced\n');
});

test('reopen-logs is silent where it went well', async () => {
  const result = await runAgainst(answering({}), ['reopen-logs']);
  assert.deepEqual([result.exitStatus, result.stdout, result.stderr], [0, '', '']);
  assert.deepEqual(result.sent, { command: 'reopen-logs' });
});

test('a server that breaks off, and wrong usage', async () => {
  const gone = await runAgainst((socket) => void socket.end(), ['reload']);
  assert.equal(gone.exitStatus, 1);
  assert.match(gone.stderr, /control\.sock: the server closed the connection without an answer\n$/);
  for (const words of [
    ['restart', 'a', 'b'],
    ['reload', '--pid', 'x'],
    ['reopen-logs', 'x'],
  ]) {
    assert.equal((await runAgainst(answering({}), words)).exitStatus, 2, words.join(' '));
  }
});

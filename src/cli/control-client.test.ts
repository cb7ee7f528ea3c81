import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ProcessError, UsageError } from '../base/errors.js';
import { CommandRefused, findControlSockets, getControlSocket, sendCommand } from './control-client.js';

describe('control client', () => {
  let folder = '';
  let servers = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-client-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A server that does with a connection what the test says, once the command has come. */
  async function serve(onCommand: (socket: Socket, line: string) => void) {
    servers += 1;
    const path = join(folder, `${servers}.sock`);
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (chunk: Buffer) => onCommand(socket, String(chunk)));
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return { path, [Symbol.dispose]: () => void server.close() };
  }

  it('sends the command with its words and resolves with the answer behind the progress', async () => {
    let sent = '';
    using server = await serve((socket, line) => {
      sent = line;
      socket.end('{"progress":"one"}\n{"progress":"two"}\n{"groups":[]}\n');
    });
    const progress: string[] = [];
    const answer = await sendCommand(server.path, 'restart', { group: 'site' }, (text) => progress.push(text));
    assert.deepEqual(answer, { groups: [] });
    assert.deepEqual(progress, ['one', 'two']);
    assert.deepEqual(JSON.parse(sent), { command: 'restart', group: 'site' });
  });

  it('tells a refusal from a server that does not answer', async () => {
    using refusing = await serve((socket) => socket.end('{"error":"no group"}\n'));
    await assert.rejects(
      sendCommand(refusing.path, 'restart'),
      (error: unknown) => error instanceof CommandRefused && error.message === 'no group',
    );
    using silent = await serve((socket) => socket.end());
    await assert.rejects(
      sendCommand(silent.path, 'ps'),
      (error: unknown) =>
        error instanceof ProcessError && !(error instanceof CommandRefused) && /without an answer/.test(error.message),
    );
    using garbled = await serve((socket) => socket.end('hello\n'));
    await assert.rejects(sendCommand(garbled.path, 'ps'), /control line is not JSON/);
    await assert.rejects(sendCommand(join(folder, 'nothing.sock'), 'ps'), /ENOENT/);
  });

  it('finds the servers that run, and the one that is meant', () => {
    const base = join(folder, 'run');
    for (const name of [`server-${process.pid}`, `server-${process.ppid}`, 'server-4194305', 'other']) {
      mkdirSync(join(base, name), { recursive: true });
    }
    const config = join(folder, 'httpd.conf');
    writeFileSync(config, `DefaultRuntimeDir ${base}\n`);
    const own = join(base, `server-${process.pid}`, 'control.sock');
    const parents = join(base, `server-${process.ppid}`, 'control.sock');
    assert.deepEqual([...findControlSockets({ config })].sort(), [own, parents].sort());
    assert.equal(getControlSocket({ config, pid: process.pid }), own);
    assert.throws(() => getControlSocket({ config }), UsageError);
    assert.throws(
      () => getControlSocket({ config, pid: 4_194_305 }),
      (error: unknown) =>
        error instanceof ProcessError && error.message === `no running server with pid 4194305 found in ${base}`,
    );
  });
});

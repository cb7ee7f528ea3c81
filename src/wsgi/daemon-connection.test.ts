import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ChannelExchange } from '../wire/channel-client.js';
import { frame, responseFrame } from '../wire/memory-daemon.test.fixture.js';
import { frameHeaderBytes, scoreboard } from '../wire/protocol.js';
import { DaemonConnection } from './daemon-connection.js';

const nobody: ChannelExchange = {
  onResponse: () => false,
  onData: () => false,
  settle: () => true,
  onCredit() {},
  onTruncated() {},
  onRefused() {},
  onRevoked() {},
  onLost() {},
};

describe('DaemonConnection', () => {
  let folder = '';
  let server: Server;
  let peer: Promise<Socket>;
  const connectionNumber = 7;
  const paths = () => ({
    id: 1,
    pid: 1,
    generation: 1,
    socket: join(folder, 'sock'),
    scoreboard: join(folder, 'board'),
  });

  /** Marks requests of the connection as started up to `highest`, as the process does in its shared memory. */
  const writeBoard = (highest: number): void => {
    const bytes = Buffer.alloc(scoreboard.headerBytes);
    bytes.write(scoreboard.magic, 0, 'latin1');
    bytes.writeUInt32LE(connectionNumber, scoreboard.connections.offset);
    bytes.writeUInt32LE(highest, scoreboard.connections.offset + 4);
    writeFileSync(paths().scoreboard, bytes);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-connection-'));
    server = createServer();
    peer = new Promise((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(paths().socket, resolve));
    writeBoard(0);
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async () => {
    let tell: (result: { unstarted: number; started: number; reason: string }) => void = () => {};
    const end = new Promise<{ unstarted: number; started: number; reason: string }>((resolve) => {
      tell = resolve;
    });
    let connection: DaemonConnection | undefined;
    await new Promise<void>((resolve) => {
      connection = new DaemonConnection(paths(), connectionNumber, {
        opened: resolve,
        freed: () => {},
        served: () => {},
        broken: () => {},
        closed: (unstarted, started, reason) => tell({ unstarted: unstarted.length, started: started.length, reason }),
      });
      assert.equal(connection.isUsable, false);
    });
    assert.ok(connection?.isUsable);
    const socket = await peer;
    let received = 0;
    const allThere = new Promise<void>((resolve) => {
      socket.on('data', (bytes: Buffer) => {
        received += bytes.length;
        // hello and three requests
        if (received === frameHeaderBytes * 4 + 8) resolve();
      });
    });
    for (let count = 0; count < 3; count++) {
      connection.channel.request(Buffer.alloc(frameHeaderBytes), { hasBody: false, expectContinue: false }, nobody);
    }
    await allThere;
    return { connection, socket, end };
  };

  it('tells by the scoreboard which requests a dead process had started, though its file is removed', async () => {
    const { connection, socket, end } = await open();
    writeBoard(2);
    rmSync(paths().scoreboard);
    socket.destroy();
    assert.deepEqual(await end, { unstarted: 1, started: 2, reason: 'closed by the daemon process' });
    assert.equal(connection.isUsable, false);
  });

  it('tells what the threads of the process are doing, while it can be read', async () => {
    const { connection, socket, end } = await open();
    writeBoard(2);
    assert.deepEqual(connection.readScoreboard(), {
      slots: [],
      highestStarted: new Map([[connectionNumber, 2]]),
      aliveAt: 0,
    });
    writeFileSync(paths().scoreboard, 'nonsense');
    assert.equal(connection.readScoreboard(), undefined);
    socket.destroy();
    await end;
    assert.equal(connection.readScoreboard(), undefined);
  });

  it('does not count what was answered', async () => {
    const { connection, socket, end } = await open();
    writeBoard(3);
    await new Promise<void>((resolve) => {
      connection.channel.request(
        Buffer.alloc(frameHeaderBytes),
        { hasBody: false, expectContinue: false },
        {
          ...nobody,
          onResponse: () => {
            resolve();
            return false;
          },
        },
      );
      socket.write(Buffer.concat([responseFrame(1, ['200 OK'], '', true), responseFrame(4, ['200 OK'], '', true)]));
    });
    socket.destroy();
    assert.deepEqual(await end, { unstarted: 0, started: 2, reason: 'closed by the daemon process' });
  });

  it('takes every request for started where the scoreboard can not tell', async () => {
    const { socket, end } = await open();
    writeFileSync(paths().scoreboard, 'nonsense');
    socket.destroy();
    assert.equal((await end).started, 3);
  });

  it('takes every request for started where it closed the connection itself', async () => {
    const { connection, end } = await open();
    connection.destroy('the server stops');
    assert.deepEqual(await end, { unstarted: 0, started: 3, reason: 'the server stops' });
  });

  it('closes a connection whose process breaks the protocol', async () => {
    const { socket, end } = await open();
    socket.write(frame(42, 1));
    assert.deepEqual(await end, { unstarted: 0, started: 3, reason: 'frame of unknown type 42' });
  });

  it('reports a process that is not there, or has no scoreboard', async () => {
    const attempt = (change: { socket?: string; scoreboard?: string }) =>
      new Promise<string>((resolve) => {
        new DaemonConnection({ ...paths(), ...change }, connectionNumber, {
          opened: () => resolve('opened'),
          freed: () => {},
          served: () => {},
          broken: () => {},
          closed: (unstarted, started, reason) => resolve(`${unstarted.length} ${started.length} ${reason}`),
        });
      });
    assert.match(await attempt({ socket: join(folder, 'absent') }), /^0 0 connect ENOENT/);
    assert.match(await attempt({ scoreboard: join(folder, 'absent') }), /^0 0 scoreboard can't be opened: .*ENOENT/);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { shareReads } from './shared-reads.js';

interface Scene {
  readonly client: Socket;
  readonly accepted: Socket;
  readonly server: Server;
  /** What came, as it was during the call. */
  readonly text: () => string;
  readonly until: (bytes: number) => Promise<void>;
  close(): Promise<void>;
}

async function open(): Promise<Scene> {
  const server = createServer({ allowHalfOpen: true });
  let taken = '';
  let enough = (): void => {};
  const connected = new Promise<Socket>((resolve) => {
    server.once('connection', (socket) => {
      const areShared = shareReads(socket, (bytes, length) => {
        taken += bytes.toString('latin1', 0, length);
        enough();
      });
      assert.ok(areShared, 'this version of Node.js has what is used');
      resolve(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const client = connect(address.port, '127.0.0.1');
  const accepted = await connected;
  const until = (bytes: number): Promise<void> =>
    new Promise((resolve) => {
      enough = () => {
        if (taken.length >= bytes) resolve();
      };
      enough();
    });
  const close = async (): Promise<void> => {
    client.destroy();
    accepted.destroy();
    server.close();
    await once(server, 'close');
  };
  return { client, accepted, server, text: () => taken, until, close };
}

describe('an accepted connection with shared reads', () => {
  it('reads all that comes, and writes', async () => {
    const { accepted, client, close, text, until } = await open();
    client.write('hello');
    await until(5);
    client.write(' again');
    await until(11);
    assert.equal(text(), 'hello again');
    accepted.write('answer');
    const [answer] = await once(client, 'data');
    assert.equal(String(answer), 'answer');
    assert.equal(accepted.bytesRead, 11);
    await close();
  });

  it('does not read while it is paused', async () => {
    const { accepted, client, close, text, until } = await open();
    client.write('a');
    await until(1);
    accepted.pause();
    client.write('b');
    // What is written back and forth meanwhile shows that the other end had time to send.
    for (let count = 0; count < 3; count++) {
      accepted.write('?');
      await once(client, 'data');
    }
    assert.equal(text(), 'a');
    accepted.resume();
    await until(2);
    assert.equal(text(), 'ab');
    await close();
  });

  it('tells that the client has ended its side, and can still answer', async () => {
    const { accepted, client, close, text } = await open();
    client.end('last');
    await once(accepted, 'end');
    assert.equal(text(), 'last');
    accepted.end('answer');
    const [answer] = await once(client, 'data');
    assert.equal(String(answer), 'answer');
    await close();
  });

  it('tells that the client is gone', async () => {
    const { accepted, client, close, until } = await open();
    client.write('x');
    await until(1);
    const closed = new Promise((resolve) => accepted.once('close', resolve));
    accepted.on('error', () => {}); // 'close' follows
    client.resetAndDestroy();
    await closed;
    await close();
  });
});

describe('shareReads', () => {
  it('leaves alone what is not connected', () => {
    assert.equal(
      shareReads(new Socket(), () => {}),
      false,
    );
  });
});

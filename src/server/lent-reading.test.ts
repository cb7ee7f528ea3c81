import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { type LentReader, takeOver } from './lent-reading.js';

interface Scene {
  readonly client: Socket;
  readonly accepted: Socket;
  readonly reader: LentReader;
  readonly server: Server;
  close(): Promise<void>;
}

async function open(): Promise<Scene> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const client = connect(address.port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const reader = takeOver(accepted);
  assert.ok(reader !== undefined, 'this version of Node.js has what is used');
  const close = async (): Promise<void> => {
    client.destroy();
    reader.socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { client, accepted, reader, server, close };
}

/** Collects what comes, as it is during the call and as it is found later. */
function collect(reader: LentReader, isReadingBody = false) {
  const taken: { readonly bytes: Buffer; readonly text: string; readonly isLent: boolean }[] = [];
  let bytesTaken = 0;
  let enough = (): void => {};
  reader.taker = {
    isReadingBody,
    take: (bytes, length, isLent) => {
      taken.push({ bytes: bytes.subarray(0, length), text: bytes.toString('latin1', 0, length), isLent });
      bytesTaken += length;
      enough();
    },
  };
  const text = (): string => taken.map((one) => one.text).join('');
  const until = (bytes: number): Promise<void> =>
    new Promise((resolve) => {
      enough = () => {
        if (bytesTaken >= bytes) resolve();
      };
      enough();
    });
  return { taken, text, until };
}

describe('a connection that was taken over', () => {
  it('reads all that comes, and writes', async () => {
    const { client, close, reader } = await open();
    const { taken, text, until } = collect(reader);
    client.write('hello');
    await until(5);
    client.write(' again');
    await until(11);
    assert.equal(text(), 'hello again');
    assert.ok(taken.every(({ isLent }) => isLent));
    reader.socket.write('answer');
    const [answer] = await once(client, 'data');
    assert.equal(String(answer), 'answer');
    assert.equal(reader.socket.bytesRead, 11);
    await close();
  });

  it('does not read while it is paused', async () => {
    const { client, close, reader } = await open();
    const { text, until } = collect(reader);
    client.write('a');
    await until(1);
    reader.socket.pause();
    client.write('b');
    // What is written back and forth meanwhile shows that the other end had time to send.
    for (let count = 0; count < 3; count++) {
      reader.socket.write('?');
      await once(client, 'data');
    }
    assert.equal(text(), 'a');
    reader.socket.resume();
    await until(2);
    assert.equal(text(), 'ab');
    await close();
  });

  it('tells that the client has ended its side, and can still answer', async () => {
    const { client, close, reader } = await open();
    const { text } = collect(reader);
    client.end('last');
    await once(reader.socket, 'end');
    assert.equal(text(), 'last');
    reader.socket.end('answer');
    const [answer] = await once(client, 'data');
    assert.equal(String(answer), 'answer');
    await close();
  });

  it('ends the socket that the server has made with itself', async () => {
    const { accepted, client, close, reader, server } = await open();
    assert.equal(await connectionsOf(server), 1);
    const closed = once(accepted, 'close');
    client.destroy();
    reader.socket.resume();
    reader.socket.end();
    await closed;
    assert.equal(await connectionsOf(server), 0);
    await close();
  });

  it('gives away what it has read of a body, unless that is little', async () => {
    const { client, close, reader } = await open();
    const { taken, until } = collect(reader, true);
    // The first read is into the buffer of all.
    client.write('x');
    await until(1);
    const body = Buffer.alloc(4 * 1024 * 1024, 'abcdefghijklmnopqrstuvwxyz');
    client.write(body);
    await until(1 + body.length);
    const given = taken.filter(({ isLent }) => !isLent);
    assert.ok(given.length > 0, 'no read of 4 MiB was large');
    for (const { bytes, text } of given) assert.equal(bytes.toString('latin1'), text, 'nobody has written there since');
    for (const { bytes, isLent } of taken) assert.equal(isLent, bytes.length < 32 * 1024 || bytes === taken[0]?.bytes);
    assert.equal(taken.map(({ text }) => text).join(''), `x${body.toString('latin1')}`);
    await close();
  });
});

describe('takeOver', () => {
  it('leaves alone what is no accepted connection', () => {
    assert.equal(takeOver(new Socket()), undefined);
  });
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { MemorySocket } from '../http1/transcript.test.fixture.js';
import { type ConnectionOwner, WatchedConnection } from './client-connection.js';

const ends = {
  id: '1',
  remoteAddress: '127.0.0.1',
  remotePort: 1,
  localAddress: '127.0.0.1',
  localPort: 2,
  listenerHost: undefined,
  secure: undefined,
};
const pace = { initialSeconds: 2, maxSeconds: 4, bytesPerSecond: 100 };
const turn = async (): Promise<void> => {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
};
const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

interface Options {
  readonly keepAlive?: boolean;
  readonly maxKeepAliveRequests?: number;
  readonly headerMsLimit?: number;
  /** Requests stay open. */
  readonly isSilent?: boolean;
}

class Scene {
  readonly socket = new MemorySocket();
  readonly log: string[] = [];
  readonly owner: ConnectionOwner & { isClosing: boolean; isDraining: boolean };
  readonly connection: WatchedConnection;
  answer = (): void => {};

  constructor({ keepAlive = true, maxKeepAliveRequests = 0, headerMsLimit = 0, isSilent = false }: Options = {}) {
    this.owner = {
      limits: {
        requestLineBytesLimit: 1000,
        requestFieldsLimit: 10,
        requestFieldBytesLimit: 100,
        keepAlive,
        keepAliveTimeoutMs: 3000,
        maxKeepAliveRequests,
        timeoutMs: 5000,
        headerMsLimit,
        bodyPace: pace,
        accept: { connectionsAtOnce: undefined, connectionsLimit: 0 },
      },
      connectionLimits: { requestLineBytes: 1000, headBytes: 5000, keepAliveTimeoutMs: 3000 },
      sweepMs: 1000,
      isClosing: false,
      isDraining: false,
      events: {
        onRequest: (_incoming, outgoing, connection) => {
          this.log.push('request');
          connection.onBodyBroken = (reason, status) => this.log.push(`${status} ${reason}`);
          this.answer = () => outgoing.writeHead(200, 'OK', ['Content-Length', '0']) && outgoing.end();
          if (!isSilent) this.answer();
        },
        onMalformed: (status) => {
          this.log.push(`refused ${status}`);
          return `${status}\n`;
        },
        headerPaceOf: () => pace,
        onStuck: () => this.log.push('stuck'),
        onLoad: () => {},
        onWorn: () => {},
      },
      onRequests: () => {},
      onClosed: () => this.log.push('closed'),
    };
    this.connection = new WatchedConnection(this.socket as unknown as Socket, ends, this.owner);
  }

  async send(text: string): Promise<void> {
    this.socket.bytesRead += text.length;
    this.socket.push(Buffer.from(text, 'latin1'));
    await turn();
  }

  /** Seconds until something happens; 20 is never. */
  async sweep(): Promise<number> {
    const before = this.log.length;
    for (let seconds = 1; seconds < 20; seconds++) {
      this.connection.sweep();
      await turn();
      if (this.log.length > before) return seconds;
    }
    return 20;
  }

  /** What the responses say of the connection. */
  get said(): readonly string[] {
    return [...this.socket.text.matchAll(/^Connection: (.*)\r$/gm)].map(([, word]) => word as string);
  }
}

describe('WatchedConnection', () => {
  it('ends when no other request comes for KeepAliveTimeout', async () => {
    const scene = new Scene();
    await scene.send(get);
    scene.connection.sweep();
    scene.connection.sweep();
    await scene.send(get);
    assert.equal(await scene.sweep(), 4);
    assert.deepEqual(scene.log, ['request', 'request', 'closed']);
  });

  it('says with the last response that it is the last', async () => {
    const limited = new Scene({ maxKeepAliveRequests: 2 });
    await limited.send(get.repeat(3));
    assert.deepEqual(limited.said, ['keep-alive', 'close']);
    const single = new Scene({ keepAlive: false });
    await single.send(get);
    assert.deepEqual(single.said, ['close']);
    const drained = new Scene({ isSilent: true });
    await drained.send(get.repeat(2));
    drained.owner.isDraining = true;
    drained.connection.drain();
    drained.answer();
    drained.answer();
    assert.deepEqual(drained.said, ['keep-alive', 'close']);
  });

  it('is ended with the server where no request is at hand, else behind its response', async () => {
    const idle = new Scene();
    await idle.send(`${get}GET / HT`);
    idle.connection.close();
    await turn();
    assert.deepEqual(idle.log, ['request', 'closed']);
    const busy = new Scene({ isSilent: true });
    await busy.send(`${get}GET / HT`);
    busy.owner.isClosing = true;
    busy.connection.close();
    busy.answer();
    await turn();
    assert.equal(busy.socket.writableEnded, true);
    assert.equal(await busy.sweep(), 1);
    assert.deepEqual(busy.log, ['request', 'closed']);
  });

  it('refuses a header that comes too slowly, and says nothing to who says nothing', async () => {
    const slow = new Scene();
    await slow.send('GET / HT');
    assert.equal(await slow.sweep(), 3);
    assert.deepEqual([slow.log, slow.socket.text], [['refused 408'], '408\n']);
    const bounded = new Scene({ headerMsLimit: 1000 });
    await bounded.send('GET / HT');
    assert.equal(await bounded.sweep(), 2);
    const silent = new Scene();
    await silent.sweep();
    assert.deepEqual([silent.log, silent.socket.text], [['closed'], '']);
  });

  it('breaks off a body that comes too slowly, and waits for one that keeps its rate', async () => {
    const scene = new Scene({ isSilent: true });
    await scene.send('POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n');
    scene.connection.sweep();
    await scene.send('x'.repeat(100));
    assert.equal(await scene.sweep(), 4);
    assert.match(scene.log.at(-1) ?? '', /^408 request body came too slowly: 100 bytes in 3 s/);
  });

  it('lingers until the client is silent', async () => {
    const scene = new Scene({ keepAlive: false });
    await scene.send(get);
    scene.connection.sweep();
    await scene.send('still sending');
    assert.equal(await scene.sweep(), 4);
    assert.equal(scene.log.at(-1), 'closed');
  });
});

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { HttpConnection } from './http-connection.js';
import type { IncomingRequest } from './incoming-request.js';
import type { OutgoingResponse } from './outgoing-response.js';
import { MemorySocket } from './transcript.test.fixture.js';

const limits = { requestLineBytes: 1000, headBytes: 20_000, keepAliveTimeoutMs: 5000 };
const turn = async (): Promise<void> => {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
};
const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\n${fields}\r\n`;

class Scene {
  readonly socket = new MemorySocket();
  readonly log: string[] = [];
  readonly open: { readonly request: IncomingRequest; readonly response: OutgoingResponse }[] = [];
  readonly connection: HttpConnection;

  /** `answers`: every request at once, with its target. */
  constructor({ answers = false } = {}) {
    this.connection = new HttpConnection(this.socket as unknown as Socket, limits, {
      onRequest: (request, response) => {
        this.log.push(`${request.method} ${request.url}`);
        response.on('close', () => this.log.push(response.writableFinished ? 'answered' : 'lost'));
        this.open.push({ request, response });
        if (answers) this.answer();
      },
      onOver: () => {},
      onBodyProblem: (reason, status = 400) => this.log.push(`${status} ${reason}`),
      onMalformed: (status, _reason, line) => {
        this.log.push(`refused ${status} ${line}`);
        return `${status}\n`;
      },
      onClosed: () => this.log.push('closed'),
    });
  }

  async send(text: string): Promise<void> {
    this.socket.push(Buffer.from(text, 'latin1'));
    await turn();
  }

  /** Answers the request at hand with its target. */
  answer(): void {
    const next = this.open.shift();
    assert.ok(next !== undefined);
    const body = Buffer.from(next.request.url);
    next.response.writeHead(200, 'OK', ['Content-Length', String(body.length)]).end(body);
  }

  get bodies(): readonly string[] {
    return [...this.socket.text.matchAll(/\r\n\r\n(\S+?)(?=HTTP|$)/g)].map(([, body]) => body as string);
  }
}

describe('HttpConnection', () => {
  it('runs requests one after the other', async () => {
    const scene = new Scene();
    await scene.send(get('/a') + get('/b') + get('/c').slice(0, 5));
    assert.deepEqual(scene.log, ['GET /a']);
    assert.equal(scene.connection.hasWaiting, true);
    scene.answer();
    assert.deepEqual(scene.log, ['GET /a', 'answered', 'GET /b']);
    assert.equal(scene.connection.hasWaiting, false);
    scene.answer();
    assert.equal(scene.connection.isIdle, false);
    await scene.send(get('/c').slice(5));
    scene.answer();
    assert.deepEqual([scene.bodies, scene.connection.isIdle], [['/a', '/b', '/c'], true]);
  });

  it('takes any number of requests that are answered at once', async () => {
    const scene = new Scene({ answers: true });
    const count = 3000;
    await scene.send(get('/x').repeat(count));
    assert.equal(scene.bodies.length, count);
  });

  it('reads no more than a bound ahead of the request at hand', async () => {
    const scene = new Scene();
    for (let count = 0; count < 100; count++) scene.socket.push(Buffer.alloc(4096, get(`/${'x'.repeat(110)}`)));
    await turn();
    assert.equal(scene.socket.isPaused(), true);
    assert.ok(scene.socket.readableLength > 300_000, `${scene.socket.readableLength} not read`);
    while (scene.open.length > 0) {
      scene.answer();
      await turn();
    }
    assert.equal(scene.bodies.length, (100 * 4096) / 128);
  });

  it('stops reading a body that nobody takes, and goes on when it is taken or of no use', async () => {
    const scene = new Scene();
    await scene.send('POST /a HTTP/1.1\r\nContent-Length: 300000\r\n\r\n');
    for (let count = 0; count < 30; count++) scene.socket.push(Buffer.alloc(10_000));
    await turn();
    assert.equal(scene.socket.isPaused(), true);
    assert.equal(scene.connection.bodyRequest, scene.open[0]?.request);
    scene.answer();
    await scene.send(get('/b'));
    assert.deepEqual([scene.log.at(-1), scene.socket.isPaused()], ['GET /b', false]);
  });

  it('ends the connection behind a last response, and hears nothing more', async () => {
    const scene = new Scene({ answers: true });
    await scene.send(get('/a', 'Connection: close\r\n') + get('/never'));
    assert.deepEqual([scene.log, scene.socket.writableEnded], [['GET /a', 'answered'], true]);
    await scene.send(get('/never'));
    assert.deepEqual([scene.log.length, scene.connection.isLingering], [2, true]);
    // Nor is it kept.
    assert.equal(scene.connection.hasWaiting, false);
    scene.socket.push(null);
    await turn();
    assert.equal(scene.log.at(-1), 'closed');
  });

  it('refuses what is malformed when its turn comes, and nothing is a request behind it', async () => {
    const scene = new Scene();
    await scene.send(`${get('/a')}G@T / HTTP/1.1\r\n\r\n${get('/b')}`);
    assert.deepEqual(scene.log, ['GET /a']);
    scene.answer();
    await scene.send(get('/c'));
    assert.deepEqual(scene.log, ['GET /a', 'answered', 'refused 400 G@T / HTTP/1.1']);
    assert.ok(scene.socket.text.endsWith('400\n'));
  });

  it('runs no request whose body is seen to be malformed', async () => {
    const scene = new Scene();
    await scene.send('POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
    assert.deepEqual(scene.log, ['refused 400 POST /a HTTP/1.1']);
  });

  it('tells of a body that turns out to be malformed, and ends the connection with the answer', async () => {
    const scene = new Scene();
    await scene.send('POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    await scene.send(`zz\r\n${get('/b')}`);
    assert.deepEqual(scene.log, ['POST /a', '400 a chunk has no size']);
    scene.answer();
    assert.match(scene.socket.text, /^Connection: close\r$/m);
    await scene.send(get('/c'));
    assert.deepEqual([scene.log.length, scene.connection.isLingering], [3, true]);
  });

  it('takes empty lines for nothing', async () => {
    const scene = new Scene({ answers: true });
    await scene.send(`\r\n${get('/a')}\r\n`);
    assert.deepEqual([scene.bodies, scene.connection.isIdle], [['/a'], true]);
    await scene.send('\r');
    await scene.send(`\n${get('/b')}`);
    assert.deepEqual(scene.bodies, ['/a', '/b']);
  });

  it('answers who has ended its side', async () => {
    const scene = new Scene();
    await scene.send(get('/a') + get('/b'));
    scene.socket.push(null);
    await turn();
    scene.answer();
    scene.answer();
    await turn();
    assert.deepEqual(scene.bodies, ['/a', '/b']);
    assert.equal(scene.log.at(-1), 'closed');
  });

  it('refuses half a head, and gives up half a body, when the client ends its side', async () => {
    const half = new Scene();
    await half.send('GET / HTTP/1.1\r\nHo');
    half.socket.push(null);
    await turn();
    assert.deepEqual(half.log, ['refused 400 GET / HTTP/1.1', 'closed']);
    const body = new Scene();
    await body.send('POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab');
    body.socket.push(null);
    await turn();
    assert.deepEqual(body.log, ['POST /', 'closed', 'lost']);
    const nothing = new Scene();
    nothing.socket.push(null);
    await turn();
    assert.deepEqual(nothing.log, ['closed']);
  });

  it('looks seldom at a long head that comes byte by byte', async () => {
    const scene = new Scene({ answers: true });
    const text = get('/a', `X: ${'x'.repeat(15_000)}\r\n`);
    const startedMs = process.cpuUsage().user / 1000;
    for (const byte of text) scene.socket.push(Buffer.from(byte));
    await turn();
    assert.deepEqual(scene.bodies, ['/a']);
    // Looking at all of it with each byte would be a hundred million steps.
    assert.ok(process.cpuUsage().user / 1000 - startedMs < 2000);
  });
});

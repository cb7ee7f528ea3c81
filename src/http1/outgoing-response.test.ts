import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { OutgoingResponse } from './outgoing-response.js';

/** Takes writes at once, as a kernel with room does, or when it is told to. */
class Client extends Duplex {
  readonly writes: string[] = [];
  isReading = true;
  isLingering = false;
  #pending: (() => void) | undefined;
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take([chunk], done);
  }
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }
  #take(chunks: readonly Buffer[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks).toString('latin1'));
    if (this.isReading) done();
    else this.#pending = done;
  }
  goOn(): void {
    this.isReading = true;
    this.#pending?.();
  }
  get text(): string {
    return this.writes.join('');
  }
}

function open(method = 'GET', httpVersion = '1.1', expectsContinue = false) {
  const client = new Client();
  const seen: string[] = [];
  const connection = {
    socket: client as unknown as Socket,
    keepAliveTimeoutMs: 5000,
    responseOver: (over: OutgoingResponse) => over.close(),
    linger: () => {
      client.isLingering = true;
    },
  };
  const request = { method, httpVersion, header: () => undefined };
  const response = new OutgoingResponse(request, connection, httpVersion === '1.1', expectsContinue);
  for (const event of ['finish', 'close'] as const) response.on(event, () => seen.push(event));
  return { client, response, seen };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);

describe('OutgoingResponse', () => {
  it('sends what is made at once in one write, and is over when that is taken', () => {
    const { client, response, seen } = open();
    response.writeHead(200, 'OK', ['Content-Length', '5']);
    assert.deepEqual([response.headersSent, client.writes.length], [true, 0]);
    response.end(Buffer.from('hello'));
    assert.equal(client.writes.length, 1);
    assert.equal(bodyOf(client.text), 'hello');
    assert.deepEqual([seen, response.writableFinished, response.bodyBytes], [['finish', 'close'], true, 5]);
  });

  it('sends a large body unchanged', () => {
    const { client, response } = open();
    const body = 'x'.repeat(100_000);
    response.writeHead(200, 'OK', ['Content-Length', '100000']).end(Buffer.from(body));
    assert.equal(bodyOf(client.text), body);
  });

  it('sends blocks of one turn together, each as a chunk, and tells when they are taken', async () => {
    const { client, response, seen } = open();
    let taken = 0;
    const onTaken = (): void => {
      taken += 1;
    };
    response.writeHead(200, 'OK', []);
    response.write(Buffer.from('a'), onTaken);
    response.write(Buffer.from('x'.repeat(20_000)), onTaken);
    assert.equal(client.writes.length, 0);
    await turn();
    assert.deepEqual([client.writes.length, taken, seen], [1, 2, []]);
    response.write(Buffer.from('b'));
    response.end(Buffer.from('c'));
    assert.deepEqual(bodyOf(client.text), `1\r\na\r\n4e20\r\n${'x'.repeat(20_000)}\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n`);
    await turn();
    assert.deepEqual(seen, ['finish', 'close']);
  });

  it('is not over before the client has taken it', async () => {
    const { client, response, seen } = open();
    client.isReading = false;
    response.writeHead(200, 'OK', ['Content-Length', '1']).end(Buffer.from('a'));
    await turn();
    assert.deepEqual([response.writableEnded, response.writableFinished, seen], [true, false, []]);
    client.goOn();
    await turn();
    assert.deepEqual(seen, ['finish', 'close']);
  });

  it('closes without finishing where the connection goes', async () => {
    const { client, response, seen } = open();
    client.isReading = false;
    response.end(Buffer.from('a'));
    client.destroy();
    await turn();
    response.connectionClosed();
    response.connectionClosed();
    assert.deepEqual([seen, response.writableFinished], [['close'], false]);
    let taken = 0;
    response.write(Buffer.from('b'), () => {
      taken += 1;
    });
    await turn();
    assert.equal(taken, 1);
  });

  it('sends no body where there is none', async () => {
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const { client, response, seen } = open(method);
      response.writeHead(status, '', []);
      response.write(Buffer.from('a'));
      response.end(Buffer.from('b'));
      await turn();
      assert.deepEqual([bodyOf(client.text), response.bodyBytes, seen], ['', 0, ['finish', 'close']]);
    }
  });

  it('makes a head of fields that were set one by one', () => {
    const { client, response } = open();
    response.setHeader('Allow', 'GET').setHeader('X-A', 1).appendHeader('x-a', '2').setHeader('X-B', 'b');
    response.removeHeader('x-b');
    assert.deepEqual(
      [response.getHeader('X-a'), response.getHeaderNames()],
      [
        ['1', '2'],
        ['allow', 'x-a'],
      ],
    );
    response.statusCode = 404;
    response.end(Buffer.from('gone'));
    assert.match(
      client.text,
      /^HTTP\/1\.1 404 Not Found\r\nAllow: GET\r\nx-a: 1\r\nx-a: 2\r\nDate: .*\r\nConnection: keep-alive\r\n.*\r\nContent-Length: 4\r\n\r\ngone$/,
    );
  });

  it('replaces set fields by those that come with the head, all of them', () => {
    const { client, response } = open();
    response.setHeader('Set-Cookie', 'old').setHeader('Allow', 'GET');
    response.writeHead(200, 'OK', ['Set-Cookie', 'a', 'set-cookie', 'b', 'Content-Length', '0']).end();
    assert.deepEqual(client.text.match(/^(?:set-cookie|allow): .*(?=\r$)/gim), [
      'Allow: GET',
      'Set-Cookie: a',
      'set-cookie: b',
    ]);
  });

  it('refuses a head that HTTP can not carry, and takes another one then', () => {
    const { client, response } = open();
    assert.throws(() => response.writeHead(99, 'OK', []), RangeError);
    assert.throws(() => response.writeHead(200, 'OK', ['X', 'a\nb']), TypeError);
    assert.throws(() => response.setHeader('X', 'a\nb'), TypeError);
    response.writeHead(500, 'Oh', []).end();
    assert.match(client.text, /^HTTP\/1\.1 500 Oh\r\n/);
    assert.throws(() => response.writeHead(200, 'OK', []));
  });

  it('ends the connection where the client waits for 100 Continue and does not get it', () => {
    const without = open('POST', '1.1', true);
    without.response.writeHead(200, 'OK', ['Content-Length', '0']).end();
    assert.deepEqual([without.response.isLast, /^Connection: close\r$/m.test(without.client.text)], [true, true]);
    const { client, response } = open('POST', '1.1', true);
    response.writeContinue();
    response.writeHead(200, 'OK', ['Content-Length', '0']).end();
    assert.equal(response.isLast, false);
    assert.match(client.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it('is cut off behind what was written', () => {
    const { client, response } = open();
    response.writeHead(200, 'OK', []);
    response.write(Buffer.from('abc'));
    response.cutOff();
    assert.deepEqual([bodyOf(client.text), client.isLingering], ['3\r\nabc\r\n', true]);
  });
});

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { OutgoingResponse } from '../http1/outgoing-response.js';
import { HttpResponseSink } from './http-response-sink.js';

/** A client's connection in memory: takes what is written when it is told to. */
class Client extends Duplex {
  text = '';
  isReading = true;
  ended: string | undefined;
  #pending: (() => void) | undefined;

  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = (): void => {
      this.text += chunk.toString('latin1');
      done();
    };
    if (this.isReading) take();
    else this.#pending = take;
  }
  goOn(): void {
    this.isReading = true;
    this.#pending?.();
    this.#pending = undefined;
  }
  linger(): void {
    this.ended ??= 'closed when all is written';
  }
  resetAndDestroy(): void {
    this.ended ??= 'reset';
  }
  override _destroy(_error: Error | null, done: () => void): void {
    this.ended ??= 'destroyed';
    done();
  }
  get body(): string {
    return this.text.slice(this.text.indexOf('\r\n\r\n') + 4);
  }
}

function open(
  method = 'GET',
  httpVersion = '1.1',
): { client: Client; sink: HttpResponseSink; response: OutgoingResponse } {
  const client = new Client();
  const socket = client as unknown as Socket;
  const response = new OutgoingResponse(
    { method, httpVersion, header: () => undefined },
    { socket, keepAliveTimeoutMs: 5000, responseOver: (over) => over.close(), linger: () => client.linger() },
    true,
    false,
  );
  return { client, response, sink: new HttpResponseSink(response, 'Stillhouse') };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('HttpResponseSink', () => {
  it('writes status, fields and a body of known length', async () => {
    const { client, sink } = open();
    assert.equal(sink.hasBegun, false);
    sink.begin(200, 'Fine', ['X-A', '1', 'X-A', '2'], 4);
    sink.end(Buffer.from('body'));
    await turn();
    assert.ok(
      client.text.startsWith('HTTP/1.1 200 Fine\r\nServer: Stillhouse\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 4\r\n'),
    );
    assert.equal(client.body, 'body');
    assert.deepEqual([sink.hasBegun, sink.bodyBytes, sink.wasTruncated], [true, 4, false]);
    assert.deepEqual(
      [sink.findHeader('x-a'), sink.findHeader('content-length'), sink.findHeader('none')],
      ['1, 2', '4', undefined],
    );
  });

  it('leaves a length that the application gave, and cuts a body of unknown length into chunks', async () => {
    const given = open();
    given.sink.begin(200, 'OK', ['content-length', '2'], 2);
    given.sink.end(Buffer.from('ab'));
    await turn();
    assert.equal(given.client.text.match(/content-length/gi)?.length, 1);
    const chunked = open();
    chunked.sink.begin(200, 'OK', []);
    chunked.sink.write(Buffer.from('abc'), () => {});
    chunked.sink.end();
    await turn();
    assert.equal(chunked.client.body, '3\r\nabc\r\n0\r\n\r\n');
  });

  it('says when the client has taken a block', async () => {
    const { client, sink } = open();
    client.isReading = false;
    const taken: number[] = [];
    sink.begin(200, 'OK', ['Content-Length', '6']);
    sink.write(Buffer.from('abcdef'), (bytes) => taken.push(bytes));
    await turn();
    assert.deepEqual([sink.pendingBytes, taken], [6, []]);
    client.goOn();
    await turn();
    assert.deepEqual([sink.pendingBytes, taken], [0, [6]]);
  });

  it('is done with the memory of large blocks at once where the client takes them', async () => {
    const { client, sink } = open();
    const memory = Buffer.alloc(60_000, 'a');
    const taken: number[] = [];
    sink.begin(200, 'OK', ['Content-Length', '90100']);
    assert.equal(
      sink.write(memory.subarray(0, 100), () => {}),
      true,
      'a small one is copied',
    );
    assert.equal(
      sink.write(memory, (bytes) => taken.push(bytes)),
      false,
    );
    assert.deepEqual([taken, client.body], [[], ''], 'what comes in one turn is written together');
    assert.deepEqual([sink.settle(), taken, sink.pendingBytes], [true, [60_000], 0]);
    memory.fill('b');
    assert.equal(sink.end(memory.subarray(0, 30_000)), true);
    memory.fill('c');
    await turn();
    assert.equal(client.body, 'a'.repeat(60_100) + 'b'.repeat(30_000));
  });

  it('goes on reading from a large block of which the client takes only a part, and copies those behind it', async () => {
    for (const ends of [true, false]) {
      const { client, sink } = open();
      client.isReading = false;
      sink.begin(200, 'OK', ['Content-Length', '60000']);
      const first = Buffer.alloc(20_000, 'a');
      assert.deepEqual([sink.write(first, () => {}), sink.settle(), sink.settle()], [false, false, true]);
      const later = Buffer.alloc(20_000, 'b');
      assert.equal(
        sink.write(later, () => {}),
        true,
      );
      later.fill('c');
      if (ends) assert.equal(sink.end(later), true);
      else
        assert.equal(
          sink.write(later, () => {}),
          true,
        );
      later.fill('d');
      await turn();
      client.goOn();
      await turn();
      assert.equal(client.body, 'a'.repeat(20_000) + 'b'.repeat(20_000) + 'c'.repeat(20_000));
    }
  });

  it('goes on reading from a last block that the client has not taken', async () => {
    const { client, sink } = open();
    client.isReading = false;
    sink.begin(200, 'OK', ['Content-Length', '20000']);
    assert.deepEqual([sink.end(Buffer.alloc(20_000, 'a')), sink.settle()], [false, false]);
    client.goOn();
    await turn();
    assert.equal(client.body, 'a'.repeat(20_000));
  });

  it('sends no body to HEAD, 204 and 304, and counts none', async () => {
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const { client, sink } = open(method);
      sink.begin(status, 'x', [], 4);
      sink.end(Buffer.from('body'));
      await turn();
      assert.deepEqual([client.body, sink.bodyBytes], ['', 0]);
      assert.equal(/content-length: 4/i.test(client.text), method === 'HEAD');
    }
  });

  it('refuses a head that HTTP can not carry before anything is sent', async () => {
    const { client, sink } = open();
    assert.throws(() => sink.begin(200, 'OK', ['X-A', 'a\nb']));
    assert.throws(() => sink.begin(200, 'a\r\nb', []));
    assert.throws(() => sink.begin(99, 'OK', []));
    await turn();
    assert.deepEqual([sink.hasBegun, client.text], [false, '']);
    sink.begin(500, 'Internal Server Error', [], 0);
    assert.equal(sink.hasBegun, true);
  });

  it('ends an incomplete response so that it can not be taken for a whole one', async () => {
    const { client, sink } = open();
    sink.begin(200, 'OK', []);
    sink.write(Buffer.from('abc'), () => {});
    sink.truncate();
    await turn();
    assert.deepEqual(
      [client.body, client.ended, sink.wasTruncated],
      ['3\r\nabc\r\n', 'closed when all is written', true],
    );
    const old = open('GET', '1.0');
    old.sink.begin(200, 'OK', []);
    old.sink.truncate();
    assert.equal(old.client.ended, 'reset');
    const stuck = open();
    stuck.client.isReading = false;
    stuck.sink.begin(200, 'OK', []);
    stuck.sink.write(Buffer.from('abc'), () => {});
    stuck.sink.truncate(true);
    await turn();
    assert.equal(stuck.client.ended, 'destroyed');
  });
});

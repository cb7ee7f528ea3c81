import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import type { ResponseSink } from '../http/response-sink.js';
import { ChannelClient } from '../wire/channel-client.js';
import { frame, MemoryDaemon, responseFrame, u32 } from '../wire/memory-daemon.test.fixture.js';
import { frameFlag, frameHeaderBytes, frameType, requestWindowBytes, responseWindowBytes } from '../wire/protocol.js';
import { type GroupConnection, ProcessGroup } from './process-group.js';
import { ResponseBudget } from './response-credit.js';
import { WsgiExchange, type WsgiExchangeOptions } from './wsgi-exchange.js';

class FakeSink implements ResponseSink {
  readonly log: string[] = [];
  hasBegun = false;
  pendingBytes = 0;
  unwrittenBytes = 0;
  refusesHead = false;
  #taken: (() => void)[] = [];

  begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number): void {
    if (this.refusesHead) throw new TypeError('Invalid character in header content ["X-A"]');
    this.hasBegun = true;
    this.log.push(`${status} ${reason} [${headers.join(' ')}]${bodyBytes === undefined ? '' : ` ${bodyBytes} bytes`}`);
  }
  write(block: Buffer, onTaken: (bytes: number) => void): boolean {
    this.log.push(`write ${block.length}`);
    this.pendingBytes += block.length;
    this.#taken.push(() => {
      this.pendingBytes -= block.length;
      onTaken(block.length);
    });
    return false;
  }
  end(block?: Buffer): boolean {
    this.log.push(`end${block === undefined ? '' : ` ${block.length}`}`);
    return true;
  }
  settle(): boolean {
    return this.pendingBytes === 0;
  }
  truncate(): void {
    this.log.push('truncate');
  }
  /** The client takes what was written. */
  take(): void {
    for (const taken of this.#taken.splice(0)) taken();
  }
}

/** The request body: emits what the test says and notes whether it may flow. */
class FakeBody extends EventEmitter {
  isPaused = true;
  override on(name: string, listener: (...args: never[]) => void): this {
    if (name === 'data') this.isPaused = false;
    return super.on(name, listener as (...args: unknown[]) => void);
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  get isListenedTo(): boolean {
    return this.listenerCount('data') > 0;
  }
}

/** The third process and those after it have newer code. */
const generationOf = (id: number): number => (id < 3 ? 1 : 2);

class Process implements GroupConnection {
  readonly number = 1;
  readonly address;
  readonly daemon = new MemoryDaemon();
  readonly channel: ChannelClient;
  isUsable = true;
  readonly #flushes: (() => void)[] = [];

  constructor(id: number, onFreed: () => void) {
    this.address = { id, pid: id, generation: generationOf(id), socket: '', scoreboard: '' };
    this.channel = new ChannelClient({
      connectionNumber: 1,
      write: (bytes) => {
        this.daemon.receive(bytes);
        return true;
      },
      schedule: (flush) => this.#flushes.push(flush),
      onFreed,
    });
  }
  readScoreboard(): undefined {}
  destroy(): void {}
  /** What was sent until now arrives. */
  turn(): void {
    for (const flush of this.#flushes.splice(0)) flush();
  }
  request(id = 1) {
    this.turn();
    return this.daemon.get(id);
  }
}

interface SceneOptions {
  readonly withBody?: boolean;
  readonly processes?: number;
  readonly responseBufferBytes?: number;
  readonly responseTimeoutSeconds?: number;
}

class Scene {
  readonly clock = new FakeClock();
  readonly sink = new FakeSink();
  readonly body = new FakeBody();
  readonly log: string[] = [];
  readonly processes: Process[] = [];
  readonly budget = new ResponseBudget(1_000_000);
  readonly group: ProcessGroup;
  readonly exchange: WsgiExchange;
  #closers: (() => void)[] = [];

  constructor(options: Partial<WsgiExchangeOptions> & SceneOptions = {}) {
    this.group = new ProcessGroup({
      name: 'g',
      limits: {
        threads: 1,
        connectTimeoutMs: 1000,
        queueTimeoutMs: 1000,
        queueRequestsLimit: 10,
        responseBufferBytes: options.responseBufferBytes ?? responseWindowBytes,
        responseTimeoutSeconds: options.responseTimeoutSeconds ?? 0,
      },
      responseBudget: this.budget,
      clock: this.clock,
      connectionNumber: 1,
      report: () => {},
      connect: (address, events) => {
        const process = new Process(address.id, () => events.freed());
        this.processes.push(process);
        this.#closers.push(() => {
          process.isUsable = false;
          const open = [...process.channel.abandon().values()];
          events.closed([], open, 'it died');
        });
        return process;
      },
    });
    this.announce(options.processes ?? 1);
    this.exchange = new WsgiExchange({
      group: this.group,
      applicationGroup: '',
      sink: this.sink,
      request: { method: 'GET', rawTarget: '/a?b', id: 'r1' },
      encode: () => Buffer.concat([Buffer.alloc(frameHeaderBytes), Buffer.from('environ')]),
      body: options.withBody ? this.body : undefined,
      bodyBytesLimit: 0,
      sendContinue: undefined,
      extraHeaders: [],
      overridesErrors: false,
      daemonTimeoutSeconds: 5,
      clientTimeoutSeconds: 3,
      onLocalRedirect: (location, contentType) => this.log.push(`redirect ${location} ${contentType}`),
      onFailed: (status, reason) => this.log.push(`failed ${status} ${reason ?? '(logged)'}`),
      report: (level, message) => this.log.push(`${level} ${message}`),
      onDone: () => this.log.push('done'),
      ...options,
    });
    this.exchange.start();
  }

  announce(count: number): void {
    const addresses = Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      pid: 1,
      generation: generationOf(index + 1),
      socket: '',
      scoreboard: '',
    }));
    this.group.setProcesses(addresses);
    this.group.dispatch();
  }

  process(index = 0): Process {
    const process = this.processes[index];
    assert.ok(process !== undefined);
    return process;
  }

  die(index = 0): void {
    this.#closers[index]?.();
  }

  chunk(bytes: number | string): void {
    assert.ok(this.body.isListenedTo, 'nobody listens: these bytes are lost');
    this.body.emit('data', typeof bytes === 'number' ? Buffer.alloc(bytes, 0x78) : Buffer.from(bytes));
  }

  answer(bytes: Buffer, index = 0): void {
    this.process(index).channel.receive(bytes);
  }

  ticks(count: number): void {
    for (let second = 0; second < count; second++) this.exchange.tick();
  }
}

const fine = (block = '', ended = true) => responseFrame(1, ['200 OK', 'X-A', 'b'], block, ended);

describe('WsgiExchange: the response', () => {
  it("is passed on whole, without the fields that are the server's own", () => {
    const scene = new Scene({ extraHeaders: ['Set-Cookie', 'x'] });
    const head = [
      '404 Not Found',
      'Date',
      'd',
      'A',
      '1',
      'connection',
      'close',
      'Transfer-Encoding',
      'chunked',
      'Server',
      's',
      'A',
      '2',
    ];
    scene.answer(responseFrame(1, head, 'body', true));
    assert.deepEqual(scene.sink.log, ['404 Not Found [A 1 A 2 Set-Cookie x] 4 bytes', 'end 4']);
    assert.deepEqual(scene.log, ['done']);
  });

  it('of status 200 with a path as Location sends the request elsewhere', () => {
    for (const ended of [true, false]) {
      const scene = new Scene();
      scene.answer(
        responseFrame(1, ['200 OK', 'Content-Type', 'a/b', 'Location', '/x', 'location', '/y?z'], 'unseen', ended),
      );
      assert.deepEqual([scene.sink.log, scene.log], [[], ['done', 'redirect /y?z a/b']]);
      assert.equal(scene.process().request().isAborted, !ended);
    }
    for (const [status, location] of [
      ['201 Created', '/x'],
      ['302 Found', '/x'],
      ['200 OK', 'http://elsewhere.example/'],
    ] as const) {
      const scene = new Scene();
      scene.answer(responseFrame(1, [status, 'Location', location], '', true));
      assert.deepEqual(scene.sink.log, [`${status} [Location ${location}] 0 bytes`, 'end']);
    }
  });

  it('gives credit back for what the client has taken, not for what was written', () => {
    const scene = new Scene();
    scene.answer(fine('', false));
    scene.answer(frame(frameType.data, 1, Buffer.alloc(100_000)));
    scene.process().request().creditBytes -= 100_000;
    assert.equal(scene.process().request().creditBytes, 162_144);
    scene.sink.take();
    assert.equal(scene.process().request().creditBytes, 262_144);
    scene.answer(frame(frameType.data, 1, '', frameFlag.end));
    assert.deepEqual(scene.sink.log, ['200 OK [X-A b]', 'write 100000', 'end']);
  });

  it('gives credit back in advance for what is kept for a slow client, as far as response-buffer-size goes', () => {
    const scene = new Scene({ responseBufferBytes: responseWindowBytes + 200_000 });
    scene.answer(fine('', false));
    const request = scene.process().request();
    const advance = 3 * 65_536;
    assert.equal(request.creditBytes, 262_144 + advance);
    for (let count = 0; count < 4; count++) scene.answer(frame(frameType.data, 1, Buffer.alloc(100_000)));
    request.creditBytes -= 400_000;
    assert.equal(scene.process().request().creditBytes, 262_144 + advance - 400_000, 'and 3392 that are no step yet');
    assert.equal(scene.budget.freeBytes, 800_000);
    scene.sink.take();
    assert.equal(scene.process().request().creditBytes, 262_144 + advance);
    assert.equal(scene.budget.freeBytes, 1_000_000 - advance);
    scene.answer(frame(frameType.data, 1, '', frameFlag.end));
    assert.equal(scene.budget.freeBytes, 1_000_000);
  });

  it('keeps its place in the budget until the client has it or leaves', () => {
    for (const leaves of [false, true]) {
      const scene = new Scene({ responseBufferBytes: responseWindowBytes + 150_000 });
      scene.answer(fine('', false));
      scene.answer(frame(frameType.data, 1, Buffer.alloc(100_000)));
      scene.answer(frame(frameType.data, 1, '', frameFlag.end));
      assert.deepEqual([scene.log, scene.budget.freeBytes], [['done'], 900_000]);
      if (leaves) scene.exchange.clientLeft();
      else scene.sink.take();
      assert.equal(scene.budget.freeBytes, 1_000_000);
    }
  });

  it('that HTTP can not carry becomes a 500, and the application is told', () => {
    for (const [ended, status] of [
      [true, '200 OK'],
      [false, '200 OK'],
      [false, '102 Processing'],
      [true, 'abc'],
    ] as const) {
      const scene = new Scene();
      scene.sink.refusesHead = status === '200 OK';
      scene.answer(responseFrame(1, [status, 'X-A', 'b'], 'x', ended));
      assert.match(scene.log.join(), /^done,failed 500 invalid response from the application: /);
      assert.equal(scene.process().request().isAborted, !ended);
      assert.deepEqual(scene.sink.log, []);
    }
  });

  it('that ends early is truncated where it has begun, else it is a 500', () => {
    const begun = new Scene();
    begun.answer(fine('x', false));
    begun.answer(frame(frameType.abort, 1, 'why'));
    assert.deepEqual(begun.sink.log.at(-1), 'truncate');
    assert.deepEqual(begun.log, ['done']);
    const before = new Scene();
    before.answer(frame(frameType.abort, 1, 'why'));
    assert.deepEqual(before.log, ['done', 'failed 500 why']);
  });

  it('that is refused becomes the page of its status, logged by the process already', () => {
    const scene = new Scene();
    scene.answer(frame(frameType.refuse, 1, '\xf7\x01reason'));
    assert.deepEqual(scene.log, ['done', 'failed 503 (logged)']);
  });

  it('of a process that died is truncated, or a 502 where none had begun', () => {
    const begun = new Scene();
    begun.answer(fine('x', false));
    begun.die();
    assert.equal(begun.sink.log.at(-1), 'truncate');
    const before = new Scene();
    before.die();
    assert.match(before.log.join(), /^done,failed 502 Daemon process 'g' closed connection before sending complete/);
  });
});

describe('WsgiExchange: the request body', () => {
  it('is forwarded as it comes, and its end with the last bytes or after them', () => {
    const scene = new Scene({ withBody: true });
    assert.equal(scene.body.isPaused, false);
    scene.chunk('abc');
    scene.chunk('def');
    scene.body.emit('end');
    const request = scene.process().request();
    assert.deepEqual([request.body.toString(), request.bodyEnded], ['abcdef', true]);
    scene.answer(fine());
    assert.deepEqual(scene.log, ['done']);
  });

  it('stops the client where the credit ends and lets it go on with the next', () => {
    const scene = new Scene({ withBody: true });
    scene.chunk(100_000);
    assert.equal(scene.body.isPaused, false);
    scene.chunk(100_000);
    assert.equal(scene.body.isPaused, true);
    assert.equal(scene.process().request().body.length, requestWindowBytes);
    scene.answer(scene.process().daemon.credit(1, 40_000));
    assert.equal(scene.process().request().body.length, requestWindowBytes + 40_000);
    assert.equal(scene.body.isPaused, true);
    scene.answer(scene.process().daemon.credit(1, 40_000));
    assert.equal(scene.process().request().body.length, 200_000);
    assert.equal(scene.body.isPaused, false);
    scene.body.emit('end');
    assert.equal(scene.process().request().bodyEnded, true);
  });

  it('waits for the application where the client waits for 100 Continue', () => {
    let continues = 0;
    const scene = new Scene({ withBody: true, sendContinue: () => continues++ });
    assert.deepEqual(
      [scene.process().request().expectsContinue, scene.body.isListenedTo, scene.body.isPaused, continues],
      [true, false, true, 0],
    );
    scene.process().request().windowBytes = requestWindowBytes;
    scene.answer(frame(frameType.credit, 1, u32(requestWindowBytes)));
    assert.deepEqual([continues, scene.body.isListenedTo], [1, true]);
    scene.chunk('late');
    scene.answer(scene.process().daemon.credit(1, 4));
    scene.body.emit('end');
    assert.deepEqual([scene.process().request().body.toString(), continues], ['late', 1]);
  });

  it('is sent whole again where the process gave the request back', () => {
    const scene = new Scene({ withBody: true, processes: 2 });
    scene.chunk('abc');
    scene.chunk(requestWindowBytes);
    const sent = scene.process().request().body.length;
    assert.equal(sent, requestWindowBytes);
    scene.process().isUsable = false;
    scene.answer(frame(frameType.revoked, 1));
    const second = scene.process(1).request();
    assert.equal(second.body.length, requestWindowBytes);
    assert.ok(second.body.toString().startsWith('abcxxx'));
    scene.answer(scene.process(1).daemon.credit(1, requestWindowBytes), 1);
    scene.body.emit('end');
    assert.deepEqual(
      [scene.process(1).request().body.length, scene.process(1).request().bodyEnded],
      [requestWindowBytes + 3, true],
    );
    scene.answer(fine(), 1);
    assert.deepEqual(scene.log, ['done']);
  });

  it('is sent again with its end where it had come whole', () => {
    const scene = new Scene({ withBody: true, processes: 2 });
    scene.chunk('abc');
    scene.body.emit('end');
    scene.process().isUsable = false;
    scene.answer(frame(frameType.revoked, 1));
    const second = scene.process(1).request();
    assert.deepEqual([second.body.toString(), second.bodyEnded], ['abc', true]);
  });

  it('that comes while the request waits for another process is kept', () => {
    const scene = new Scene({ withBody: true });
    scene.chunk('abc');
    scene.process().isUsable = false;
    scene.answer(frame(frameType.revoked, 1));
    scene.chunk('def');
    assert.equal(scene.body.isPaused, true);
    scene.announce(2);
    assert.equal(scene.process(1).request().body.toString(), 'abcdef');
  });

  it('that is longer than LimitRequestBody ends the request, wherever it is', () => {
    const sent = new Scene({ withBody: true, bodyBytesLimit: 10 });
    sent.chunk(10);
    assert.deepEqual(sent.log, []);
    sent.chunk(1);
    assert.match(sent.log.join(), /^done,failed 413 request body is longer than LimitRequestBody of 10 bytes/);
    assert.equal(sent.process().request().isAborted, true);
    sent.chunk(5);
    assert.equal(sent.log.length, 2);
    const waiting = new Scene({ withBody: true, bodyBytesLimit: 10 });
    waiting.process().isUsable = false;
    waiting.answer(frame(frameType.revoked, 1));
    waiting.chunk(11);
    assert.equal(waiting.group.waiting, 0);
    const begun = new Scene({ withBody: true, bodyBytesLimit: 10 });
    begun.answer(fine('x', false));
    begun.chunk(11);
    assert.equal(begun.sink.log.at(-1), 'truncate');
  });

  it('that nobody read flows away after the answer', () => {
    const scene = new Scene({ withBody: true });
    scene.chunk(requestWindowBytes + 1);
    assert.equal(scene.body.isPaused, true);
    scene.answer(fine());
    assert.equal(scene.body.isPaused, false);
    scene.chunk('more');
    assert.equal(scene.process().request().body.length, requestWindowBytes);
  });
});

describe('WsgiExchange: the client leaves', () => {
  it('while the request waits', () => {
    const scene = new Scene({ processes: 0 });
    assert.equal(scene.group.waiting, 1);
    scene.exchange.clientLeft();
    scene.exchange.clientLeft();
    assert.deepEqual([scene.group.waiting, scene.log], [0, ['done']]);
  });

  it('while the application runs, and while it answers', () => {
    for (const begun of [false, true]) {
      const scene = new Scene();
      if (begun) scene.answer(fine('x', false));
      scene.exchange.clientLeft();
      assert.equal(scene.process().request().isAborted, true);
      scene.sink.take();
      scene.answer(frame(frameType.data, 1, 'late', frameFlag.end));
      assert.deepEqual(scene.log, ['done']);
      assert.equal(scene.sink.log.includes('end'), false);
    }
  });

  it('after the request came back', () => {
    const scene = new Scene();
    scene.process().isUsable = false;
    scene.answer(frame(frameType.revoked, 1));
    scene.exchange.clientLeft();
    assert.deepEqual([scene.group.waiting, scene.log], [0, ['done']]);
  });

  it('after the answer: nothing is left to do', () => {
    const scene = new Scene();
    scene.answer(fine());
    scene.exchange.clientLeft();
    scene.ticks(100);
    assert.deepEqual(scene.log, ['done']);
  });
});

describe('WsgiExchange: timeouts', () => {
  it('of the daemon process, before and in its answer', () => {
    const before = new Scene();
    before.ticks(4);
    assert.deepEqual(before.log, []);
    before.ticks(1);
    assert.deepEqual(before.log, ['done', "failed 504 Timeout when reading response headers from daemon process 'g'."]);
    assert.equal(before.process().request().isAborted, true);
    const begun = new Scene();
    begun.ticks(4);
    begun.answer(fine('', false));
    begun.ticks(4);
    begun.answer(frame(frameType.data, 1, 'x'));
    begun.sink.take();
    begun.ticks(4);
    assert.equal(begun.log.length, 0);
    begun.ticks(1);
    assert.deepEqual(begun.log, ['done', "error Timeout when reading response from daemon process 'g'."]);
    assert.equal(begun.sink.log.at(-1), 'truncate');
  });

  it('of a client that takes nothing of the response', () => {
    const scene = new Scene();
    scene.answer(fine('x', false));
    scene.answer(frame(frameType.data, 1, 'y'));
    scene.ticks(2);
    scene.sink.take();
    scene.answer(frame(frameType.data, 1, 'z'));
    scene.ticks(2);
    assert.deepEqual(scene.log, []);
    scene.ticks(1);
    assert.match(scene.log.join(), /^done,\w+ client took none of the response for 3 s/);
    assert.equal(scene.sink.log.at(-1), 'truncate');
  });

  it('of a client that takes nothing of the response: response-socket-timeout has its own', () => {
    const scene = new Scene({ responseTimeoutSeconds: 6, withBody: true });
    scene.answer(fine('x', false));
    scene.answer(frame(frameType.data, 1, 'y'));
    scene.ticks(5);
    assert.deepEqual(scene.log, []);
    scene.ticks(1);
    assert.match(scene.log.join(), /^done,\w+ client took none of the response for 6 s/);
    const reading = new Scene({ responseTimeoutSeconds: 6, withBody: true });
    reading.ticks(3);
    assert.match(reading.log.join(), /client sent none of the request body for 3 s/);
  });

  it('do not count for a client that takes a large write slowly', () => {
    const scene = new Scene();
    scene.answer(fine('x', false));
    scene.answer(frame(frameType.data, 1, 'y'));
    for (let second = 0; second < 10; second++) {
      scene.sink.unwrittenBytes = 100 - second;
      scene.ticks(1);
    }
    assert.deepEqual(scene.log, []);
    scene.ticks(2);
    assert.match(scene.log.join(), /^done,\w+ client took none of the response for 3 s/);
  });

  it('of a client that sends nothing of its body', () => {
    const scene = new Scene({ withBody: true });
    scene.ticks(2);
    scene.chunk(1);
    scene.ticks(2);
    assert.deepEqual(scene.log, []);
    scene.ticks(1);
    assert.deepEqual(scene.log, ['done', 'failed 408 client sent none of the request body for 3 s']);
  });

  it('do not count for the client while the application does not read', () => {
    const scene = new Scene({ withBody: true });
    scene.chunk(requestWindowBytes);
    scene.ticks(4);
    assert.deepEqual(scene.log, []);
    scene.ticks(1);
    assert.match(scene.log.join(), /failed 504/);
  });

  it('do not run while the request waits: the group has its own', () => {
    const scene = new Scene({ processes: 0 });
    scene.ticks(100);
    assert.deepEqual(scene.log, []);
    scene.clock.advance(1000);
    scene.group.sweep();
    assert.match(scene.log.join(), /^done,failed 503 Unable to connect/);
  });
});

describe('WsgiExchange: given back', () => {
  const encodings = (): { readonly encode: (mayReload: boolean) => Buffer; readonly seen: boolean[] } => {
    const seen: boolean[] = [];
    const encode = (mayReload: boolean): Buffer => {
      seen.push(mayReload);
      return Buffer.alloc(frameHeaderBytes);
    };
    return { encode, seen };
  };

  it('because the script has changed: waits for a process of a later generation, where it is not given back for that again', () => {
    const { encode, seen } = encodings();
    const scene = new Scene({ processes: 2, withBody: true, encode });
    scene.chunk('abc');
    scene.answer(frame(frameType.revoked, 1, '', frameFlag.reload));
    assert.deepEqual([scene.group.held, scene.process(1).channel.openRequests], [1, 0]);
    scene.announce(3);
    assert.deepEqual([scene.group.held, scene.process(2).request().body.toString(), seen], [0, 'abc', [true, false]]);
    scene.answer(frame(frameType.revoked, 1, '', frameFlag.reload), 2);
    assert.deepEqual([scene.group.held, seen], [0, [true, false, false]]);
  });

  it('for another reason: another process may find the script changed', () => {
    const { encode, seen } = encodings();
    const scene = new Scene({ processes: 2, encode });
    scene.answer(frame(frameType.revoked, 1));
    assert.deepEqual([scene.group.held, seen], [0, [true, true]]);
  });

  it('while it is held, and the client leaves', () => {
    const scene = new Scene();
    scene.answer(frame(frameType.revoked, 1, '', frameFlag.reload));
    scene.exchange.clientLeft();
    assert.deepEqual([scene.group.held, scene.log], [0, ['done']]);
  });

  it('since it was asked back: it has waited in the process for longer than queue-timeout', () => {
    const scene = new Scene();
    scene.clock.advance(999);
    scene.ticks(1);
    assert.equal(scene.process().request().isRevokeAsked, false);
    scene.clock.advance(1);
    scene.ticks(2);
    assert.equal(scene.process().request().isRevokeAsked, true);
    assert.equal(scene.process().daemon.log.filter((line) => line.startsWith(`${frameType.revoke}:`)).length, 1);
    // There is room, as this http child sees it: but there seemed to be before.
    scene.announce(2);
    scene.answer(frame(frameType.revoked, 1));
    assert.match(
      scene.log.join(),
      /^done,failed 504 Queue timeout expired .* GET \/a\?b \(request r1\) waited for 1\.0 s;/,
    );
  });

  it('is not asked back once the application has read of it or answered', () => {
    for (const bytes of [frame(frameType.credit, 1, u32(0)), fine('x', false)]) {
      const scene = new Scene({ withBody: true });
      scene.answer(bytes);
      scene.clock.advance(5000);
      scene.ticks(1);
      assert.equal(scene.process().request().isRevokeAsked, false);
    }
  });
});

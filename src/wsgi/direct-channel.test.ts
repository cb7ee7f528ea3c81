import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeFrameHeader } from '../wire/frame-decoder.js';
import { frameFlag, frameHeaderBytes, frameType } from '../wire/protocol.js';
import { DirectChannel } from './direct-channel.js';
import type { DirectCalls } from './embedded-calls.js';
import type { GroupChannel, GroupExchange } from './process-link.js';

function frame(type: number, flags: number, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  const made = Buffer.concat([Buffer.alloc(frameHeaderBytes), bytes]);
  writeFrameHeader(made, 0, bytes.length, 1, type, flags);
  return made;
}

function response(head: string, block: string, flags: number = frameFlag.end): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return frame(frameType.response, flags, Buffer.concat([length, Buffer.from(head + block)]));
}

const whole = response('200 OK', 'answer');

/** Below the channel, in place of a socket. */
class FakeChannel implements GroupChannel {
  readonly sent: string[] = [];
  readonly exchanges: GroupExchange[] = [];
  openRequests = 0;
  hasRoom = true;
  isUsedUp = false;

  request(bytes: Buffer, { hasBody }: { readonly hasBody: boolean }, exchange: GroupExchange): number {
    this.sent.push(`${bytes.subarray(frameHeaderBytes)}${hasBody ? ' with body' : ''}`);
    return this.exchanges.push(exchange);
  }

  credit(id: number): number {
    return id * 100;
  }

  data(id: number, block: Buffer, ended: boolean): void {
    this.sent.push(`${id}: ${block}${ended ? ' end' : ''}`);
  }

  taken(): void {}

  abort(id: number): void {
    this.sent.push(`${id}: abort`);
  }

  revoke(): void {}

  readonly nextId = 1;
  readonly oldestId = 1;

  unstarted(): number[] {
    return [];
  }
}

class Fixture {
  readonly below = new FakeChannel();
  readonly events: string[] = [];
  readonly limits: number[] = [];
  nowMs = 0;
  tookMs = 1;
  freed = 0;
  /** What Python does with a request. */
  answer: (request: string, flush: (frames: Buffer) => boolean) => Buffer | undefined = () => whole;
  #scheduled: (() => void)[] = [];
  readonly calls: DirectCalls = {
    memory: Buffer.alloc(256),
    onFlush: () => false,
    run: (bytes) => {
      this.nowMs += this.tookMs;
      const request = this.calls.memory.toString('latin1', frameHeaderBytes, bytes);
      this.events.push(`call ${request}`);
      return this.answer(request, (frames) => this.calls.onFlush(frames));
    },
    limitSilence: (_, ms) => this.limits.push(ms),
  };
  readonly channel = new DirectChannel({
    channel: this.below,
    calls: this.calls,
    nowMs: () => this.nowMs,
    schedule: (run) => this.#scheduled.push(run),
    onFreed: () => {
      this.freed += 1;
    },
  });
  hasLeft = false;

  exchange(direct = true): GroupExchange {
    const writer = {
      descriptor: 7,
      writeThrough: (block: Buffer) => {
        this.events.push(`through ${block}`);
        return !this.hasLeft;
      },
    };
    return {
      direct: direct ? { name: 'GET /', writer, silenceMsLimit: 60_000 } : undefined,
      onResponse: (head, block, ended) => {
        this.events.push(`${head} ${block}${ended ? ' end' : ''}`);
        return false;
      },
      onData: (block, ended) => {
        this.events.push(`data ${block}${ended ? ' end' : ''}`);
        return false;
      },
      settle: () => true,
      onCredit: () => {},
      onTruncated: (reason) => this.events.push(`truncated ${reason}`),
      onRefused: (status) => this.events.push(`refused ${status}`),
      onRevoked: () => this.events.push('revoked'),
      onLost: () => this.events.push('lost'),
    };
  }

  send(name: string, hasBody = false, exchange = this.exchange()): number {
    const bytes = Buffer.concat([Buffer.alloc(frameHeaderBytes), Buffer.from(name)]);
    return this.channel.request(bytes, { hasBody, expectContinue: false }, exchange);
  }

  turn(): void {
    for (const run of this.#scheduled.splice(0)) run();
  }

  /** One that goes over the channel below, and is fast. */
  prove(): this {
    this.send('first');
    this.below.exchanges.at(-1)?.onResponse('200 OK', Buffer.from('x'), true, 1);
    this.below.sent.length = 0;
    this.events.length = 0;
    return this;
  }
}

describe('DirectChannel', () => {
  it('calls what has proved to be fast, once the turn is over', () => {
    const fixture = new Fixture();
    assert(fixture.send('one') > 0);
    fixture.below.exchanges[0]?.onData(Buffer.from('x'), true);
    assert(fixture.send('two') < 0);
    assert.deepEqual([fixture.channel.openRequests, fixture.channel.hasRoom], [1, false]);
    assert.deepEqual(fixture.events, ['data x end']);
    fixture.turn();
    assert.deepEqual(fixture.events, ['data x end', 'call two', '200 OK answer end']);
    assert.deepEqual([fixture.channel.openRequests, fixture.channel.hasRoom], [0, true]);
    assert.deepEqual(fixture.below.sent, ['one']);
  });

  it('sends what has been slow, also when it was called', () => {
    const fixture = new Fixture().prove();
    fixture.tookMs = 1000;
    fixture.send('slow');
    fixture.turn();
    fixture.send('next');
    assert.deepEqual(fixture.below.sent, ['next']);
  });

  it('never calls while a request is on its way below, nor one that can not be called', () => {
    const fixture = new Fixture().prove();
    fixture.below.openRequests = 1;
    fixture.send('one');
    fixture.below.openRequests = 0;
    fixture.send('two', false, fixture.exchange(false));
    fixture.send('x'.repeat(300));
    assert.deepEqual(
      fixture.below.sent.map((sent) => sent.slice(0, 3)),
      ['one', 'two', 'xxx'],
    );
  });

  it('takes a body that comes at once along', () => {
    const fixture = new Fixture().prove();
    const id = fixture.send('post:', true);
    assert.equal(fixture.channel.credit(id), 256 - frameHeaderBytes - 5);
    fixture.channel.data(id, Buffer.from('one'), false);
    fixture.channel.data(id, Buffer.from('two'), true);
    fixture.turn();
    assert.deepEqual(fixture.events, ['call post:onetwo', '200 OK answer end']);
  });

  it('sends a request whose body is still to come, and knows it by its id', () => {
    const fixture = new Fixture().prove();
    const id = fixture.send('post', true);
    fixture.channel.data(id, Buffer.from('one'), false);
    fixture.turn();
    assert.equal(fixture.channel.credit(id), 200);
    fixture.channel.data(id, Buffer.from('two'), true);
    fixture.below.exchanges[1]?.onRefused(503, '');
    assert.deepEqual(fixture.below.sent, ['post with body', '2: one', '2: two end']);
    assert.deepEqual(fixture.events, ['refused 503']);
    // It is over.
    assert.equal(fixture.channel.credit(id), 0);
  });

  it('sends what Python declines', () => {
    const fixture = new Fixture().prove();
    fixture.answer = () => undefined;
    const id = fixture.send('one');
    fixture.turn();
    fixture.channel.abort(id);
    assert.deepEqual(fixture.below.sent, ['one', '2: abort']);
  });

  it('writes through what is flushed, and limits the silence of the client meanwhile', () => {
    const fixture = new Fixture().prove();
    fixture.answer = (_, flush) => {
      assert.equal(flush(response('200 OK', 'first', 0)), true);
      assert.deepEqual(fixture.limits, [60_000]);
      assert.equal(flush(frame(frameType.data, 0, 'second')), true);
      return frame(frameType.data, frameFlag.end, 'last');
    };
    fixture.send('one');
    fixture.turn();
    assert.deepEqual(fixture.events, ['call one', '200 OK ', 'through first', 'through second', 'data last end']);
    assert.deepEqual(fixture.limits, [60_000, 0]);
  });

  it('tells Python that the client has left, and nobody else', () => {
    const fixture = new Fixture().prove();
    fixture.hasLeft = true;
    fixture.answer = (_, flush) => {
      assert.equal(flush(response('200 OK', 'first', 0)), false);
      assert.equal(flush(frame(frameType.data, 0, 'second')), false);
      return frame(frameType.abort, 0, 'the client left');
    };
    fixture.send('one');
    fixture.turn();
    assert.deepEqual(fixture.events, ['call one', '200 OK ', 'through first']);
    assert.equal(fixture.channel.openRequests, 0);
  });

  it('says that there is room when a request is over that was aborted', () => {
    const fixture = new Fixture().prove();
    fixture.channel.abort(fixture.send('one'));
    fixture.turn();
    const id = fixture.send('two');
    fixture.answer = (_, flush) => {
      fixture.channel.abort(id);
      assert.equal(flush(response('200 OK', 'first', 0)), false);
      return frame(frameType.abort, 0, '');
    };
    fixture.turn();
    assert.equal(fixture.freed, 2);
    assert.deepEqual(fixture.events, ['call two']);
  });

  it('is not left without an answer by a call that fails', () => {
    const fixture = new Fixture().prove();
    fixture.answer = () => Buffer.alloc(0);
    fixture.send('one');
    fixture.turn();
    assert.deepEqual(fixture.events, ['call one', 'truncated the call of the interpreter ended without an answer']);
  });
});

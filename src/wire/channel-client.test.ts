import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../base/errors.js';
import { ChannelClient, type ChannelExchange } from './channel-client.js';
import { frame, MemoryDaemon, responseFrame, u32 } from './memory-daemon.test.fixture.js';
import {
  frameFlag,
  frameHeaderBytes,
  frameType,
  openRequestsLimit,
  requestWindowBytes,
  responseWindowBytes,
} from './protocol.js';

/** Notes what happens to a request as lines. */
class Witness implements ChannelExchange {
  readonly events: string[] = [];
  /** It goes on reading from the blocks that it is given. */
  holds = false;
  onResponse(head: string, block: Buffer, ended: boolean, bodyBytes: number | undefined): boolean {
    const length = bodyBytes === undefined || ended ? '' : ` of ${bodyBytes}`;
    this.events.push(
      `response ${head.replaceAll('\n', '|')} ${block.toString('latin1')}${length}${ended ? ' end' : ''}`,
    );
    return this.holds;
  }
  onData(block: Buffer, ended: boolean): boolean {
    this.events.push(`data ${block.toString('latin1')}${ended ? ' end' : ''}`);
    return this.holds;
  }
  settle(): boolean {
    this.events.push('settle');
    return false;
  }
  onCredit(bytes: number): void {
    this.events.push(`credit ${bytes}`);
  }
  onTruncated(reason: string): void {
    this.events.push(`truncated ${reason}`);
  }
  onRefused(status: number, reason: string): void {
    this.events.push(`refused ${status} ${reason}`);
  }
  onRevoked(isForReload: boolean): void {
    this.events.push(isForReload ? 'revoked for reload' : 'revoked');
  }
  onLost(): void {
    this.events.push('lost');
  }
}

class Line {
  readonly daemon = new MemoryDaemon();
  readonly writes: number[] = [];
  readonly memory = new Set<ArrayBufferLike>();
  readonly scheduled: (() => void)[] = [];
  /** The socket goes on reading from what it was given. */
  isBusy = false;
  readonly client = new ChannelClient({
    connectionNumber: 77,
    write: (bytes) => {
      this.writes.push(bytes.length);
      this.memory.add(bytes.buffer);
      this.daemon.receive(bytes);
      if (this.isBusy) return false;
      bytes.fill(0xdd); // it is used anew
      return true;
    },
    schedule: (flush) => this.scheduled.push(flush),
    onFreed: () => {
      this.freed += 1;
    },
  });
  freed = 0;

  /** The end of an event-loop turn. */
  turn(): void {
    for (const flush of this.scheduled.splice(0)) flush();
  }

  request(body: 'none' | 'body' | 'expect', witness: ChannelExchange = new Witness(), payload = 'environ'): number {
    const bytes = Buffer.concat([Buffer.alloc(frameHeaderBytes, 0xaa), Buffer.from(payload, 'latin1')]);
    const id = this.client.request(bytes, { hasBody: body !== 'none', expectContinue: body === 'expect' }, witness);
    bytes.fill(0); // the caller's buffer is its own again
    return id;
  }
}

describe('ChannelClient', () => {
  it('greets first, and writes the frames of one turn together', () => {
    const line = new Line();
    const ids = [line.request('none'), line.request('body'), line.request('none')];
    line.client.data(ids[1] ?? 0, Buffer.from('abc'), true);
    assert.deepEqual(ids, [1, 2, 3]);
    assert.deepEqual(line.writes, []);
    assert.equal(line.scheduled.length, 1);
    line.turn();
    assert.equal(line.writes.length, 1);
    assert.deepEqual(line.daemon.log, ['1:0', '2:1', '2:2', '2:3', '3:2']);
    assert.equal(line.daemon.connectionNumber, 77);
    assert.equal(line.daemon.get(1).payload.toString(), 'environ');
    assert.deepEqual(
      ids.map((id) => line.daemon.get(id).bodyEnded),
      [true, true, true],
    );
    assert.equal(line.daemon.get(2).body.toString(), 'abc');
    line.turn();
    assert.equal(line.writes.length, 1, 'nothing is written where there is nothing');
    line.request('none');
    line.turn();
    assert.equal(line.writes.length, 2);
  });

  it('keeps the order, and the bytes, where a turn brings more than its buffer holds', () => {
    const line = new Line();
    const payloads = [10, 60_000, 10_000, 200_000, 1, 65_524, 65_525, 3].map((length, index) =>
      String.fromCharCode(97 + index).repeat(length),
    );
    for (const payload of payloads) line.request('none', new Witness(), payload);
    line.turn();
    payloads.forEach((payload, index) => {
      assert.ok(line.daemon.get(index + 1).payload.equals(Buffer.from(payload)), `payload ${index}`);
    });
    assert.equal(line.client.openRequests, payloads.length);
  });

  it('never overwrites bytes that the socket has not written yet', () => {
    const held: Buffer[] = [];
    const scheduled: (() => void)[] = [];
    const client = new ChannelClient({
      connectionNumber: 1,
      write: (bytes) => {
        held.push(bytes);
        return false;
      },
      schedule: (flush) => scheduled.push(flush),
    });
    const sizes = [20_000, 20_000, 30_000, 70_000, 5, 40_000, 64_000];
    sizes.forEach((size, index) => {
      const bytes = Buffer.alloc(frameHeaderBytes + size, index + 1);
      client.request(bytes, { hasBody: false, expectContinue: false }, new Witness());
      bytes.fill(0);
      if (index % 2 === 1) for (const flush of scheduled.splice(0)) flush();
    });
    for (const flush of scheduled.splice(0)) flush();
    const daemon = new MemoryDaemon();
    for (const bytes of held) daemon.receive(bytes);
    sizes.forEach((size, index) => {
      assert.ok(daemon.get(index + 1).payload.equals(Buffer.alloc(size, index + 1)), `request ${index + 1}`);
    });
  });

  it('passes a response on, block by block', () => {
    const line = new Line();
    const witness = new Witness();
    const id = line.request('none', witness);
    line.turn();
    const bytes = Buffer.concat([
      responseFrame(id, ['200 OK', 'X-A', 'caf\xe9'], 'one'),
      frame(frameType.data, id, 'two'),
      frame(frameType.data, id, 'three', frameFlag.end),
    ]);
    line.client.receive(bytes);
    assert.deepEqual(witness.events, ['response 200 OK|X-A|caf\xe9 one', 'data two', 'data three end']);
    assert.equal(line.client.openRequests, 0);
  });

  it('passes bytes of the body on as they come, and the end with the last', () => {
    const line = new Line();
    const witness = new Witness();
    const id = line.request('none', witness);
    line.turn();
    const bytes = Buffer.concat([
      responseFrame(id, ['200 OK'], 'one'),
      frame(frameType.data, id, 'two', frameFlag.end),
    ]);
    for (const byte of bytes) line.client.receive(Buffer.from([byte]));
    assert.deepEqual(witness.events, [
      ...['response 200 OK ', 'data o', 'data n', 'data e'],
      ...['data t', 'data w', 'data o end'],
    ]);
    assert.equal(line.client.openRequests, 0);
  });

  it('passes a response on whose body has not arrived whole, with the length that its frame tells', () => {
    const line = new Line();
    const witness = new Witness();
    const id = line.request('none', witness);
    line.turn();
    const bytes = responseFrame(id, ['200 OK'], 'abcdef', true);
    line.client.receive(bytes.subarray(0, -4));
    assert.deepEqual([witness.events, line.client.openRequests], [['response 200 OK ab of 6'], 1]);
    line.client.receive(bytes.subarray(-4));
    assert.deepEqual([witness.events.at(-1), line.client.openRequests], ['data cdef end', 0]);
  });

  it('tells whether what it received is used up, asking who may hold it when all of it is passed on', () => {
    const line = new Line();
    const [holder, other] = [new Witness(), new Witness()];
    const ids = [line.request('none', holder), line.request('none', other)] as const;
    line.turn();
    assert.equal(line.client.receive(responseFrame(ids[0], ['200 OK'], 'a')), true);
    holder.holds = true;
    const bytes = Buffer.concat([
      frame(frameType.data, ids[0], 'b'),
      responseFrame(ids[1], ['200 OK'], 'c'),
      frame(frameType.data, ids[0], 'd', frameFlag.end),
    ]);
    assert.equal(line.client.receive(bytes), false);
    assert.deepEqual(holder.events, ['response 200 OK a', 'data b', 'data d end', 'settle']);
    assert.deepEqual(other.events, ['response 200 OK c']);
    assert.equal(line.client.receive(frame(frameType.data, ids[1], 'e')), true);
  });

  it('gives credit for all that is taken in a turn in one frame', () => {
    const line = new Line();
    const id = line.request('none');
    line.turn();
    line.daemon.get(id).creditBytes -= 200_000;
    for (let count = 0; count < 4; count++) line.client.taken(id, 50_000);
    line.turn();
    assert.equal(line.daemon.get(id).creditBytes, responseWindowBytes);
    assert.equal(line.daemon.log.filter((entry) => entry === `${frameType.credit}:${id}`).length, 1);
  });

  it('uses its memory anew once the socket has taken it, and sends bodies in one write with what precedes', () => {
    const line = new Line();
    line.turn();
    for (let count = 1; count <= 20; count++) {
      const id = line.request('body');
      line.client.data(id, Buffer.alloc(65_000, count), false);
      line.client.data(id, Buffer.alloc(500, count), true);
      line.writes.length = 0;
      line.turn();
      assert.equal(line.writes.length, 1, `write ${count}`);
      assert.ok(line.daemon.get(id).body.equals(Buffer.alloc(65_500, count)));
    }
    const { memory } = line;
    assert.ok(memory.size <= 2, `${memory.size} pieces of memory`);
  });

  it('gives back what the client took, in steps', () => {
    const line = new Line();
    const id = line.request('none');
    line.turn();
    line.client.receive(responseFrame(id, ['200 OK'], Buffer.alloc(100_000)));
    line.daemon.get(id).creditBytes -= 100_000;
    line.client.taken(id, 65_535);
    line.turn();
    assert.equal(line.daemon.log.includes('4:1'), false);
    line.client.taken(id, 1);
    line.turn();
    assert.equal(line.daemon.get(id).creditBytes, 262_144 - 100_000 + 65_536);
    line.client.receive(frame(frameType.data, id, '', frameFlag.end));
    line.client.taken(id, 200_000);
    line.turn();
    assert.equal(line.daemon.log.filter((one) => one === '4:1').length, 1, 'no credit for an answer that is whole');
  });

  it('knows how much of a body may be sent', () => {
    const line = new Line();
    const witness = new Witness();
    const id = line.request('body', witness);
    assert.equal(line.client.credit(id), requestWindowBytes);
    line.client.data(id, Buffer.alloc(requestWindowBytes), false);
    assert.equal(line.client.credit(id), 0);
    line.turn();
    line.client.receive(line.daemon.credit(id, 1000));
    assert.equal(line.client.credit(id), 1000);
    assert.deepEqual(witness.events, ['credit 1000']);
    assert.equal(line.client.credit(999), 0);
  });

  it('sends no body before the first credit where the client waits for 100 Continue', () => {
    const line = new Line();
    const id = line.request('expect');
    assert.equal(line.client.credit(id), 0);
    line.turn();
    assert.equal(line.daemon.get(id).expectsContinue, true);
    line.daemon.get(id).windowBytes = requestWindowBytes;
    line.client.receive(frame(frameType.credit, id, u32(requestWindowBytes)));
    assert.equal(line.client.credit(id), requestWindowBytes);
    // Without a body there is nothing to wait for.
    const bytes = Buffer.alloc(frameHeaderBytes);
    const bodiless = line.client.request(bytes, { hasBody: false, expectContinue: true }, new Witness());
    line.turn();
    assert.equal(line.daemon.get(bodiless).expectsContinue, false);
    assert.equal(line.daemon.get(bodiless).bodyEnded, true);
  });

  it('reports nothing of a request after its abort, but counts it until the daemon process is done with it', () => {
    const endings = [
      responseFrame(1, ['200 OK'], '', true),
      frame(frameType.data, 1, 'y', frameFlag.end),
      frame(frameType.abort, 1, 'ended'),
      frame(frameType.refuse, 1, '\xf4\x01no'),
      frame(frameType.revoked, 1),
    ];
    for (const ending of endings) {
      const line = new Line();
      const witness = new Witness();
      const id = line.request('body', witness);
      line.client.abort(id);
      line.client.abort(id);
      line.client.data(id, Buffer.from('late'), true);
      line.client.taken(id, 100_000);
      line.client.revoke(id);
      line.turn();
      assert.deepEqual(line.daemon.log, ['1:0', '2:1', '5:1']);
      line.client.receive(responseFrame(id, ['200 OK'], 'x'));
      line.client.receive(frame(frameType.credit, id, u32(5)));
      assert.deepEqual([line.client.openRequests, line.freed], [1, 0]);
      line.client.receive(ending);
      line.client.receive(ending);
      assert.deepEqual([line.client.openRequests, line.freed], [0, 1]);
      assert.deepEqual(witness.events, []);
    }
    const line = new Line();
    line.client.abort(line.request('none'));
    assert.equal(line.client.abandon().size, 0, 'nobody waits for it');
  });

  it('asks for a request back, and hears whether it got it', () => {
    const line = new Line();
    const witnesses = [new Witness(), new Witness()];
    for (const witness of witnesses) line.request('none', witness);
    line.client.revoke(1);
    line.client.revoke(2);
    line.client.revoke(3);
    line.turn();
    assert.deepEqual(line.daemon.log, ['1:0', '2:1', '2:2', '7:1', '7:2']);
    assert.equal(line.client.openRequests, 2);
    line.client.receive(frame(frameType.revoked, 2));
    assert.equal(line.client.openRequests, 1);
    line.client.receive(responseFrame(1, ['200 OK'], '', true));
    assert.deepEqual(witnesses[0]?.events, ['response 200 OK  end']);
    assert.deepEqual(witnesses[1]?.events, ['revoked']);
  });

  it('says where a request came back because its script has changed', () => {
    const line = new Line();
    const witness = new Witness();
    line.request('none', witness);
    line.client.receive(frame(frameType.revoked, 1, '', frameFlag.reload));
    assert.deepEqual(witness.events, ['revoked for reload']);
    assert.equal(line.client.openRequests, 0);
  });

  it('tells which requests have not started, by the id up to which they have', () => {
    const line = new Line();
    for (let count = 0; count < 5; count++) line.request('none');
    line.client.abort(3);
    line.client.receive(responseFrame(2, ['200 OK'], '', true));
    const unstarted = [0, 1, 4, 5].map((highest) => line.client.unstarted(highest));
    assert.deepEqual(unstarted, [[1, 4, 5], [4, 5], [5], []]);
    assert.deepEqual([line.client.oldestId, line.client.nextId], [1, 6]);
  });

  it('ends a request that is refused or truncated', () => {
    const line = new Line();
    const [refused, truncated] = [new Witness(), new Witness()];
    line.request('none', refused);
    line.request('none', truncated);
    line.client.receive(frame(frameType.refuse, 1, Buffer.concat([Buffer.from([0xf4, 1]), Buffer.from('wäre')])));
    line.client.receive(responseFrame(2, ['200 OK'], 'part'));
    line.client.receive(frame(frameType.abort, 2, Buffer.from('schön kaputt')));
    assert.deepEqual(refused.events, ['refused 500 wäre']);
    assert.deepEqual(truncated.events, ['response 200 OK part', 'truncated schön kaputt']);
    assert.equal(line.client.openRequests, 0);
  });

  it('takes no more requests after goodbye, while those that are open go on', () => {
    const line = new Line();
    const witness = new Witness();
    line.request('none', witness);
    assert.deepEqual([line.client.hasRoom, line.client.isLeaving], [true, false]);
    line.client.receive(frame(frameType.goodbye, 0));
    assert.deepEqual([line.client.hasRoom, line.client.isLeaving], [false, true]);
    line.client.receive(responseFrame(1, ['200 OK'], '', true));
    assert.equal(witness.events.length, 1);
  });

  it('has room for as many open requests as the protocol allows', () => {
    const line = new Line();
    for (let count = 1; count < openRequestsLimit; count++) line.request('none');
    assert.equal(line.client.hasRoom, true);
    line.request('none');
    assert.equal(line.client.hasRoom, false);
    line.client.receive(responseFrame(5, ['200 OK'], '', true));
    assert.equal(line.client.hasRoom, true);
  });

  it('hands over the open requests when the connection is gone', () => {
    const line = new Line();
    const witnesses = [new Witness(), new Witness(), new Witness()];
    for (const witness of witnesses) line.request('none', witness);
    line.client.receive(responseFrame(2, ['200 OK'], '', true));
    assert.deepEqual(
      [...line.client.abandon()],
      [
        [1, witnesses[0]],
        [3, witnesses[2]],
      ],
    );
    assert.deepEqual([line.client.openRequests, line.client.hasRoom], [0, false]);
    assert.equal(line.client.abandon().size, 0);
  });

  const malformed: readonly (readonly [string, Buffer])[] = [
    ['an unknown type', frame(42, 1)],
    ['a frame that only http children send', frame(frameType.request, 1)],
    ['a response without its length', frame(frameType.response, 1, 'abc')],
    ['a head longer than its frame', frame(frameType.response, 1, Buffer.concat([u32(100), Buffer.from('200 OK')]))],
    ['a credit of three bytes', frame(frameType.credit, 1, 'abc')],
    ['a credit of five bytes', frame(frameType.credit, 1, 'abcde')],
    ['a refusal without a status', frame(frameType.refuse, 1, 'a')],
    ['a frame over the limit', Buffer.concat([u32(0xffffffff), Buffer.alloc(8)])],
  ];
  for (const [name, bytes] of malformed) {
    it(`refuses ${name}`, () => {
      const line = new Line();
      const witness = new Witness();
      line.request('body', witness);
      assert.throws(() => line.client.receive(bytes), ProtocolError);
      assert.deepEqual(witness.events, []);
      assert.equal(line.client.abandon().size, 1, 'the request is still known as open');
    });
  }

  it('survives random bytes: a ProtocolError or nothing', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.nat(12), fc.nat(4), fc.uint8Array({ maxLength: 12 }), fc.nat(3))
        .map(([type, id, payload, flags]) => frame(type, id, Buffer.from(payload), flags)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const line = new Line();
        for (const body of ['none', 'body', 'expect'] as const) line.request(body);
        try {
          for (const bytes of pieces) line.client.receive(bytes);
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
        assert.ok(line.client.openRequests <= 3);
      }),
      { numRuns: 1000 },
    );
  });
});

// The client against a model of the daemon's end, with frames of both directions on their way.

type Step =
  | { readonly do: 'request'; readonly body: 'none' | 'body' | 'expect' }
  | { readonly do: 'upload' | 'taken' | 'read' | 'respond'; readonly pick: number; readonly bytes: number }
  | {
      readonly do: 'abort' | 'revoke' | 'finish' | 'truncate' | 'refuse' | 'giveBack';
      readonly pick: number;
    }
  | { readonly do: 'turn' | 'goodbye' }
  | { readonly do: 'deliver'; readonly bytes: number };

/** One request as both ends see it. */
class Pair implements ChannelExchange {
  id = 0;
  sent = 0;
  uploadEnded = false;
  received = '';
  begun = false;
  ended: string | undefined;
  aborted = false;
  untakenBytes = 0;
  // The daemon's side.
  readBytes = 0;
  answered = '';
  answerBegun = false;
  answerEnd: string | undefined;

  #event(isFinal: string | undefined): void {
    assert.equal(this.aborted, false, 'nothing is reported after an abort');
    assert.equal(this.ended, undefined, 'nothing is reported after the end');
    this.ended = isFinal;
  }
  onResponse(head: string, block: Buffer, ended: boolean): boolean {
    assert.equal(this.begun, false);
    assert.equal(head, `200 OK\nX-Id\n${this.id}`);
    this.begun = true;
    return this.onData(block, ended);
  }
  onData(block: Buffer, ended: boolean): boolean {
    assert.ok(this.begun);
    this.#event(ended ? 'whole' : undefined);
    this.received += block.toString('latin1');
    this.untakenBytes += block.length;
    return false;
  }
  settle(): boolean {
    return true;
  }
  onCredit(): void {
    this.#event(undefined);
  }
  onTruncated(): void {
    this.#event('truncated');
  }
  onRefused(): void {
    this.#event('refused');
  }
  onRevoked(): void {
    assert.equal(this.begun, false);
    this.#event('revoked');
  }
  onLost(): void {
    this.#event('lost');
  }
}

/** Byte `at` of every body: tells where bytes are missing or twice. */
function patternBytes(from: number, count: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: count }, (_, index) => (from + index) % 251));
}

function runTogether(steps: readonly Step[]): void {
  const line = new Line();
  const pairs: Pair[] = [];
  let onTheWay = Buffer.alloc(0);
  let saidGoodbye = false;
  const pick = (list: readonly Pair[], index: number): Pair | undefined => list[index % Math.max(1, list.length)];
  const send = (bytes: Buffer): void => {
    onTheWay = Buffer.concat([onTheWay, bytes]);
  };
  /** What the daemon has of the requests and has not ended. */
  const running = (): Pair[] =>
    pairs.filter((pair) => {
      const request = line.daemon.requests.get(pair.id);
      return request !== undefined && pair.answerEnd === undefined;
    });
  const open = (): Pair[] => pairs.filter((pair) => !pair.aborted && pair.ended === undefined);

  for (const step of steps) {
    switch (step.do) {
      case 'request': {
        if (!line.client.hasRoom) break;
        const pair = new Pair();
        pair.id = line.request(step.body, pair);
        pair.uploadEnded = step.body === 'none';
        pairs.push(pair);
        break;
      }
      case 'upload': {
        const pair = pick(
          open().filter((one) => !one.uploadEnded),
          step.pick,
        );
        if (pair === undefined) break;
        const count = Math.min(step.bytes, line.client.credit(pair.id));
        pair.uploadEnded = step.bytes % 7 === 0;
        line.client.data(pair.id, patternBytes(pair.sent, count), pair.uploadEnded);
        pair.sent += count;
        break;
      }
      case 'taken': {
        const pair = pick(pairs, step.pick);
        if (pair === undefined) break;
        const count = Math.min(step.bytes, pair.untakenBytes);
        pair.untakenBytes -= count;
        line.client.taken(pair.id, count);
        break;
      }
      case 'abort': {
        const pair = pick(open(), step.pick);
        if (pair === undefined) break;
        pair.aborted = true;
        line.client.abort(pair.id);
        break;
      }
      case 'revoke':
        line.client.revoke(pick(pairs, step.pick)?.id ?? 0);
        break;
      case 'turn':
        line.turn();
        break;
      case 'deliver': {
        const bytes = onTheWay.subarray(0, step.bytes);
        onTheWay = onTheWay.subarray(bytes.length);
        line.client.receive(Buffer.from(bytes));
        break;
      }
      case 'read': {
        const pair = pick(running(), step.pick);
        if (pair === undefined) break;
        const request = line.daemon.get(pair.id);
        if (request.windowBytes === 0) {
          request.windowBytes = requestWindowBytes;
          send(frame(frameType.credit, pair.id, u32(requestWindowBytes)));
        } else if (request.unacknowledgedBytes > 0) {
          send(line.daemon.credit(pair.id, Math.min(step.bytes + 1, request.unacknowledgedBytes)));
        }
        break;
      }
      case 'respond': {
        const pair = pick(running(), step.pick);
        if (pair === undefined) break;
        const request = line.daemon.get(pair.id);
        const count = Math.min(step.bytes, request.creditBytes);
        request.creditBytes -= count;
        const block = patternBytes(pair.answered.length, count);
        pair.answered += block.toString('latin1');
        if (pair.answerBegun) send(frame(frameType.data, pair.id, block));
        else send(responseFrame(pair.id, ['200 OK', 'X-Id', String(pair.id)], block));
        pair.answerBegun = true;
        break;
      }
      case 'finish': {
        const pair = pick(running(), step.pick);
        if (pair === undefined) break;
        pair.answerEnd = 'whole';
        if (pair.answerBegun) send(frame(frameType.data, pair.id, '', frameFlag.end));
        else send(responseFrame(pair.id, ['200 OK', 'X-Id', String(pair.id)], '', true));
        break;
      }
      case 'truncate':
      case 'refuse':
      case 'giveBack': {
        const pair = pick(
          running().filter((one) => one.answerBegun === (step.do === 'truncate')),
          step.pick,
        );
        if (pair === undefined) break;
        if (step.do === 'truncate') send(frame(frameType.abort, pair.id, 'why'));
        else if (step.do === 'refuse') send(frame(frameType.refuse, pair.id, '\xf7\x01why'));
        else send(frame(frameType.revoked, pair.id));
        pair.answerEnd = { truncate: 'truncated', refuse: 'refused', giveBack: 'revoked' }[step.do];
        break;
      }
      case 'goodbye':
        saidGoodbye = true;
        send(frame(frameType.goodbye, 0));
        break;
    }
    const aborted = pairs.filter((pair) => pair.aborted).length;
    assert.equal(line.client.openRequests, open().length + aborted - line.freed);
  }
  // All that is on its way arrives, and what was aborted comes to its end.
  line.turn();
  for (const pair of pairs) {
    if (pair.aborted && pair.answerEnd === undefined) send(frame(frameType.abort, pair.id, 'client left'));
  }
  line.client.receive(onTheWay);
  assert.equal(line.client.isLeaving, saidGoodbye);
  assert.equal(line.freed, pairs.filter((pair) => pair.aborted).length);
  assert.equal(line.client.openRequests, open().length);
  for (const pair of pairs) {
    const request = line.daemon.get(pair.id);
    assert.ok(request.body.equals(patternBytes(0, pair.sent)), `body of request ${pair.id}`);
    assert.equal(request.isAborted, pair.aborted);
    if (pair.aborted) assert.ok(pair.answered.startsWith(pair.received));
    else assert.deepEqual([pair.received, pair.ended], [pair.answered, pair.answerEnd]);
  }
}

describe('ChannelClient and a daemon process', () => {
  it('agree on every request, whatever is on its way', () => {
    const many = fc.oneof(fc.nat(300), fc.nat(200_000));
    const step: fc.Arbitrary<Step> = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('request' as const),
          body: fc.constantFrom('none' as const, 'body' as const, 'expect' as const),
        }),
      },
      {
        weight: 8,
        arbitrary: fc.record({
          do: fc.constantFrom('upload' as const, 'taken' as const, 'read' as const, 'respond' as const),
          pick: fc.nat(9),
          bytes: many,
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constantFrom(
            'abort' as const,
            'revoke' as const,
            'finish' as const,
            'truncate' as const,
            'refuse' as const,
            'giveBack' as const,
          ),
          pick: fc.nat(9),
        }),
      },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const), bytes: many }) },
      { weight: 1, arbitrary: fc.constant({ do: 'goodbye' as const }) },
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), runTogether), {
      numRuns: 400,
      interruptAfterTimeLimit: 5000,
      markInterruptAsFailure: false,
    });
  });
});

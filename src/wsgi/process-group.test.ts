import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import { ChannelClient, type ChannelExchange } from '../wire/channel-client.js';
import { FrameDecoder } from '../wire/frame-decoder.js';
import { frame, responseFrame } from '../wire/memory-daemon.test.fixture.js';
import { frameFlag, frameHeaderBytes, frameType, serviceTimeUnitMs } from '../wire/protocol.js';
import type { ScoreboardContent, ScoreboardSlot } from '../wire/scoreboard-reader.js';
import type { DaemonAddress, DaemonConnectionEvents } from './daemon-connection.js';
import { type GroupConnection, type GroupRequest, ProcessGroup } from './process-group.js';
import { ResponseBudget } from './response-credit.js';

/** A connection without a socket: opened, answered and closed by the test. */
class FakeConnection implements GroupConnection {
  readonly address: DaemonAddress;
  readonly number = 1;
  readonly events: DaemonConnectionEvents;
  readonly channel: ChannelClient;
  readonly sent: TestRequest[] = [];
  highestStarted = Number.POSITIVE_INFINITY;
  slots: ScoreboardSlot[] = [];
  isOpen = false;
  destroyed: string | undefined;
  flush: () => void = () => {};
  readonly #revoked: number[] = [];
  readonly #decoder = new FrameDecoder((type, _flags, id) => {
    if (type === frameType.revoke) this.#revoked.push(id);
  });

  readonly applicationGroup: string;

  constructor(address: DaemonAddress, events: DaemonConnectionEvents, applicationGroup: string) {
    this.address = address;
    this.events = events;
    this.applicationGroup = applicationGroup;
    this.channel = new ChannelClient({
      connectionNumber: 1,
      write: (bytes) => {
        this.#decoder.push(bytes);
        return true;
      },
      schedule: (flush) => {
        this.flush = flush;
      },
      onFreed: () => events.freed(),
      onServed: (tookMs) => events.served(tookMs),
    });
  }

  get isUsable(): boolean {
    return this.isOpen && this.channel.hasRoom;
  }

  /** Ids of requests that were asked back. */
  get revoked(): number[] {
    this.flush();
    return this.#revoked;
  }

  open(): void {
    this.isOpen = true;
    this.events.opened();
  }

  readScoreboard(): ScoreboardContent | undefined {
    const highestStarted = new Map([[1, this.highestStarted]]);
    return { slots: this.slots, highestStarted, aliveAt: 0 };
  }

  destroy(reason: string): void {
    this.destroyed = reason;
  }

  /** The process is gone; requests up to `highestStarted` ran in it. */
  close(highestStarted: number): void {
    this.isOpen = false;
    const open = [...this.channel.abandon()];
    this.events.closed(
      open.filter(([id]) => id > highestStarted).map(([, exchange]) => exchange),
      open.filter(([id]) => id <= highestStarted).map(([, exchange]) => exchange),
      'it died',
    );
  }
}

class TestRequest implements GroupRequest, ChannelExchange {
  readonly name: string;
  readonly #group: ProcessGroup;
  readonly log: string[];
  applicationGroup = '';
  submittedMs = -1;
  connection: FakeConnection | undefined;
  id = 0;

  constructor(name: string, group: ProcessGroup, log: string[]) {
    this.name = name;
    this.#group = group;
    this.log = log;
  }

  get description(): string {
    return `GET /${this.name}`;
  }

  send(connection: GroupConnection): void {
    this.connection = connection as FakeConnection;
    this.connection.sent.push(this);
    const bytes = Buffer.alloc(frameHeaderBytes);
    this.id = connection.channel.request(bytes, { hasBody: false, expectContinue: false }, this);
    const where = this.connection.applicationGroup === '' ? '' : ` in ${this.connection.applicationGroup}`;
    this.log.push(`${this.name} to ${connection.address.id}${where}`);
  }

  fail(status: number, reason: string): void {
    this.log.push(`${this.name} fails: ${status} ${reason}`);
  }

  /** The process answers; the request occupied a thread for `tookMs`. */
  answer(tookMs = 0): void {
    const bytes = responseFrame(this.id, ['200 OK'], '', true);
    bytes.writeUInt16LE(Math.round(tookMs / serviceTimeUnitMs), frameHeaderBytes - 2);
    this.connection?.channel.receive(bytes);
  }

  /** The process gives it back. */
  giveBack(): void {
    this.connection?.channel.receive(frame(frameType.revoked, this.id));
  }

  onResponse(): boolean {
    this.#group.dispatch();
    return false;
  }
  onRevoked(isForReload: boolean): void {
    const generation = this.connection?.address.generation ?? 0;
    this.connection = undefined;
    if (isForReload) this.#group.hold(this, generation);
    else this.#group.resubmit(this);
  }
  onLost(): void {
    this.log.push(`${this.name} lost`);
  }
  onData(): boolean {
    return false;
  }
  settle(): boolean {
    return true;
  }
  onCredit(): void {}
  onTruncated(): void {}
  onRefused(): void {}
}

class Scene {
  stuck = 0;
  readonly clock = new FakeClock();
  readonly connections: FakeConnection[] = [];
  readonly log: string[] = [];
  readonly reports: string[] = [];
  readonly group: ProcessGroup;
  /** Which http child this is. */
  readonly child: number;

  constructor(limits: Partial<ConstructorParameters<typeof ProcessGroup>[0]['limits']> = {}, child = 1) {
    this.child = child;
    this.group = new ProcessGroup({
      name: 'mysite',
      limits: {
        threads: 2,
        connectTimeoutMs: 15_000,
        queueTimeoutMs: 45_000,
        queueRequestsLimit: 1000,
        responseBufferBytes: 0,
        responseTimeoutSeconds: 0,
        ...limits,
      },
      responseBudget: new ResponseBudget(0),
      clock: this.clock,
      connectionNumber: child,
      report: (level, message) => this.reports.push(`${level}: ${message}`),
      onStuck: () => {
        this.stuck += 1;
      },
      connect: (address, events, applicationGroup) => {
        const connection = new FakeConnection(address, events, applicationGroup);
        this.connections.push(connection);
        return connection;
      },
    });
  }

  /** Announces processes and opens the connections to those that are new. */
  processes(...ids: number[]): void {
    const before = this.connections.length;
    this.announce(...ids);
    for (const connection of this.connections.slice(before)) connection.open();
  }

  announce(...ids: number[]): void {
    this.announceGenerations(Object.fromEntries(ids.map((id) => [id, 1])));
  }

  /** By id. */
  announceGenerations(generations: Readonly<Record<number, number>>): void {
    this.group.setProcesses(
      Object.entries(generations).map(([id, generation]) => {
        return { id: Number(id), pid: 1000 + Number(id), generation, socket: `/s${id}`, scoreboard: `/b${id}` };
      }),
    );
  }

  submitTo(applicationGroup: string, ...names: string[]): TestRequest[] {
    return names.map((name) => {
      const request = new TestRequest(name, this.group, this.log);
      request.applicationGroup = applicationGroup;
      this.group.submit(request);
      return request;
    });
  }

  submit(...names: string[]): TestRequest[] {
    return names.map((name) => {
      const request = new TestRequest(name, this.group, this.log);
      this.group.submit(request);
      return request;
    });
  }

  at(id: number): FakeConnection {
    const connection = this.connections.findLast((one) => one.address.id === id);
    assert.ok(connection !== undefined);
    return connection;
  }
}

function slot(label: string, startedAt: number, requestId = 1): ScoreboardSlot {
  return { applicationGroup: '', connection: 1, requestId, startedAt, served: 0, threadId: 0, label };
}

describe('requests beyond the threads of a process', () => {
  /** As many as make a process known for fast ones. */
  const serve = (scene: Scene, count: number, tookMs: number): void => {
    for (let at = 0; at < count; at++) for (const request of scene.submit(`w${at}`)) request.answer(tookMs);
    scene.log.length = 0;
  };

  it('are given to a process that runs them fast', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    scene.submit('a', 'b');
    assert.equal(scene.group.waiting, 1);
    const fast = new Scene({ threads: 1 });
    fast.processes(1);
    serve(fast, 100, 0.25);
    fast.submit('a', 'b', 'c', 'd', 'e', 'f');
    assert.deepEqual(fast.log, ['a to 1', 'b to 1', 'c to 1', 'd to 1', 'e to 1']);
    assert.equal(fast.group.waiting, 1);
  });

  it('are given to none that has a slow one now and then', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    serve(scene, 100, 0.25);
    serve(scene, 1, 50);
    scene.submit('a', 'b');
    assert.deepEqual(scene.log, ['a to 1']);
    for (let at = 0; at < 2; at++) scene.at(1).sent.at(-1)?.answer(0.25);
    for (let second = 0; second < 2; second++) scene.group.sweep();
    serve(scene, 100, 0.25);
    scene.submit('c', 'd');
    assert.equal(scene.group.waiting, 0, 'two periods later it is forgotten');
  });

  it('go where a thread is free first', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1, 2);
    for (let round = 0; round < 60; round++) for (const request of scene.submit('x', 'y')) request.answer(0.1);
    scene.log.length = 0;
    scene.submit('a', 'b', 'c', 'd');
    assert.deepEqual(scene.log, ['a to 1', 'b to 2', 'c to 1', 'd to 2']);
  });

  it('are asked back when another process has become free, and run there', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1, 2);
    for (let round = 0; round < 60; round++) for (const request of scene.submit('x', 'y')) request.answer(0.1);
    scene.log.length = 0;
    const [, b, c, d] = scene.submit('a', 'b', 'c', 'd');
    const [first, second] = [scene.at(1), scene.at(2)];
    first.highestStarted = (c?.id ?? 0) - 1;
    b?.answer(0.1);
    d?.answer(0.1);
    scene.clock.advance(9);
    assert.deepEqual(first.revoked, []);
    scene.clock.advance(11);
    assert.deepEqual(first.revoked, [c?.id]);
    c?.giveBack();
    assert.deepEqual(scene.log.slice(4), ['c to 2']);
    assert.deepEqual(second.revoked, []);
  });

  it('are not asked back where nobody is free', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1, 2);
    for (let round = 0; round < 60; round++) for (const request of scene.submit('x', 'y')) request.answer(0.1);
    const [a, b] = scene.submit('a', 'b', 'c', 'd');
    scene.at(1).highestStarted = a?.id ?? 0;
    scene.at(2).highestStarted = b?.id ?? 0;
    scene.clock.advance(1000);
    assert.deepEqual([scene.at(1).revoked, scene.at(2).revoked], [[], []]);
  });

  it('come back too where another http child keeps the process busy, and are not sent there again', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1, 2);
    const [a] = scene.submit('a');
    scene.at(1).highestStarted = 0;
    scene.clock.advance(20);
    assert.deepEqual(scene.at(1).revoked, [a?.id]);
    a?.giveBack();
    assert.deepEqual(scene.log, ['a to 1', 'a to 2']);
  });

  it('are looked after by nobody where there is one process, or nothing is open', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    const [a] = scene.submit('a');
    assert.equal(scene.clock.timers, 0);
    a?.answer();
    scene.processes(1, 2);
    const [b] = scene.submit('b');
    b?.answer();
    scene.clock.advance(30);
    assert.equal(scene.clock.timers, 0);
  });
});

describe('http children', () => {
  it('begin with different processes', () => {
    const taken = [1, 2, 3].map((child) => {
      const scene = new Scene({ threads: 1 }, child);
      scene.processes(1, 2, 3);
      scene.submit('a');
      return scene.log;
    });
    assert.deepEqual(taken, [['a to 1'], ['a to 2'], ['a to 3']]);
  });
});

describe('application groups of a process', () => {
  const guest = (scene: Scene, name: string): FakeConnection => {
    const found = scene.connections.findLast(({ applicationGroup }) => applicationGroup === name);
    assert.ok(found !== undefined, name);
    return found;
  };

  it('have connections of their own, opened when they are needed, and share the room of the process', () => {
    const scene = new Scene({ threads: 2 });
    scene.processes(1);
    assert.equal(scene.connections.length, 1);
    const [a] = scene.submitTo('a', 'a1');
    scene.submit('m1');
    const [b] = scene.submitTo('b', 'b1');
    assert.deepEqual(scene.log, ['a1 to 1 in a', 'm1 to 1']);
    assert.equal(scene.group.waiting, 1);
    assert.equal(scene.group.openRequests, 2);
    a?.answer();
    assert.deepEqual(scene.log.slice(2), ['b1 to 1 in b']);
    b?.answer();
    scene.submitTo('a', 'a2');
    assert.equal(scene.connections.length, 3, 'the connection is kept');
  });

  it('are spread over the processes by all that these run', () => {
    const scene = new Scene({ threads: 3 });
    scene.processes(1, 2);
    scene.submitTo('a', 'a1', 'a2');
    scene.submit('m1');
    scene.submitTo('b', 'b1');
    assert.deepEqual(scene.log, ['a1 to 1 in a', 'a2 to 2 in a', 'm1 to 1', 'b1 to 2 in b']);
  });

  it('get nothing for a moment where the connection breaks, while others go on', () => {
    const scene = new Scene({ threads: 4 });
    scene.processes(1);
    scene.submitTo('a', 'a1');
    guest(scene, 'a').close(0);
    scene.submitTo('a', 'a2');
    scene.submit('m1');
    assert.deepEqual(scene.log, ['a1 to 1 in a', 'm1 to 1']);
    assert.equal(scene.group.waiting, 2);
    scene.clock.advance(250);
    assert.deepEqual(scene.log.slice(2), ['a1 to 1 in a', 'a2 to 1 in a']);
  });

  it('go to another process where the connection breaks', () => {
    const scene = new Scene({ threads: 4 });
    scene.processes(1, 2);
    scene.submitTo('a', 'a1');
    guest(scene, 'a').close(0);
    assert.deepEqual(scene.log, ['a1 to 1 in a', 'a1 to 2 in a']);
  });

  it('get nothing from a process that says goodbye', () => {
    const scene = new Scene({ threads: 4 });
    scene.processes(1);
    scene.submitTo('a', 'a1');
    scene.at(1);
    const main = scene.connections.find(({ applicationGroup }) => applicationGroup === '');
    main?.channel.receive(frame(frameType.goodbye, 0, Buffer.alloc(0)));
    scene.submitTo('a', 'a2');
    assert.deepEqual(scene.log, ['a1 to 1 in a']);
    assert.equal(scene.group.waiting, 1);
  });

  it('are lost with their process, and found again with its connection', () => {
    const scene = new Scene({ threads: 4 });
    scene.processes(1);
    const [, second] = scene.submitTo('a', 'a1', 'a2');
    assert.equal(second?.id, 2);
    guest(scene, 'a').close(1);
    assert.deepEqual(scene.log.slice(2), ['a1 lost']);
    scene.at(1).close(0);
    scene.connections.find(({ applicationGroup }) => applicationGroup === '')?.close(0);
    scene.clock.advance(250);
    const main = scene.connections.findLast(({ applicationGroup }) => applicationGroup === '');
    main?.open();
    assert.equal(scene.log.at(-1), 'a2 to 1 in a');
  });
});

describe('ProcessGroup', () => {
  it('gives a request to the process with the fewest open requests', () => {
    const scene = new Scene({ threads: 3 });
    scene.processes(1, 2, 3);
    const requests = scene.submit('a', 'b', 'c', 'd');
    assert.deepEqual(scene.log, ['a to 1', 'b to 2', 'c to 3', 'd to 1']);
    requests[1]?.answer();
    scene.submit('e', 'f');
    assert.deepEqual(scene.log.slice(4), ['e to 2', 'f to 2']);
    assert.equal(scene.group.openRequests, 5);
  });

  it('never gives a process more than it has threads, and keeps the rest in order', () => {
    const scene = new Scene({ threads: 2 });
    scene.processes(1, 2);
    const requests = scene.submit('a', 'b', 'c', 'd', 'e', 'f', 'g');
    assert.deepEqual([scene.group.openRequests, scene.group.waiting], [4, 3]);
    requests[3]?.answer();
    requests[0]?.answer();
    assert.deepEqual(scene.log.slice(4), ['e to 2', 'f to 1']);
    scene.processes(1, 2, 3);
    assert.deepEqual(scene.log.slice(6), ['g to 3']);
  });

  it('does not let a new request overtake those that wait', () => {
    const scene = new Scene({ threads: 1 });
    const [, b] = scene.submit('a', 'b');
    assert.deepEqual(scene.log, []);
    scene.processes(1);
    scene.submit('c');
    assert.deepEqual(scene.log, ['a to 1']);
    scene.at(1).sent[0]?.answer();
    assert.equal(b?.connection?.address.id, 1);
  });

  it('counts a request whose client has left until the process is done with it', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    const [a] = scene.submit('a', 'b');
    scene.at(1).channel.abort(a?.id ?? 0);
    scene.group.dispatch();
    assert.deepEqual(scene.log, ['a to 1']);
    scene.at(1).channel.receive(frame(frameType.abort, a?.id ?? 0, 'the client left'));
    assert.deepEqual(scene.log, ['a to 1', 'b to 1']);
  });

  it('gives nothing to a process that is not connected yet, or leaves', () => {
    const scene = new Scene();
    scene.announce(1, 2);
    scene.submit('a');
    assert.equal(scene.group.waiting, 1);
    scene.at(2).open();
    assert.deepEqual(scene.log, ['a to 2']);
    scene.at(2).channel.receive(frame(frameType.goodbye, 0));
    scene.submit('b');
    assert.equal(scene.group.waiting, 1);
    scene.at(1).open();
    assert.deepEqual(scene.log, ['a to 2', 'b to 1']);
  });

  it('answers 503 where too many wait', () => {
    const scene = new Scene({ queueRequestsLimit: 2 });
    scene.submit('a', 'b', 'c');
    assert.deepEqual(scene.log, ["c fails: 503 2 requests wait already for daemon process group 'mysite'"]);
    assert.equal(scene.group.waiting, 2);
  });

  it('answers 504 after queue-timeout, each by its own time', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    scene.submit('running', 'a');
    scene.clock.advance(1_000);
    scene.submit('b');
    scene.clock.advance(43_999);
    scene.group.sweep();
    assert.equal(scene.group.waiting, 2);
    scene.clock.advance(1);
    scene.group.sweep();
    assert.deepEqual(scene.log.slice(1), [
      "a fails: 504 Queue timeout expired for WSGI daemon process 'mysite'. " +
        'GET /a waited for 45.0 s, 1 other waits; longest running: nothing',
    ]);
    scene.clock.advance(1_000);
    scene.group.sweep();
    assert.equal(scene.group.waiting, 0);
    assert.match(scene.log.at(-1) ?? '', /^b fails: 504/);
  });

  it('lets requests wait for ever where queue-timeout is 0', () => {
    const scene = new Scene({ threads: 1, queueTimeoutMs: 0 });
    scene.processes(1);
    scene.submit('running', 'a');
    scene.clock.advance(10_000_000);
    scene.group.sweep();
    assert.equal(scene.group.waiting, 1);
  });

  it('answers 503 after connect-timeout where no process is there', () => {
    const scene = new Scene();
    scene.announce(1);
    scene.submit('a');
    scene.clock.advance(14_999);
    scene.group.sweep();
    assert.deepEqual(scene.log, []);
    scene.clock.advance(1);
    scene.group.sweep();
    assert.deepEqual(scene.log, [
      "a fails: 503 Unable to connect to WSGI daemon process 'mysite': no process of it runs. GET /a waited for 15.0 s",
    ]);
  });

  it('counts connect-timeout from the death of the last process, not from when the request came', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    scene.submit('running', 'a');
    scene.clock.advance(40_000);
    scene.group.sweep();
    scene.at(1).close(1);
    scene.clock.advance(1_000);
    scene.group.sweep();
    assert.equal(scene.group.waiting, 1, 'the next process is on its way');
    scene.clock.advance(14_000);
    scene.group.sweep();
    assert.match(scene.log.at(-1) ?? '', /^a fails: 503/);
  });

  it('forgets a request whose client left while it waited', () => {
    const scene = new Scene();
    const [a, b] = scene.submit('a', 'b');
    if (a !== undefined) {
      scene.group.withdraw(a);
      scene.group.withdraw(a);
    }
    scene.processes(1);
    assert.deepEqual(scene.log, ['b to 1']);
    assert.equal(b?.connection, scene.at(1));
  });

  it('moves on what had not started when a process dies, in front and in order, and reports what had', () => {
    const scene = new Scene({ threads: 5 });
    scene.processes(1);
    scene.submit('a', 'b', 'c', 'd', 'e', 'f', 'g');
    scene.announce(2);
    scene.at(1).close(2);
    assert.deepEqual(scene.log.slice(5), ['a lost', 'b lost']);
    assert.equal(scene.group.waiting, 5);
    scene.at(2).open();
    assert.deepEqual(scene.log.slice(7), ['c to 2', 'd to 2', 'e to 2', 'f to 2', 'g to 2']);
    assert.deepEqual(scene.reports, [
      "error: daemon process 'mysite' (pid=1001) ended while it ran 2 requests: it died",
      "info: daemon process 'mysite' (pid=1001): 3 requests had not started, moved on",
    ]);
  });

  it('keeps the order where another process has room for some of them', () => {
    const scene = new Scene({ threads: 2 });
    scene.processes(1);
    scene.submit('a', 'b', 'c');
    scene.processes(1, 2);
    assert.deepEqual(scene.log, ['a to 1', 'b to 1', 'c to 2']);
    scene.at(1).close(0);
    assert.deepEqual(scene.log.slice(3), ['a to 2']);
    scene.at(2).sent[0]?.answer();
    assert.deepEqual(scene.log.slice(4), ['b to 2']);
  });

  it('keeps the order of what a leaving process gives back one by one', () => {
    const scene = new Scene({ threads: 4 });
    scene.processes(1);
    const requests = scene.submit('a', 'b', 'c', 'd', 'later');
    const { channel } = scene.at(1);
    channel.receive(frame(frameType.goodbye, 0));
    for (const { id, name } of requests.slice(1, 4)) if (name !== 'a') channel.receive(frame(frameType.revoked, id));
    assert.equal(scene.group.waiting, 4);
    scene.processes(2);
    assert.deepEqual(scene.log.slice(4), ['b to 2', 'c to 2', 'd to 2', 'later to 2']);
  });

  it('connects again where the parent still announces the process, and not where it does not', () => {
    const scene = new Scene();
    scene.announce(1, 2);
    scene.at(1).close(0);
    scene.at(2).close(0);
    scene.announce(2);
    assert.equal(scene.connections.length, 3, 'announced again and not connected: at once');
    scene.clock.advance(1_000);
    assert.deepEqual(
      scene.connections.map(({ address }) => address.id),
      [1, 2, 2],
    );
    scene.at(2).close(0);
    scene.clock.advance(249);
    assert.equal(scene.connections.length, 3);
    scene.clock.advance(1);
    assert.equal(scene.connections.length, 4);
  });

  it('fails what waits and closes the connections when the server stops', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    scene.submit('a', 'b');
    scene.group.close();
    assert.deepEqual(scene.log, ['a to 1', 'b fails: 503 the server stops']);
    assert.equal(scene.at(1).destroyed, 'the server stops');
    scene.at(1).close(Number.POSITIVE_INFINITY);
    scene.clock.advance(10_000);
    assert.equal(scene.connections.length, 1);
    assert.deepEqual(scene.log.slice(2), ['a lost']);
  });

  it('gives nothing to a process that is not announced any more, and lets it finish what it has', () => {
    const scene = new Scene();
    scene.processes(1, 2);
    const [a] = scene.submit('a');
    scene.announce(2);
    scene.submit('b', 'c', 'd');
    assert.deepEqual(scene.log, ['a to 1', 'b to 2', 'c to 2']);
    assert.equal(scene.at(1).destroyed, undefined);
    a?.answer();
    assert.deepEqual([scene.log.length, scene.group.waiting], [3, 1]);
  });

  it('prefers the newest generation as long as it has room', () => {
    const scene = new Scene({ threads: 2 });
    scene.announceGenerations({ 1: 1, 2: 2, 3: 2 });
    for (const connection of scene.connections) connection.open();
    const requests = scene.submit('a', 'b', 'c', 'd', 'e', 'f', 'g');
    assert.deepEqual(scene.log, ['a to 2', 'b to 3', 'c to 2', 'd to 3', 'e to 1', 'f to 1']);
    requests[1]?.answer();
    assert.deepEqual(scene.log.slice(6), ['g to 3']);
  });

  it('asks the processes once a minute where they are, as long as requests wait for too long', () => {
    const scene = new Scene({ threads: 1, queueTimeoutMs: 2_000 });
    scene.processes(1);
    scene.submit('a', 'b');
    scene.clock.advance(2_000);
    scene.group.sweep();
    assert.equal(scene.stuck, 1);
    scene.submit('c');
    scene.clock.advance(2_000);
    scene.group.sweep();
    assert.equal(scene.stuck, 1);
    scene.submit('d');
    scene.clock.advance(60_000);
    scene.group.sweep();
    assert.equal(scene.stuck, 2);
  });

  it('refuses what waits, and what comes back, when the processes stop as well', () => {
    const scene = new Scene({ threads: 1 });
    scene.processes(1);
    const [a] = scene.submit('a', 'b');
    scene.group.refuseToWait();
    assert.deepEqual(scene.log, ['a to 1', 'b fails: 503 the server stops']);
    a?.connection?.channel.receive(frame(frameType.revoked, a.id, ''));
    assert.deepEqual(scene.log.slice(2), ['a fails: 503 the server stops']);
    scene.submit('c', 'd');
    assert.deepEqual(scene.log.slice(3), ['c to 1', 'd fails: 503 the server stops']);
  });

  describe('a request that came back because its script has changed', () => {
    const giveBack = ({ connection, id }: TestRequest): void => {
      connection?.channel.receive(frame(frameType.revoked, id, '', frameFlag.reload));
    };

    it('waits for a process of a later generation, and others do not wait for it', () => {
      const scene = new Scene({ threads: 1 });
      scene.processes(1, 2);
      const [a] = scene.submit('a');
      if (a !== undefined) giveBack(a);
      assert.deepEqual([scene.group.held, scene.group.waiting], [1, 0]);
      const [b] = scene.submit('b', 'c', 'd');
      assert.deepEqual(scene.log, ['a to 1', 'b to 1', 'c to 2']);
      b?.answer();
      assert.deepEqual(scene.log.slice(3), ['d to 1']);
      scene.processes(2, 3);
      assert.equal(scene.group.held, 1, 'a process that was replaced for another reason');
      scene.announceGenerations({ 2: 1, 4: 2 });
      assert.equal(scene.group.held, 1, 'announced, and not there yet');
      scene.at(4).open();
      assert.deepEqual(scene.log.slice(4), ['a to 4']);
    });

    it('goes there before those that have waited in the queue, as far as there is room', () => {
      const scene = new Scene({ threads: 2 });
      scene.processes(1);
      const requests = scene.submit('a', 'b');
      scene.submit('c', 'd', 'e', 'f');
      for (const request of requests) giveBack(request);
      assert.deepEqual(scene.log.slice(2), ['c to 1', 'd to 1']);
      const [c] = scene.at(1).sent.slice(2);
      if (c !== undefined) giveBack(c);
      assert.deepEqual([scene.group.held, scene.log.slice(4)], [3, ['e to 1']]);
      scene.announceGenerations({ 1: 1, 2: 2 });
      scene.at(2).open();
      assert.deepEqual(scene.log.slice(5), ['a to 2', 'b to 2']);
      requests[0]?.answer();
      assert.deepEqual(scene.log.slice(7), ['c to 2']);
    });

    it('goes to any process where the new code could not be loaded', () => {
      const scene = new Scene({ threads: 1 });
      scene.processes(1);
      const [a] = scene.submit('a');
      if (a !== undefined) giveBack(a);
      const [b] = scene.submit('b', 'c');
      scene.group.releaseHeld();
      b?.answer();
      assert.deepEqual(scene.log, ['a to 1', 'b to 1', 'a to 1']);
      assert.deepEqual([scene.group.held, scene.group.waiting], [0, 1]);
    });

    it('goes to any process after five seconds, unless the one that it waits for is there and busy', () => {
      const scene = new Scene({ threads: 1 });
      scene.processes(1);
      const [a] = scene.submit('a');
      if (a !== undefined) giveBack(a);
      scene.clock.advance(4_999);
      scene.group.sweep();
      assert.deepEqual([scene.group.held, scene.log], [1, ['a to 1']]);
      scene.clock.advance(1);
      scene.group.sweep();
      assert.deepEqual(scene.log, ['a to 1', 'a to 1']);

      const busy = new Scene({ threads: 1 });
      busy.processes(1);
      for (const name of ['b', 'c']) for (const request of busy.submit(name)) giveBack(request);
      busy.announceGenerations({ 1: 1, 2: 2 });
      busy.at(2).open();
      busy.clock.advance(6_000);
      busy.group.sweep();
      assert.deepEqual([busy.group.held, busy.log.slice(2)], [1, ['b to 2']]);
      busy.at(2).sent[0]?.answer();
      assert.deepEqual(busy.log.slice(3), ['c to 2']);
    });

    it('is forgotten when its client leaves, refused where too many are held, and fails when the server stops', () => {
      const scene = new Scene({ threads: 3, queueRequestsLimit: 2 });
      scene.processes(1);
      const requests = scene.submit('a', 'b', 'c');
      for (const request of requests) giveBack(request);
      assert.deepEqual(scene.log.slice(3), ["c fails: 503 2 requests wait already for daemon process group 'mysite'"]);
      if (requests[0] !== undefined) scene.group.withdraw(requests[0]);
      assert.equal(scene.group.held, 1);
      scene.group.close();
      assert.deepEqual(scene.log.slice(4), ['b fails: 503 the server stops']);
    });
  });

  describe('queue-timeout', () => {
    const limits = { threads: 1, queueTimeoutMs: 2_000 };

    it('counts from when the request first asked for a process, also where it came back', () => {
      const scene = new Scene(limits);
      scene.processes(1);
      const [a] = scene.submit('a', 'b');
      scene.clock.advance(1_500);
      a?.connection?.channel.receive(frame(frameType.revoked, a.id));
      assert.deepEqual(scene.log, ['a to 1', 'a to 1'], 'first in line');
      scene.at(1).close(0);
      scene.processes(2);
      scene.clock.advance(500);
      scene.group.sweep();
      assert.match(scene.log.slice(3).join(), /^b fails: 504 .*GET \/b waited for 2\.0 s; longest running/);
    });

    it('is over at once for a request that was asked back from its process', () => {
      const scene = new Scene(limits);
      scene.processes(1, 2);
      const [a] = scene.submit('a');
      assert.ok(a !== undefined && !scene.group.isOverdue(a));
      scene.clock.advance(2_000);
      assert.ok(scene.group.isOverdue(a));
      scene.group.expire(a);
      assert.match(scene.log.slice(1).join(), /^a fails: 504 .*GET \/a waited for 2\.0 s; longest/);
      assert.equal(scene.group.waiting, 0);
    });

    it('says what runs meanwhile, the oldest first', () => {
      const scene = new Scene({ ...limits, threads: 4 });
      scene.processes(1);
      const startedAt = scene.clock.nowMs() / 1000;
      scene.at(1).slots = [
        slot('GET /new', startedAt + 1),
        slot(`GET /${'x'.repeat(200)}`, startedAt - 7.25),
        slot('', startedAt, 0),
        slot('POST /form?a=b', startedAt),
      ];
      scene.submit('a', 'b', 'c', 'd', 'e');
      scene.clock.advance(2_500);
      scene.group.sweep();
      assert.equal(
        scene.log.at(-1),
        "e fails: 504 Queue timeout expired for WSGI daemon process 'mysite'. GET /e waited for 2.5 s; longest running: " +
          `GET /${'x'.repeat(95)}... (pid 1001, 9.8 s), POST /form?a=b (pid 1001, 2.5 s), GET /new (pid 1001, 1.5 s)`,
      );
    });
  });

  describe('the warning that all threads are busy', () => {
    const limits = { threads: 1, queueTimeoutMs: 0 };
    const seconds = (scene: Scene, count: number): void => {
      for (let second = 0; second < count; second++) {
        scene.clock.advance(1_000);
        scene.group.sweep();
      }
    };

    it('comes once when requests have waited for a second, and a line when it has passed', () => {
      const scene = new Scene({ ...limits, threads: 2 });
      scene.processes(1);
      scene.at(1).slots = [slot('GET /slow?x', scene.clock.nowMs() / 1000)];
      const [a, b] = scene.submit('a', 'b', 'c', 'd', 'e');
      scene.clock.advance(500);
      scene.group.sweep();
      assert.deepEqual(scene.reports, []);
      seconds(scene, 4);
      const warning =
        "warn: all 2 request threads of daemon process group 'mysite' have been busy for 1.5 s and 3 requests wait; " +
        'longest running: GET /slow?x (pid 1001, 1.5 s); consider more threads= or processes=, or a request-timeout=';
      assert.deepEqual(scene.reports, [warning]);
      for (const request of [a, b, ...scene.at(1).sent.slice(2)]) request?.answer();
      for (const request of scene.at(1).sent.slice(2)) request.answer();
      seconds(scene, 3);
      assert.deepEqual(scene.reports.slice(1), [
        "notice: requests no longer wait for daemon process group 'mysite', which had no free request thread for 5.5 s",
      ]);
    });

    it('comes again each minute with new figures', () => {
      const scene = new Scene(limits);
      scene.processes(1);
      scene.submit('a', 'b');
      seconds(scene, 2);
      scene.submit('c');
      seconds(scene, 120);
      assert.deepEqual(
        scene.reports.map((line) => /busy for (.*? s) and (.*?);/.exec(line)?.slice(1).join()),
        ['2.0 s,1 request waits', '62.0 s,2 requests wait', '122.0 s,2 requests wait'],
      );
    });

    it('does not come where each waits briefly, however busy the threads are', () => {
      const scene = new Scene(limits);
      scene.processes(1);
      scene.submit('a', 'b');
      for (let round = 0; round < 50; round++) {
        scene.clock.advance(700);
        scene.group.sweep();
        scene.at(1).sent.at(-1)?.answer();
        scene.submit(`r${round}`);
      }
      assert.deepEqual(scene.reports, []);
    });

    it('comes for requests that wait in the process, since another http child has its threads', () => {
      const scene = new Scene({ ...limits, threads: 2 });
      scene.processes(1);
      scene.at(1).highestStarted = 1;
      scene.submit('a', 'b');
      seconds(scene, 2);
      assert.deepEqual(scene.reports, []);
      seconds(scene, 1);
      assert.match(scene.reports.join(), /^warn: all 2 request threads .* busy for 2\.0 s and 1 request waits;/);
      scene.at(1).highestStarted = 2;
      seconds(scene, 1);
      assert.match(scene.reports.slice(1).join(), /^notice: /);
    });

    it('does not come while no process is there', () => {
      const scene = new Scene({ ...limits, connectTimeoutMs: 100_000 });
      scene.announce(1);
      scene.submit('a', 'b');
      seconds(scene, 10);
      scene.at(1).open();
      seconds(scene, 1);
      assert.deepEqual(scene.reports, []);
      seconds(scene, 1);
      assert.match(scene.reports.join(), /^warn: the one request thread .* has been busy for 2\.0 s/);
    });
  });

  it('loses no request and overloads no process, whatever happens', () => {
    const events = ['submit', 'submit', 'submit', 'answer', 'answer', 'open', 'announce'];
    events.push('give back', 'withdraw', 'hold', 'kept');
    const event = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...events) },
      { weight: 1, arbitrary: fc.nat(3).map((count) => `die ${count}`) },
      { weight: 1, arbitrary: fc.nat(6_000).map((ms) => `wait ${ms}`) },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (events, threads) => {
        const scene = new Scene({ threads, queueRequestsLimit: 20 });
        const all: TestRequest[] = [];
        const done = new Set<TestRequest>();
        let announced: number[] = [];
        let nextId = 1;
        for (const one of events) {
          const open = scene.connections.filter((connection) => connection.isOpen);
          const busy = all.filter((request) => request.connection?.isOpen && !done.has(request));
          if (one === 'submit') all.push(...scene.submit(`r${all.length}`));
          else if (one === 'announce') {
            announced = [nextId++, nextId++];
            scene.announce(...announced);
          } else if (one === 'kept') scene.group.releaseHeld();
          else if (one === 'open') scene.connections.findLast((connection) => !connection.isOpen)?.open();
          else if (one === 'answer' && busy[0] !== undefined) {
            done.add(busy[0]);
            busy[0].answer();
          } else if (one === 'give back') {
            const last = busy.at(-1);
            last?.connection?.channel.receive(frame(frameType.revoked, last.id));
          } else if (one === 'hold') {
            const last = busy.at(-1);
            last?.connection?.channel.receive(frame(frameType.revoked, last.id, '', frameFlag.reload));
          } else if (one === 'withdraw') {
            const waiting = all.find((request) => request.connection === undefined && !done.has(request));
            if (waiting !== undefined) {
              done.add(waiting);
              scene.group.withdraw(waiting);
            }
          } else if (one.startsWith('die')) {
            open[0]?.close(Number(one.slice(4)));
          } else if (one.startsWith('wait')) {
            scene.clock.advance(Number(one.slice(5)));
            scene.group.sweep();
          }
          for (const line of scene.log) {
            const [name, what] = line.split(' ');
            if (what !== 'fails:' && what !== 'lost') continue;
            const request = all.find((other) => other.name === name);
            if (request !== undefined) done.add(request);
          }
          for (const connection of scene.connections) assert.ok(connection.channel.openRequests <= threads);
          const waiting = all.filter((request) => request.connection === undefined && !done.has(request)).length;
          assert.equal(scene.group.waiting + scene.group.held, waiting);
          const free = scene.connections.filter(
            ({ address, channel, isUsable }) =>
              isUsable && announced.includes(address.id) && channel.openRequests < threads,
          );
          assert.ok(free.length === 0 || scene.group.waiting === 0, 'nobody waits while a process is free');
        }
      }),
      { numRuns: 500 },
    );
  });
});

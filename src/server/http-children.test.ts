import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import type { ChildExit } from '../proc/supervised-child.js';
import type { ToChild } from './child-messages.js';
import type { HttpChildEvents } from './http-child-handle.js';
import { type HttpChildProcess, HttpChildren } from './http-children.js';
import { noLoad } from './load-reporter.js';
import type { Mpm } from './mpm.js';

const prefork: Mpm = {
  name: 'prefork',
  startServers: 2,
  childrenLimit: 6,
  maxRequestWorkers: 6,
  threadsPerChild: 1,
  minSpareThreads: 2,
  maxSpareThreads: 3,
  maxConnectionsPerChild: 100,
};
const event: Mpm = { ...prefork, name: 'event', startServers: 1, threadsPerChild: 25 };

/** A child that does what the test says. */
class FakeChild implements HttpChildProcess {
  readonly pid: number;
  readonly received: ToChild[] = [];
  readonly #report: { ready(): void; exited(exit: ChildExit): void };
  readonly events: HttpChildEvents;
  load = noLoad;
  runsRequest = false;
  readonly folder = '/run/child';
  told: 'retire' | 'stop' | 'kill' | undefined;
  isGone = false;

  constructor(pid: number, report: { ready(): void; exited(exit: ChildExit): void }, events: HttpChildEvents) {
    this.pid = pid;
    this.#report = report;
    this.events = events;
  }

  send(message: ToChild): void {
    this.received.push(message);
  }

  retire(): void {
    this.told = 'retire';
  }

  terminate(): void {
    this.told = 'stop';
  }

  kill(): void {
    this.told = 'kill';
  }

  ready(): void {
    this.#report.ready();
  }

  exit(isOrderly = true): void {
    this.isGone = true;
    const status = isOrderly ? 0 : 1;
    const reason = `terminated by exit code ${status}`;
    this.#report.exited({ pid: this.pid, status, signal: null, cannotStart: false, isOrderly, reason });
  }

  occupy(): void {
    this.load = { connections: 1, requests: 1 };
  }
}

class Nursery {
  readonly clock = new FakeClock();
  readonly spawned: FakeChild[] = [];
  readonly log: string[] = [];
  readonly children: HttpChildren;

  constructor(mpm: Mpm) {
    this.children = new HttpChildren({
      mpm,
      spare: mpm.name === 'prefork' ? mpm : undefined,
      isReload: false,
      clock: this.clock,
      spawn: (report, events) => {
        const child = new FakeChild(this.spawned.length + 1, report, events);
        this.spawned.push(child);
        return child;
      },
      drainMsLimit: 300_000,
      processes: new Map(),
      report: (level, message) => this.log.push(`${level}: ${message}`),
      onCannotStart: (reason) => this.log.push(`cannot start: ${reason}`),
      onStuck: () => {},
    });
  }

  get living(): readonly FakeChild[] {
    return this.spawned.filter(({ isGone }) => !isGone);
  }

  async start(): Promise<void> {
    const started = this.children.start();
    this.readyAll();
    await started;
  }

  readyAll(): void {
    for (const child of this.living) if (child.told === undefined) child.ready();
  }

  /** One second, after which all that were started serve, and all that were told to go have gone. */
  second(): void {
    this.clock.advance(1_000);
    this.readyAll();
    for (const child of this.living) if (child.told === 'retire' && child.load === noLoad) child.exit();
  }
}

describe('HttpChildren under prefork', () => {
  it('grow while too few are idle, up to MaxRequestWorkers, and shrink one by one to MaxSpareServers', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    const counts = [nursery.living.length];
    for (let seconds = 0; seconds < 5; seconds++) {
      for (const child of nursery.living) child.occupy();
      nursery.second();
      counts.push(nursery.living.length);
    }
    assert.deepEqual(counts, [2, 3, 5, 6, 6, 6]);
    assert.deepEqual(nursery.log, [
      'error: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
    ]);
    for (const child of nursery.living) child.load = noLoad;
    for (let seconds = 0; seconds < 5; seconds++) {
      nursery.second();
      counts.push(nursery.living.length);
    }
    assert.deepEqual(counts.slice(6), [5, 4, 3, 3, 3]);
    assert.deepEqual(
      nursery.living.map(({ pid }) => pid),
      [1, 2, 3],
      'the youngest go first',
    );
  });

  it('a child that runs a request without having said so is not idle', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    for (const child of nursery.living) child.runsRequest = true;
    assert.deepEqual(
      nursery.children.reports.map(({ connections, requests }) => [connections, requests]),
      [
        [1, 1],
        [1, 1],
      ],
    );
    nursery.second();
    assert.equal(nursery.living.length, 3);
  });

  it('count one that starts as idle: a slow start makes no further ones', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    nursery.spawned[0]?.occupy();
    for (let seconds = 0; seconds < 5; seconds++) nursery.clock.advance(1_000);
    assert.equal(nursery.spawned.length, 3);
  });

  it('replace one that is worn at once, without it taking a place', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    const worn = nursery.spawned[0];
    worn?.occupy();
    worn?.events.onWorn();
    assert.deepEqual([worn?.told, nursery.living.length], ['retire', 3]);
    assert.deepEqual(nursery.log, ['info: http child (pid=1) has served 100 connections, starting another']);
    worn?.exit();
    assert.equal(nursery.living.length, 2);
  });

  it('replace one that is worn when it has ended, where there is no room before', async () => {
    const nursery = new Nursery({ ...prefork, childrenLimit: 2 });
    await nursery.start();
    nursery.spawned[0]?.events.onWorn();
    assert.equal(nursery.living.length, 2);
    nursery.spawned[0]?.exit();
    assert.deepEqual(
      nursery.living.map(({ pid }) => pid),
      [2, 3],
    );
  });

  it('end all, those on the way too, and start none afterwards', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    for (const child of nursery.living) child.occupy();
    nursery.clock.advance(1_000);
    const stopped = nursery.children.stop();
    assert.deepEqual(
      nursery.spawned.map(({ told }) => told),
      ['stop', 'stop', 'stop'],
    );
    for (const child of nursery.living) child.exit();
    await stopped;
    nursery.clock.advance(60_000);
    assert.deepEqual([nursery.spawned.length, nursery.clock.timers], [3, 0]);
  });

  it('replace one that dies, in its place', async () => {
    const nursery = new Nursery(prefork);
    await nursery.start();
    nursery.clock.advance(900);
    nursery.spawned[0]?.exit(false);
    nursery.clock.advance(0);
    assert.equal(nursery.living.length, 2);
    assert.deepEqual(nursery.log, ['error: http child (pid=1) has died: terminated by exit code 1; starting another']);
  });
});

describe('HttpChildren of a fixed number', () => {
  it('are as many as StartServers, whatever they have to do', async () => {
    const nursery = new Nursery(event);
    await nursery.start();
    nursery.spawned[0]?.occupy();
    nursery.clock.advance(60_000);
    assert.deepEqual([nursery.spawned.length, nursery.clock.timers], [1, 0]);
  });

  it('replace one that is worn: it goes on until another serves', async () => {
    const nursery = new Nursery(event);
    await nursery.start();
    const [worn] = nursery.spawned;
    worn?.events.onWorn();
    assert.deepEqual([worn?.told, nursery.spawned.length], [undefined, 2]);
    nursery.spawned[1]?.ready();
    assert.equal(worn?.told, 'retire');
    worn?.exit();
    assert.deepEqual(
      nursery.children.reports.map(({ pid, state }) => [pid, state]),
      [[2, 'serving']],
    );
  });

  it('do not replace one twice that dies while its successor starts', async () => {
    const nursery = new Nursery(event);
    await nursery.start();
    nursery.spawned[0]?.events.onWorn();
    nursery.spawned[0]?.exit(false);
    nursery.spawned[1]?.ready();
    nursery.clock.advance(60_000);
    assert.equal(nursery.spawned.length, 2);
    assert.match(nursery.log.at(-1) ?? '', /pid=1\) has died: .*; another takes its place$/);
  });

  it('tell new ones of the processes that there are', async () => {
    const nursery = new Nursery(event);
    await nursery.start();
    nursery.children.setProcesses('site', []);
    nursery.spawned[0]?.events.onWorn();
    assert.deepEqual(nursery.spawned[1]?.received, [{ type: 'processes', group: 'site', processes: [] }]);
  });
});

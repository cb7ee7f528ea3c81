import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import { RestartBudget } from './restart-budget.js';
import { type ChildExit, type ChildProcess, SupervisedChild } from './supervised-child.js';

const startMs = 60_000;
const stopMs = 10_000;
const retireMs = 20_000;
const died: ChildExit = {
  pid: 1,
  status: 1,
  signal: null,
  cannotStart: false,
  isOrderly: false,
  reason: 'terminated with exit code 1',
};

class FakeProcess implements ChildProcess {
  readonly pid: number;
  readonly report: { ready(): void; exited(exit: ChildExit): void };
  retired = 0;
  terminated = 0;
  killed = 0;
  isAlive = true;

  constructor(pid: number, report: { ready(): void; exited(exit: ChildExit): void }) {
    this.pid = pid;
    this.report = report;
  }

  retire(): void {
    this.retired += 1;
  }

  terminate(): void {
    this.terminated += 1;
  }

  kill(): void {
    this.killed += 1;
  }

  ready(): void {
    this.report.ready();
  }

  exit(): void {
    this.isAlive = false;
    this.report.exited({ ...died, pid: this.pid });
  }
}

class Nursery {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly spawned: FakeProcess[] = [];
  readonly child = new SupervisedChild<FakeProcess>({
    clock: this.clock,
    budget: new RestartBudget({ goodLifeMs: 10_000, firstDelayMs: 1_000, delayMsLimit: 30_000 }),
    limits: { startMs, retireMs, stopMs },
    spawn: (report) => {
      const process = new FakeProcess(this.spawned.length + 1, report);
      this.spawned.push(process);
      return process;
    },
    onReady: (process) => this.log.push(`ready ${process.pid}`),
    onDeath: (process, exit, delayMs, wasReady) =>
      this.log.push(`death ${process?.pid}/${exit.pid} ${delayMs} ${wasReady ? 'was ready' : 'never ready'}`),
    onOverdue: (process, state) => this.log.push(`overdue ${process.pid} ${state}`),
    onEnded: () => this.log.push('ended'),
  });

  get last(): FakeProcess {
    const process = this.spawned.at(-1);
    assert.ok(process !== undefined);
    return process;
  }
}

describe('SupervisedChild', () => {
  it('starts a process and announces it when it says that it is ready', () => {
    const { child, log, spawned, clock } = new Nursery();
    assert.equal(child.state, 'absent');
    child.start();
    child.start();
    assert.deepEqual([child.state, spawned.length, clock.delaysMs], ['starting', 1, [startMs]]);
    spawned[0]?.ready();
    spawned[0]?.ready();
    assert.deepEqual([child.state, log, clock.timers], ['running', ['ready 1'], 0]);
    assert.equal(child.process, spawned[0]);
  });

  it('replaces one that dies of old age at once', () => {
    const nursery = new Nursery();
    const { child, clock, log } = nursery;
    child.start();
    nursery.last.ready();
    clock.advance(10_000);
    nursery.last.exit();
    assert.deepEqual([child.state, child.process, clock.delaysMs], ['delayed', undefined, [0]]);
    clock.advance(0);
    assert.deepEqual([child.state, nursery.spawned.length], ['starting', 2]);
    assert.deepEqual(log, ['ready 1', 'death 1/1 0 was ready']);
  });

  it('waits longer and longer while they die young, and no more after a good life', () => {
    const nursery = new Nursery();
    const { child, clock, log } = nursery;
    child.start();
    for (const lifeMs of [1, 9_999, 500, 500, 10_000, 500, 500]) {
      nursery.last.ready();
      clock.advance(lifeMs);
      nursery.last.exit();
      clock.advance(clock.delaysMs[0] ?? 0);
      assert.equal(child.state, 'starting');
    }
    assert.deepEqual(
      log.filter((line) => line.startsWith('death')).map((line) => Number(line.split(' ')[2])),
      [0, 1_000, 2_000, 4_000, 0, 0, 1_000],
    );
  });

  it('retires: lets it finish, asks it to stop after the retire limit, and ends once', () => {
    const nursery = new Nursery();
    const { child, clock, log } = nursery;
    child.start();
    nursery.last.ready();
    child.retire();
    child.retire();
    assert.deepEqual([child.state, nursery.last.retired, nursery.last.terminated], ['retiring', 1, 0]);
    assert.deepEqual(clock.delaysMs, [retireMs]);
    clock.advance(retireMs);
    assert.deepEqual([child.state, nursery.last.terminated, clock.delaysMs], ['stopping', 1, [stopMs]]);
    nursery.last.exit();
    assert.deepEqual([child.state, log, nursery.spawned.length], ['ended', ['ready 1', 'ended'], 1]);
  });

  it('stops one that retires, with no more time to finish', () => {
    const nursery = new Nursery();
    nursery.child.start();
    nursery.last.ready();
    nursery.child.retire();
    nursery.child.stop();
    assert.deepEqual([nursery.child.state, nursery.last.terminated], ['stopping', 1]);
    nursery.clock.advance(stopMs);
    assert.equal(nursery.last.killed, 1);
  });

  it('waits from the first time where a process never was ready, and counts a life of no time as one', () => {
    const nursery = new Nursery();
    nursery.child.start();
    nursery.last.exit();
    assert.deepEqual(nursery.log, ['death 1/1 1000 never ready']);
    const quick = new Nursery();
    quick.child.start();
    quick.last.ready();
    quick.last.exit();
    assert.deepEqual(quick.log, ['ready 1', 'death 1/1 0 was ready']);
  });

  it('kills what is not ready within the start limit, then replaces it', () => {
    const nursery = new Nursery();
    const { child, clock, log } = nursery;
    child.start();
    clock.advance(startMs - 1);
    assert.equal(nursery.last.killed, 0);
    clock.advance(1);
    assert.deepEqual([nursery.last.killed, child.state, log], [1, 'starting', ['overdue 1 starting']]);
    nursery.last.exit();
    assert.deepEqual([child.state, clock.delaysMs], ['delayed', [1_000]]);
  });

  it('lets one that was ready just before it was killed die in good order', () => {
    const nursery = new Nursery();
    nursery.child.start();
    nursery.clock.advance(startMs);
    nursery.last.ready();
    assert.equal(nursery.child.state, 'running');
    nursery.last.exit();
    assert.equal(nursery.child.state, 'delayed');
  });

  it('stops: asks, waits, kills after the stop limit, and ends once', () => {
    const nursery = new Nursery();
    const { child, clock, log } = nursery;
    child.start();
    nursery.last.ready();
    child.stop();
    child.stop();
    assert.deepEqual([child.state, nursery.last.terminated, clock.delaysMs], ['stopping', 1, [stopMs]]);
    clock.advance(stopMs);
    assert.deepEqual([child.state, nursery.last.killed], ['stopping', 1]);
    clock.advance(stopMs * 10);
    assert.equal(nursery.last.killed, 1);
    nursery.last.exit();
    assert.deepEqual(log, ['ready 1', 'overdue 1 stopping', 'ended']);
    assert.deepEqual([child.state, child.process, clock.timers, nursery.spawned.length], ['ended', undefined, 0, 1]);
    child.stop();
    nursery.last.exit();
    nursery.last.ready();
    assert.equal(log.length, 3);
  });

  it('stops one that is starting; ready may cross the request', () => {
    const nursery = new Nursery();
    nursery.child.start();
    nursery.child.stop();
    nursery.last.ready();
    assert.deepEqual([nursery.child.state, nursery.log], ['stopping', []]);
    nursery.last.exit();
    assert.deepEqual([nursery.child.state, nursery.log, nursery.clock.timers], ['ended', ['ended'], 0]);
  });

  it('stops while it waits to start another: nothing is started any more', () => {
    const nursery = new Nursery();
    nursery.child.start();
    nursery.last.exit();
    nursery.child.stop();
    assert.deepEqual([nursery.child.state, nursery.clock.timers], ['ended', 0]);
    nursery.clock.advance(1_000_000);
    assert.equal(nursery.spawned.length, 1);
    assert.deepEqual(nursery.log, ['death 1/1 1000 never ready', 'ended']);
  });

  it('ends at once where it never started, and never starts again', () => {
    const nursery = new Nursery();
    nursery.child.stop();
    assert.deepEqual([nursery.child.state, nursery.log], ['ended', ['ended']]);
    assert.throws(() => nursery.child.start(), /broken invariant: child-life: start in state ended/);
  });

  it('kills without waiting where it is told to', () => {
    const nursery = new Nursery();
    nursery.child.killNow();
    nursery.child.start();
    nursery.last.ready();
    nursery.child.stop();
    nursery.child.killNow();
    assert.equal(nursery.last.killed, 1);
    nursery.last.exit();
    nursery.child.killNow();
    assert.equal(nursery.child.state, 'ended');
  });

  it('does not listen to a process that is gone', () => {
    const nursery = new Nursery();
    nursery.child.start();
    const first = nursery.last;
    first.exit();
    nursery.clock.advance(1_000);
    assert.equal(nursery.spawned.length, 2);
    first.ready();
    first.exit();
    assert.equal(nursery.child.state, 'starting');
    assert.equal(nursery.child.process?.pid, 2);
  });

  it('keeps its invariants through every sequence of events', () => {
    const event = fc.oneof(
      fc.constantFrom('start', 'stop', 'retire', 'ready', 'exit', 'late exit', 'late ready', 'kill', 'ready', 'exit'),
      fc.nat(70_000),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const nursery = new Nursery();
        const { child, clock, log, spawned } = nursery;
        let hasStopped = false;
        let hasRetired = false;
        for (const one of events) {
          const process = child.process;
          if (one === 'start') {
            if (child.state !== 'ended') child.start();
          } else if (one === 'stop') {
            hasStopped = true;
            child.stop();
          } else if (one === 'retire') {
            hasRetired = true;
            child.retire();
          } else if (one === 'ready') process?.ready();
          else if (one === 'exit') process?.exit();
          else if (one === 'late exit') spawned.find((old) => !old.isAlive)?.exit();
          else if (one === 'late ready') spawned.find((old) => !old.isAlive)?.ready();
          else if (one === 'kill') child.killNow();
          else clock.advance(Number(one));
          const { state } = child;
          // Invariant 1.
          const hasProcess = ['starting', 'running', 'retiring', 'stopping'].includes(state);
          assert.equal(child.process !== undefined, hasProcess, state);
          assert.equal(spawned.filter((other) => other.isAlive).length, hasProcess ? 1 : 0);
          if (hasProcess) assert.equal(child.process, spawned.at(-1));
          // Invariant 2; the limit of starting and stopping runs out once.
          assert.ok(clock.timers <= 1);
          if (state === 'delayed' || state === 'retiring') assert.equal(clock.timers, 1);
          if (state === 'absent' || state === 'running' || state === 'ended') assert.equal(clock.timers, 0);
          if ((state === 'starting' || state === 'stopping') && clock.timers === 0) {
            assert.ok((child.process?.killed ?? 0) > 0, 'overdue');
          }
          // Invariant 3.
          if (hasStopped) assert.ok(state === 'stopping' || state === 'ended');
          if (hasRetired) assert.ok(['retiring', 'stopping', 'ended'].includes(state));
          assert.equal(log.filter((line) => line === 'ended').length, state === 'ended' ? 1 : 0);
          assert.ok(log.indexOf('ended') === -1 || log.indexOf('ended') === log.length - 1);
          for (const old of spawned) assert.ok(old.terminated <= 1);
        }
        const deaths = log.filter((line) => line.startsWith('death')).length;
        assert.ok(spawned.length <= deaths + 1);
      }),
      { numRuns: 2000 },
    );
  });
});

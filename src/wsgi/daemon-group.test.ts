import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import type { ChildExit } from '../proc/supervised-child.js';
import type { DaemonAddress } from './daemon-connection.js';
import { DaemonGroup, type GroupProcess, type SpawnFacts } from './daemon-group.js';
import type { DaemonEvents, DaemonReport, DaemonSpawn } from './daemon-handle.js';
import { defaultDaemonProcessGroup } from './daemon-process-group.js';

const position = { file: 'httpd.conf', line: 1, column: 1 };

class FakeProcess implements GroupProcess {
  readonly pid: number;
  readonly settings: GroupProcess['settings'];
  loadFailures: readonly string[] = [];
  readonly asked: string[] = [];
  isAlive = true;
  isReady = false;
  readonly #report: DaemonReport;
  readonly events: DaemonEvents;

  constructor(pid: number, spawn: DaemonSpawn, report: DaemonReport, events: DaemonEvents) {
    this.pid = pid;
    this.settings = spawn.settings;
    this.#report = report;
    this.events = events;
  }

  ready(...failures: readonly string[]): void {
    this.isReady = true;
    this.loadFailures = failures;
    this.#report.ready();
  }

  exit(change: Partial<ChildExit> = {}): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    const exit = { pid: this.pid, status: 1, signal: null, cannotStart: false, isOrderly: false, reason: 'crashed' };
    this.#report.exited({ ...exit, ...change });
  }

  planRetirement(reason: string, timeoutSeconds: number): void {
    this.asked.push(`plan ${reason} ${timeoutSeconds}`);
  }

  keep(message: string): void {
    this.asked.push(`keep ${message}`);
  }

  describeRunning(): void {
    this.asked.push('describe');
  }

  retire(): void {
    this.asked.push('retire');
  }

  terminate(): void {
    this.asked.push('terminate');
  }

  kill(): void {
    this.asked.push('kill');
  }

  dumpStacks(): void {
    this.asked.push('dump');
  }

  stacks(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  passErrorLog(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

class Nursery {
  readonly clock = new FakeClock();
  readonly spawned: FakeProcess[] = [];
  readonly facts: SpawnFacts[] = [];
  readonly log: string[] = [];
  readonly cannotStart: string[] = [];
  announced: readonly DaemonAddress[] = [];
  kept = 0;
  readonly group: DaemonGroup;

  constructor(processes: number, change: Partial<ReturnType<typeof defaultDaemonProcessGroup>> = {}) {
    let lastId = 0;
    this.group = new DaemonGroup({
      definition: { ...defaultDaemonProcessGroup('site', position), processes, ...change },
      clock: this.clock,
      nextId: () => ++lastId,
      spawnFor: (facts) => {
        this.facts.push(facts);
        const settings = { socket: `/s${facts.id}`, scoreboard: `/b${facts.id}` } as GroupProcess['settings'];
        return { python: 'python3', pythonOptions: [], environment: {}, errorLog: 2, settings };
      },
      createProcess: (spawn, report, events) => {
        const process = new FakeProcess(this.spawned.length + 1, spawn, report, events);
        this.spawned.push(process);
        return process;
      },
      report: (level, message) => this.log.push(`${level}: ${message}`),
      onProcesses: (processes) => {
        this.announced = processes;
      },
      onKept: () => {
        this.kept += 1;
      },
      onCannotStart: (reason) => this.cannotStart.push(reason),
    });
  }

  /** The process that was started as the n-th, from 1. */
  at(number: number): FakeProcess {
    const process = this.spawned[number - 1];
    assert.ok(process !== undefined, `there is no process ${number}`);
    return process;
  }

  get serving(): number[] {
    return this.announced.map(({ pid }) => pid);
  }

  static started(processes: number, change: Partial<ReturnType<typeof defaultDaemonProcessGroup>> = {}): Nursery {
    const nursery = new Nursery(processes, change);
    void nursery.group.start();
    for (const process of [...nursery.spawned]) process.ready();
    nursery.clock.advance(60_000);
    return nursery;
  }
}

describe('DaemonGroup', () => {
  it('announces its processes as they become ready, and is started when each has settled', async () => {
    const nursery = new Nursery(2);
    const started = nursery.group.start();
    nursery.at(2).ready();
    assert.deepEqual(nursery.serving, [2]);
    nursery.at(1).exit({ cannotStart: true, reason: 'no such user' });
    await started;
    assert.deepEqual(nursery.cannotStart, ['no such user']);
  });

  it('rolls one after another: the old one retires when its successor is ready, and not before', async () => {
    const nursery = Nursery.started(2);
    const rolled = nursery.group.roll('restart');
    assert.equal(nursery.spawned.length, 3);
    assert.deepEqual(nursery.serving, [1, 2]);
    nursery.at(3).ready();
    assert.deepEqual(nursery.serving, [3, 2]);
    assert.deepEqual(nursery.at(1).asked, ['plan restart 15', 'retire']);
    assert.deepEqual(nursery.at(2).asked, []);
    nursery.at(4).ready();
    assert.deepEqual(nursery.serving, [3, 4]);
    assert.deepEqual(await rolled, { replaced: 2, failure: undefined });
    assert.deepEqual(
      nursery.announced.map(({ generation }) => generation),
      [2, 2],
    );
    assert.deepEqual(
      nursery.group.reports.map(({ pid, state }) => `${pid} ${state}`),
      ['3 serving', '4 serving', '1 retiring', '2 retiring'],
    );
    nursery.at(1).exit({ isOrderly: true });
    nursery.at(2).exit({ isOrderly: true });
    assert.equal(nursery.group.reports.length, 2);
    assert.equal(nursery.spawned.length, 4);
  });

  it('keeps the old processes where the successor can not load what they have loaded', async () => {
    const nursery = Nursery.started(2);
    nursery.at(1).events.loaded(['/site.wsgi', 'www|/site']);
    nursery.at(1).events.replaceWanted('script_reload', 'changed');
    assert.deepEqual(nursery.facts.at(-1), { id: 3, generation: 2, knownScripts: [['/site.wsgi', 'www|/site']] });
    nursery.at(3).ready("'/site.wsgi': could not compile the script");
    assert.deepEqual(nursery.serving, [1, 2]);
    assert.deepEqual(nursery.at(3).asked, ['terminate']);
    assert.deepEqual(nursery.at(1).asked, ["keep '/site.wsgi': could not compile the script"]);
    assert.equal(nursery.kept, 1);
    assert.match(nursery.group.problem ?? '', /no successor could be started \(script_reload\): '\/site\.wsgi'/);
    assert.equal(nursery.spawned.length, 3);
    nursery.at(3).exit({ isOrderly: true });
    // Repaired.
    const rolled = nursery.group.roll('restart');
    nursery.at(4).ready();
    nursery.at(5).ready();
    assert.deepEqual(await rolled, { replaced: 2, failure: undefined });
    assert.equal(nursery.group.problem, undefined);
  });

  it('keeps them where the successor dies, can not start or hangs', async () => {
    const ends: ((nursery: Nursery) => void)[] = [
      (nursery) => nursery.at(2).exit(),
      (nursery) => nursery.at(2).exit({ cannotStart: true, reason: 'no such folder' }),
      (nursery) => {
        nursery.clock.advance(7_000);
        assert.deepEqual(nursery.at(2).asked, ['dump', 'kill']);
        nursery.at(2).exit({ signal: 'SIGABRT' });
      },
    ];
    for (const end of ends) {
      const nursery = Nursery.started(1, { startupTimeoutSeconds: 5 });
      const rolled = nursery.group.roll('restart');
      end(nursery);
      assert.notEqual((await rolled).failure, undefined);
      assert.deepEqual(nursery.serving, [1]);
      assert.deepEqual(nursery.cannotStart, []);
      nursery.clock.advance(1_000_000);
      assert.equal(nursery.spawned.length, 2);
    }
  });

  it('replaces one process alone for what concerns it alone', () => {
    const nursery = Nursery.started(2);
    nursery.at(2).events.replaceWanted('maximum_requests', 'enough');
    nursery.at(2).events.replaceWanted('maximum_requests', 'enough');
    nursery.at(1).events.replaceWanted('memory_recycle', 'too big');
    nursery.at(3).ready();
    assert.deepEqual(nursery.serving, [1, 3]);
    nursery.at(4).ready();
    assert.deepEqual(nursery.serving, [4, 3]);
    assert.equal(nursery.spawned.length, 4);
    assert.equal(nursery.group.generation, 1);
  });

  it('rolls once though several processes notice the same change, and again for the next', () => {
    const nursery = Nursery.started(2);
    nursery.at(1).events.replaceWanted('script_reload', 'changed');
    nursery.at(2).events.replaceWanted('script_reload', 'changed');
    nursery.at(3).ready();
    nursery.at(2).events.replaceWanted('script_reload', 'changed');
    nursery.at(4).ready();
    assert.deepEqual([nursery.serving, nursery.spawned.length], [[3, 4], 4]);
    nursery.at(3).events.replaceWanted('script_reload', 'changed again');
    assert.equal(nursery.spawned.length, 5);
  });

  it('gives an evicted process its own time', () => {
    const nursery = Nursery.started(1, { evictionTimeoutSeconds: 3 });
    nursery.at(1).events.replaceWanted('eviction_signal', 'SIGUSR1');
    nursery.at(2).ready();
    assert.deepEqual(nursery.at(1).asked, ['plan eviction_signal 3', 'retire']);
  });

  it('starts another at once where one shuts down by itself, and does not wait for its end', () => {
    const nursery = Nursery.started(1);
    nursery.at(1).events.stopping('shutdown_signal');
    assert.deepEqual([nursery.serving, nursery.spawned.length], [[], 2]);
    nursery.at(2).ready();
    assert.deepEqual(nursery.serving, [2]);
    nursery.at(1).exit({ isOrderly: true });
    assert.equal(nursery.spawned.length, 2);
    // One that does so again and again waits.
    nursery.at(2).events.stopping('shutdown_signal');
    nursery.at(3).ready();
    nursery.at(3).events.stopping('shutdown_signal');
    assert.equal(nursery.spawned.length, 3);
    nursery.clock.advance(1_000);
    assert.equal(nursery.spawned.length, 4);
  });

  it('begins an idle process anew without what it had loaded', () => {
    const nursery = Nursery.started(1);
    nursery.at(1).events.loaded(['/site.wsgi', 'www|/site']);
    nursery.at(1).events.stopping('inactivity_timeout');
    assert.deepEqual(nursery.facts.at(-1)?.knownScripts, []);
  });

  it('lets a service end before its successor begins: what it holds is needed', async () => {
    const nursery = Nursery.started(1, { threads: 0 });
    const rolled = nursery.group.roll('restart');
    assert.deepEqual(nursery.at(1).asked, ['terminate']);
    assert.deepEqual(await rolled, { replaced: 1, failure: undefined });
    nursery.at(1).events.stopping('shutdown_signal');
    assert.equal(nursery.spawned.length, 1);
    nursery.at(1).exit({ isOrderly: true });
    nursery.clock.advance(0);
    assert.equal(nursery.spawned.length, 2);
  });

  it('does not wait for the delay of a process that died young where a roll begins it anew', async () => {
    const nursery = new Nursery(1);
    void nursery.group.start();
    nursery.at(1).exit();
    const rolled = nursery.group.roll('restart');
    assert.equal(nursery.spawned.length, 2);
    assert.deepEqual(await rolled, { replaced: 1, failure: undefined });
    nursery.at(2).ready();
    assert.deepEqual(nursery.serving, [2]);
  });

  it('lets go of a successor that is not needed any more, as the one it was for has left', () => {
    const nursery = Nursery.started(1);
    void nursery.group.roll('restart');
    nursery.at(1).events.stopping('shutdown_signal');
    assert.equal(nursery.spawned.length, 3);
    nursery.at(2).ready();
    nursery.at(3).ready();
    assert.deepEqual(nursery.serving, [3]);
    assert.deepEqual(nursery.at(2).asked, ['plan restart 15', 'retire']);
  });

  it('stops everything, also a successor on trial and what retires, and ends every roll', async () => {
    const nursery = Nursery.started(2);
    const rolled = nursery.group.roll('restart');
    nursery.at(3).ready();
    const stopped = nursery.group.stop();
    assert.deepEqual(nursery.at(4).asked, ['terminate']);
    assert.equal(nursery.at(1).asked.at(-1), 'terminate');
    for (const process of nursery.spawned) process.exit({ isOrderly: true });
    await stopped;
    assert.deepEqual(await rolled, { replaced: 1, failure: 'the group stops' });
    nursery.clock.advance(1_000_000);
    assert.equal(nursery.spawned.length, 4);
  });

  it('keeps its invariants through every sequence of events', async () => {
    const event = fc.record({
      what: fc.constantFrom(
        'ready',
        'ready',
        'ready',
        'bad',
        'exit',
        'orderly',
        'want',
        'touch',
        'leave',
        'roll',
        'wait',
      ),
      which: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(event, { maxLength: 40 }),
        async (processes, events) => {
          const nursery = new Nursery(processes);
          const { group, spawned, clock } = nursery;
          void group.start();
          const rolls: Promise<unknown>[] = [];
          for (const { what, which } of events) {
            const alive = spawned.filter(({ isAlive }) => isAlive);
            const one = alive[which % Math.max(1, alive.length)];
            if (what === 'wait') clock.advance(which * 500);
            else if (what === 'roll') rolls.push(group.roll('restart'));
            else if (one === undefined) continue;
            else if (what === 'ready' || what === 'bad') {
              if (!one.isReady) one.ready(...(what === 'bad' ? ['broken'] : []));
            } else if (what === 'exit') one.exit();
            else if (what === 'orderly') one.exit({ isOrderly: true, status: 0 });
            else if (!one.isReady) continue;
            else if (what === 'want') one.events.replaceWanted('maximum_requests', '');
            else if (what === 'touch') one.events.replaceWanted('script_reload', '');
            else one.events.stopping('shutdown_signal');
            const { reports } = group;
            const gone = reports.filter(({ state }) => state === 'retiring' || state === 'stopping').length;
            // 1 and 2: members and at most one on trial.
            assert.ok(reports.length - gone >= processes && reports.length - gone <= processes + 1);
            // 3: whoever is announced is ready, alive and was not asked to go.
            for (const pid of nursery.serving) {
              const process = nursery.at(pid);
              assert.ok(process.isReady && process.isAlive, `pid ${pid}`);
              assert.ok(!process.asked.includes('retire') && !process.asked.includes('terminate'), `pid ${pid}`);
            }
            assert.ok(nursery.serving.length <= processes);
          }
          const stopped = group.stop();
          clock.advance(10_000);
          for (const process of spawned) process.exit({ isOrderly: true });
          await stopped;
          await Promise.all(rolls);
          assert.equal(clock.timers, 0);
          assert.equal(spawned.filter(({ isAlive }) => isAlive).length, 0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

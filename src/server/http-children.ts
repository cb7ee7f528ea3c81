/**
 * The parent's view of the http children of one configuration: starts StartServers of them and keeps them alive; where
 * the number may vary keeps enough of them idle and not too many (spare-maintenance.ts); replaces those that have served
 * MaxConnectionsPerChild connections; passes on which daemon processes there are.
 */

import type { Clock, Timer } from '../base/clock.js';
import { RestartBudget } from '../proc/restart-budget.js';
import { type ChildExit, type ChildProcess, SupervisedChild } from '../proc/supervised-child.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import type { ToChild } from './child-messages.js';
import type { HttpChildEvents } from './http-child-handle.js';
import { type ChildLoad, noLoad } from './load-reporter.js';
import type { Mpm, SpareBounds } from './mpm.js';
import { SpareMaintenance } from './spare-maintenance.js';

/** A process that has been spawned, see HttpChildHandle. */
export interface HttpChildProcess extends ChildProcess {
  readonly load: ChildLoad;
  /** Embedded mode runs a request, by its scoreboard: while Node.js itself runs it nothing is reported (decision 014). */
  readonly runsRequest: boolean;
  /** For files of this child alone. */
  readonly folder: string;
  send(message: ToChild): void;
}

export interface HttpChildrenOptions {
  readonly mpm: Mpm;
  /** How many request threads may be idle; undefined: the number of children is fixed. */
  readonly spare: SpareBounds | undefined;
  /** Others serve meanwhile, who are to be released soon. */
  readonly isReload: boolean;
  readonly clock: Clock;
  readonly spawn: (
    report: { ready(): void; exited(exit: ChildExit): void },
    events: HttpChildEvents,
  ) => HttpChildProcess;
  /** How long one that is drained may go on with the requests of its connections. */
  readonly drainMsLimit: number;
  /** The processes of each group that there are already. */
  readonly processes: ReadonlyMap<string, readonly DaemonAddress[]>;
  readonly report: (level: 'info' | 'error' | 'alert', message: string) => void;
  readonly onCannotStart: (reason: string) => void;
  /** Requests for this group wait for too long in one of them. */
  readonly onStuck: (group: string) => void;
}

/** One http child, for `ps`. */
export interface HttpChildReport extends ChildLoad {
  readonly pid: number;
  readonly state: 'starting' | 'serving' | 'draining';
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** Of its own files. */
  readonly folder: string;
}

const startMsLimit = 60_000;
const stopMsLimit = 3_000;
/** Apache's parent looks at its children once a second. */
const maintenanceMs = 1_000;

interface Member {
  readonly child: SupervisedChild<HttpChildProcess>;
  /** It has served as many connections as it is to serve. */
  isWorn: boolean;
}

export class HttpChildren {
  readonly #options: HttpChildrenOptions;
  readonly #members = new Set<Member>();
  readonly #maintenance: SpareMaintenance | undefined;
  readonly #processes: Map<string, readonly DaemonAddress[]>;
  readonly #startedAtMs = new Map<number, number>();
  /** Successors that wait until their predecessor has ended: there is no room for both. */
  #owed = 0;
  #timer: Timer | undefined;
  #isEnding = false;
  #onStopped: (() => void) | undefined;

  constructor(options: HttpChildrenOptions) {
    this.#options = options;
    this.#processes = new Map(options.processes);
    this.#maintenance = options.spare === undefined ? undefined : new SpareMaintenance(options.spare, options.isReload);
  }

  /** Those that there are, also such as start or go. */
  get reports(): readonly HttpChildReport[] {
    return [...this.#members].flatMap(({ child }) => {
      const { process, state } = child;
      if (process?.pid === undefined) return [];
      return {
        pid: process.pid,
        state: state === 'starting' ? 'starting' : state === 'running' ? 'serving' : 'draining',
        startedAt: (this.#startedAtMs.get(process.pid) ?? 0) / 1000,
        folder: process.folder,
        ...this.#loadOf(process),
      } as const;
    });
  }

  /** Resolves when each of StartServers accepts connections or has failed once. */
  async start(): Promise<void> {
    if (this.#isEnding) return;
    await Promise.all(
      Array.from(
        { length: this.#options.mpm.startServers },
        () => new Promise<void>((onSettled) => this.#add({ onSettled })),
      ),
    );
    if (this.#maintenance !== undefined && !this.#isEnding) this.#scheduleMaintenance(this.#maintenance);
  }

  /** Others accept connections now: these finish with theirs; resolves when they have ended. */
  drain(): Promise<void> {
    return this.#end((child) => child.retire());
  }

  stop(): Promise<void> {
    return this.#end((child) => child.stop());
  }

  #end(end: (child: SupervisedChild<HttpChildProcess>) => void): Promise<void> {
    this.#isEnding = true;
    this.#timer?.cancel();
    return new Promise((resolve) => {
      const onStopped = this.#onStopped;
      this.#onStopped = () => {
        onStopped?.();
        resolve();
      };
      if (this.#members.size === 0) this.#onStopped();
      else for (const { child } of [...this.#members]) end(child);
    });
  }

  killNow(): void {
    for (const { child } of this.#members) child.killNow();
  }

  /** These processes of the group take requests now; children started later are told too. */
  setProcesses(group: string, processes: readonly DaemonAddress[]): void {
    this.#processes.set(group, processes);
    for (const { child } of this.#members) child.process?.send({ type: 'processes', group, processes });
  }

  /** A replacement in the group failed: what waits for new code waits in vain. */
  releaseHeld(group: string): void {
    for (const { child } of this.#members) child.process?.send({ type: 'kept', group });
  }

  #scheduleMaintenance(maintenance: SpareMaintenance): void {
    this.#timer = this.#options.clock.after(maintenanceMs, () => {
      this.#maintain(maintenance);
      this.#scheduleMaintenance(maintenance);
    });
  }

  #maintain(maintenance: SpareMaintenance): void {
    const { threadsPerChild } = this.#options.mpm;
    let ending = 0;
    let idleThreads = 0;
    for (const { child, isWorn } of this.#members) {
      if (child.state === 'retiring' || child.state === 'stopping') ending += 1;
      else if (child.state === 'running') idleThreads += isWorn ? 0 : this.#idleThreadsOf(child.process);
      // One that starts, or waits to be started again, is as good as idle: more of them would only delay it.
      else idleThreads += threadsPerChild;
    }
    // One that waits for the end of another takes its place.
    const decision = maintenance.decide({ total: this.#members.size, ending, idleThreads });
    for (let started = 0; started < decision.start; started++) this.#add();
    if (decision.endsOne) this.#findIdlest()?.child.retire();
    if (decision.message !== undefined) this.#options.report(decision.message.level, decision.message.text);
  }

  /** Under prefork a child is at work for whom it has accepted, also between two requests. */
  #idleThreadsOf(process: HttpChildProcess | undefined): number {
    const { connections, requests } = process === undefined ? noLoad : this.#loadOf(process);
    const { name, threadsPerChild } = this.#options.mpm;
    return Math.max(0, threadsPerChild - (name === 'prefork' ? connections : requests));
  }

  /** A prefork child that has said nothing of its connection may have come to run a request at once. */
  #loadOf(process: HttpChildProcess): ChildLoad {
    const { load } = process;
    if (this.#options.mpm.name !== 'prefork' || load.connections > 0 || !process.runsRequest) return load;
    return { connections: 1, requests: 1 };
  }

  /** Of equally idle ones the youngest: the others have loaded more of what requests need. */
  #findIdlest(): Member | undefined {
    let found: Member | undefined;
    let most = 0;
    for (const member of this.#members) {
      const { child, isWorn } = member;
      if (child.state !== 'running' || isWorn) continue;
      const idle = this.#idleThreadsOf(child.process);
      if (idle === 0 || idle < most) continue;
      found = member;
      most = idle;
    }
    return found;
  }

  /** A prefork child accepts no more and can go at once; another one goes when its successor accepts. */
  #replaceWorn(member: Member): void {
    const { child } = member;
    if (this.#isEnding || member.isWorn || child.state !== 'running') return;
    member.isWorn = true;
    const { mpm, report } = this.#options;
    const pid = child.process?.pid ?? 'none';
    report('info', `http child (pid=${pid}) has served ${mpm.maxConnectionsPerChild} connections, starting another`);
    if (mpm.name !== 'prefork') {
      this.#add({ onReady: () => child.retire() });
      return;
    }
    const hasRoom = this.#members.size < mpm.childrenLimit;
    child.retire();
    if (hasRoom) this.#add();
    else this.#owed += 1;
  }

  /** `onReady`: it accepts connections. `onSettled`: it does, or its first process has ended. */
  #add(events: { readonly onReady?: () => void; readonly onSettled?: () => void } = {}): void {
    const { clock, report } = this.#options;
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      events.onSettled?.();
    };
    const child = new SupervisedChild<HttpChildProcess>({
      clock,
      budget: new RestartBudget(),
      limits: { startMs: startMsLimit, retireMs: this.#options.drainMsLimit, stopMs: stopMsLimit },
      spawn: (outcome) => {
        const process = this.#options.spawn(outcome, {
          onStuck: this.#options.onStuck,
          onStackLine: (line) => report('error', `http child (pid ${process.pid}): ${line}`),
          onWorn: () => this.#replaceWorn(member),
        });
        if (process.pid !== undefined) this.#startedAtMs.set(process.pid, clock.nowMs());
        for (const [group, processes] of this.#processes) process.send({ type: 'processes', group, processes });
        return process;
      },
      onReady: () => {
        settle();
        events.onReady?.();
      },
      onDeath: (process, exit, delayMs, wasReady) => {
        if (process?.pid !== undefined) this.#startedAtMs.delete(process.pid);
        const pid = process?.pid ?? exit.pid ?? 'none';
        let next = delayMs === 0 ? 'starting another' : `starting another in ${delayMs / 1000} s`;
        if (member.isWorn) next = 'another takes its place';
        report(exit.cannotStart ? 'alert' : 'error', `http child (pid=${pid}) has died: ${exit.reason}; ${next}`);
        if (exit.cannotStart) this.#options.onCannotStart(exit.reason);
        // Without it nobody listens: a start that has none is no start.
        else if (!wasReady) this.#options.onCannotStart(`http child (pid=${pid}) ${exit.reason} before it was ready`);
        settle();
        if (member.isWorn) child.stop(); // its successor is there or on the way
      },
      onOverdue: (process, state) => {
        const what = state === 'starting' ? 'was not ready in time' : 'did not stop in time';
        report('error', `http child (pid=${process.pid}) ${what}; sending SIGKILL`);
      },
      onEnded: () => {
        settle();
        this.#ended(member);
      },
    });
    const member: Member = { child, isWorn: false };
    this.#members.add(member);
    child.start();
  }

  #ended(member: Member): void {
    this.#members.delete(member);
    if (this.#isEnding) {
      if (this.#members.size === 0) this.#onStopped?.();
    } else if (this.#owed > 0) {
      this.#owed -= 1;
      this.#add();
    }
  }
}

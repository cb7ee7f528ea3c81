/**
 * The parent's view of a daemon process group: keeps its fixed number of processes alive, replaces them one after
 * another where that is asked for, and tells, whenever that changes, which of them take requests. One per
 * WSGIDaemonProcess line.
 *
 * A replacement starts a successor beside the process that is to go. Once the successor is ready, which means that it
 * has loaded the scripts that the group is known to run, it takes the place, and the old process retires: it gives back
 * what it has not begun and finishes the rest. Where the successor fails the old process stays.
 *
 * Invariants:
 *  1. There are `processes` members, each with one supervised child.
 *  2. At most one successor is on trial.
 *  3. A process that is announced has said that it is ready and has not been told to retire.
 */

import { assert } from '../base/assert.js';
import type { Clock } from '../base/clock.js';
import { RestartBudget } from '../proc/restart-budget.js';
import { type ChildProcess, SupervisedChild } from '../proc/supervised-child.js';
import type { DaemonAddress } from './daemon-connection.js';
import {
  type DaemonEvents,
  DaemonHandle,
  type DaemonReport,
  type DaemonSpawn,
  type ScriptPlace,
} from './daemon-handle.js';
import type { DaemonProcessGroup } from './daemon-process-group.js';
import { type DaemonProcessReport, describeDeath, reportOf } from './daemon-process-report.js';

/** What the group needs of a process; tests have one without a process. */
export type GroupProcess = Pick<
  DaemonHandle,
  | 'pid'
  | 'settings'
  | 'loadFailures'
  | 'planRetirement'
  | 'keep'
  | 'describeRunning'
  | 'dumpStacks'
  | 'stacks'
  | 'passErrorLog'
  | keyof ChildProcess
>;

/** What a process that is started must know beside its group's definition. */
export interface SpawnFacts {
  /** Names the process over the parent's life. */
  readonly id: number;
  readonly generation: number;
  /** Scripts that other processes of the group have loaded for requests. */
  readonly knownScripts: readonly ScriptPlace[];
}

export interface DaemonGroupOptions {
  readonly definition: DaemonProcessGroup;
  readonly clock: Clock;
  readonly spawnFor: (facts: SpawnFacts) => DaemonSpawn;
  readonly nextId: () => number;
  readonly report: (level: 'info' | 'notice' | 'warn' | 'error' | 'alert', message: string) => void;
  /** The processes that take requests are others than before. */
  readonly onProcesses: (processes: readonly DaemonAddress[]) => void;
  /** A replacement failed: whoever waits for the new code waits in vain. */
  readonly onKept: () => void;
  /** A process can't run as configured. While the server starts this ends it; later it is tried again. */
  readonly onCannotStart: (reason: string) => void;
  /** What the group of the same name before it is known to run, after a change of the configuration. */
  readonly knownScripts?: readonly ScriptPlace[];
  /** Starts a process; a real one where it is not given. */
  readonly createProcess?: (spawn: DaemonSpawn, report: DaemonReport, events: DaemonEvents) => GroupProcess;
}

/** A process that has not said it is ready by then is killed, and counts as one that died young. */
const defaultStartMsLimit = 300_000;
/** Apache gives a daemon process this long when the server stops. */
const serverStopMsLimit = 3_000;
/** What a process may need to notice its own limits, before the parent enforces them. */
const enforcementMs = 2_000;
/** For shutdown-timeout=0: a process that retires is not waited for without end. */
const endlessShutdownSeconds = 600;
/** Scripts remembered for successors. */
const knownScriptsLimit = 256;

interface Member {
  readonly child: SupervisedChild<GroupProcess>;
  readonly budget: RestartBudget;
  id: number;
  generation: number;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  reason: string | undefined;
  /** A successor that has not taken its place yet: called when it is ready or has failed. */
  onTrialEnd: ((failure: string | undefined) => void) | undefined;
}

interface Replacement {
  readonly member: Member;
  readonly reason: string;
  /** Of a roll: what is older than this generation is replaced. */
  readonly roll: Roll | undefined;
}

interface Roll {
  readonly generation: number;
  replaced: number;
  pending: number;
  failure: string | undefined;
  readonly onEnd: (roll: Roll) => void;
}

export class DaemonGroup {
  #definition: DaemonProcessGroup;
  #spawnFor: DaemonGroupOptions['spawnFor'];
  readonly #options: DaemonGroupOptions;
  readonly #members: Member[] = [];
  /** Processes that were replaced and are not gone yet. */
  readonly #leaving = new Set<Member>();
  readonly #queue: Replacement[] = [];
  /** The successor that has not taken its place yet, and the roll that wants it. */
  #trial: { readonly member: Member; readonly roll: Roll | undefined } | undefined;
  /** By path and application group. */
  readonly #knownScripts: Map<string, ScriptPlace>;
  #generation = 1;
  #problem: string | undefined;
  #settled = 0;
  #onSettled: (() => void) | undefined;
  #isStopping = false;
  #isServerStopping = false;
  #onStopped: (() => void) | undefined;

  constructor(options: DaemonGroupOptions) {
    this.#options = options;
    this.#definition = options.definition;
    this.#spawnFor = options.spawnFor;
    this.#knownScripts = new Map((options.knownScripts ?? []).map((place) => [place.join('\0'), place]));
    for (let index = 0; index < options.definition.processes; index++) this.#members.push(this.#createMember());
  }

  get definition(): DaemonProcessGroup {
    return this.#definition;
  }

  get generation(): number {
    return this.#generation;
  }

  /** What an administrator must know: the last replacement failed. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get knownScripts(): readonly ScriptPlace[] {
    return [...this.#knownScripts.values()];
  }

  /** The processes that take requests now. */
  get processes(): readonly DaemonAddress[] {
    const addresses: DaemonAddress[] = [];
    for (const { child, id, generation } of this.#members) {
      const handle = child.process;
      if (child.state !== 'running' || handle?.pid === undefined) continue;
      const { socket, scoreboard } = handle.settings;
      addresses.push({ id, pid: handle.pid, socket, scoreboard, generation });
    }
    return addresses;
  }

  /** Every process there is, also such as come and go. */
  get reports(): readonly DaemonProcessReport[] {
    return this.#all.map(reportOf);
  }

  /** All that run, for what concerns each of them. */
  get handles(): readonly GroupProcess[] {
    return this.#all.flatMap(({ child }) => child.process ?? []);
  }

  get #all(): readonly Member[] {
    return [...this.#members, ...(this.#trial === undefined ? [] : [this.#trial.member]), ...this.#leaving];
  }

  /** Another configuration says the same of what its processes are: those that start from now on are started by it. */
  adopt(definition: DaemonProcessGroup, spawnFor: DaemonGroupOptions['spawnFor']): void {
    assert(definition.processes === this.#members.length, 'a group that is kept has as many processes as before');
    this.#definition = definition;
    this.#spawnFor = spawnFor;
  }

  /** Starts the processes; resolves when each is ready or has failed once. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
      for (const { child } of this.#members) child.start();
    });
  }

  /** What its processes could not load at their start: one sentence each. */
  get loadFailures(): readonly string[] {
    return this.#members.flatMap(({ child }) => child.process?.loadFailures ?? []);
  }

  /**
   * Replaces every process by one of the next generation, one after another.
   * @returns how many were replaced, and why it ended before all were
   */
  roll(reason: string): Promise<{ readonly replaced: number; readonly failure: string | undefined }> {
    this.#generation += 1;
    return new Promise((resolve) => {
      const roll: Roll = {
        generation: this.#generation,
        replaced: 0,
        pending: this.#members.length,
        failure: undefined,
        onEnd: ({ replaced, failure }) => resolve({ replaced, failure }),
      };
      for (const member of this.#members) this.#queue.push({ member, reason, roll });
      this.#replaceNext();
    });
  }

  /** Lets the processes finish what they have begun and ends the group. */
  retire(reason: string): Promise<void> {
    return this.#end((member) => {
      member.child.process?.planRetirement(reason, this.#definition.gracefulTimeoutSeconds);
      member.child.retire();
    });
  }

  /** Stops all at once, as the server stops; resolves when they have ended, which is bounded by the stop limit. */
  stop(): Promise<void> {
    this.#isServerStopping = true;
    return this.#end((member) => member.child.stop());
  }

  /** Has the processes write to the log what they run, and where in the code that is. */
  describeRunning(): void {
    for (const { child } of this.#members) child.process?.describeRunning();
  }

  killNow(): void {
    for (const handle of this.handles) handle.kill();
  }

  #end(end: (member: Member) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#isStopping = true;
      const onStopped = this.#onStopped;
      this.#onStopped = () => {
        onStopped?.();
        resolve();
      };
      for (const { roll } of this.#queue.splice(0)) this.#endRoll(roll, 'the group stops');
      // One on trial is no member: it goes without having served.
      if (this.#trial !== undefined) this.#endRoll(this.#trial.roll, 'the group stops');
      this.#trial?.member.child.stop();
      for (const member of [...this.#members, ...this.#leaving]) end(member);
      this.#endIfAllHave();
    });
  }

  #createMember(budget = new RestartBudget()): Member {
    const { clock } = this.#options;
    const group = this;
    let isSettled = false;
    /** Why it is killed before it was ready. */
    let lateness: string | undefined;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      this.#settled += 1;
      if (this.#settled === this.#members.length) this.#onSettled?.();
    };
    const child = new SupervisedChild<GroupProcess>({
      clock,
      budget,
      limits: {
        startMs: this.#startMsLimit,
        get retireMs() {
          return group.#retireMsLimit;
        },
        get stopMs() {
          return group.#stopMsLimit;
        },
      },
      spawn: (report) => {
        member.id = this.#options.nextId();
        member.generation = this.#generation;
        member.startedAtMs = clock.nowMs();
        const { id, generation } = member;
        const spawn = this.#spawnFor({ id, generation, knownScripts: this.knownScripts });
        const create = this.#options.createProcess ?? ((...facts) => new DaemonHandle(...facts));
        const handle: GroupProcess = create(spawn, report, {
          loaded: (place) => {
            if (this.#knownScripts.size < knownScriptsLimit) this.#knownScripts.set(place.join('\0'), place);
          },
          replaceWanted: (reason, message) => this.#replaceWanted(member, reason, message),
          stopping: (reason) => {
            // Not a process before it: one that is replaced after its death is another.
            if (child.process === handle) this.#leaves(member, reason);
          },
          stackLine: (line) =>
            this.#options.report('error', `daemon process '${this.#definition.name}' (pid ${handle.pid}): ${line}`),
        });
        return handle;
      },
      onReady: (handle) => {
        member.reason = undefined;
        if (member.onTrialEnd === undefined) this.#announce();
        else member.onTrialEnd(handle.loadFailures.length === 0 ? undefined : handle.loadFailures.join('; '));
        settle();
      },
      onDeath: (handle, exit, delayMs, wasReady) => {
        if (member.onTrialEnd !== undefined) {
          member.onTrialEnd(lateness ?? exit.reason);
          return;
        }
        member.reason = exit.reason;
        this.#options.report(
          exit.cannotStart ? 'alert' : exit.isOrderly ? 'info' : 'error',
          describeDeath(this.#definition.name, handle?.pid ?? exit.pid, exit, delayMs, isSettled),
        );
        if (wasReady) this.#announce();
        if (exit.cannotStart) this.#options.onCannotStart(exit.reason);
        settle();
      },
      onOverdue: (handle, state) => {
        if (state === 'starting') lateness = `was not ready after ${this.#startMsLimit / 1000} s`;
        this.#reportOverdue(handle, state === 'starting');
      },
      onEnded: () => {
        settle();
        this.#leaving.delete(member);
        if (this.#trial?.member === member) this.#trial = undefined;
        this.#endIfAllHave();
      },
    });
    const member: Member = {
      child,
      budget,
      id: 0,
      generation: this.#generation,
      startedAtMs: 0,
      reason: undefined,
      onTrialEnd: undefined,
    };
    return member;
  }

  /** Its processes run scripts instead of requests. */
  get #isService(): boolean {
    return this.#definition.threads === 0;
  }

  /** startup-timeout also bounds how long a process may load before it is ready. */
  get #startMsLimit(): number {
    const seconds = this.#definition.startupTimeoutSeconds;
    return seconds === 0 ? defaultStartMsLimit : seconds * 1000 + enforcementMs;
  }

  /** It watches its own time to finish; the parent does where it can't. */
  get #retireMsLimit(): number {
    const { gracefulTimeoutSeconds, evictionTimeoutSeconds } = this.#definition;
    return Math.max(gracefulTimeoutSeconds, evictionTimeoutSeconds) * 1000 + this.#stopMsLimit;
  }

  get #stopMsLimit(): number {
    if (this.#isServerStopping) return serverStopMsLimit;
    return (this.#definition.shutdownTimeoutSeconds || endlessShutdownSeconds) * 1000 + enforcementMs;
  }

  /** A process asked for a successor. A changed script concerns them all, everything else only the one that asks. */
  #replaceWanted(member: Member, reason: string, message: string): void {
    if (this.#isStopping || !this.#members.includes(member)) return;
    if (reason === 'script_reload') {
      const isUnderWay = this.#queue.some(({ roll }) => roll !== undefined) || this.#trial !== undefined;
      // Others of the group notice the same change; what was started since has the new code.
      if (isUnderWay && member.generation < this.#generation) return;
      this.#options.report('info', `daemon process group '${this.#definition.name}': ${message}`);
      void this.roll(reason);
      return;
    }
    if (this.#queue.some((queued) => queued.member === member)) return;
    this.#queue.push({ member, reason, roll: undefined });
    this.#replaceNext();
  }

  #replaceNext(): void {
    if (this.#trial !== undefined || this.#isStopping) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    const { member, roll } = next;
    const index = this.#members.indexOf(member);
    const { state } = member.child;
    const isOld = roll === undefined ? state === 'running' : member.generation < roll.generation || state === 'delayed';
    if (index === -1 || !isOld || roll?.failure !== undefined) {
      // Not ready yet, it has asked too early: it may ask again.
      if (roll === undefined && state === 'starting')
        member.child.process?.keep('the process is not ready yet', this.#options.clock.monotonicMs());
      this.#endRoll(roll, undefined);
      this.#replaceNext();
      return;
    }
    if (this.#isService && state === 'running') {
      // What it holds (a port, a lock) its successor needs: that one is started when it has gone.
      member.child.process?.terminate();
      this.#endRoll(roll, undefined, true);
      this.#replaceNext();
      return;
    }
    const successor = this.#createMember(member.budget);
    if (state !== 'running') {
      // Nothing serves there: it is begun anew, without waiting for the delay of the one before.
      this.#takePlace(index, successor, next.reason);
      successor.child.start();
      this.#endRoll(roll, undefined, true);
      this.#replaceNext();
      return;
    }
    this.#trial = { member: successor, roll };
    successor.onTrialEnd = (failure) => {
      successor.onTrialEnd = undefined;
      this.#trial = undefined;
      this.#conclude(next, successor, failure);
    };
    successor.child.start();
  }

  #conclude({ member, reason, roll }: Replacement, successor: Member, failure: string | undefined): void {
    const { name } = this.#definition;
    if (failure !== undefined) {
      if (successor.child.state !== 'ended') this.#leaving.add(successor);
      successor.child.stop();
      this.#problem = `since ${new Date(this.#options.clock.nowMs()).toISOString()} no successor could be started (${reason}): ${failure}`;
      this.#options.report(
        'error',
        `daemon process group '${name}': the successor of pid ${member.child.process?.pid} could not be started (${reason}), the processes of before go on: ${failure}`,
      );
      const ageMs = this.#options.clock.nowMs() - successor.startedAtMs;
      for (const { child } of this.#members) child.process?.keep(failure, ageMs);
      this.#options.onKept();
      this.#endRoll(roll, failure);
    } else {
      this.#problem = undefined;
      const index = this.#members.indexOf(member);
      // It may have shut down by itself meanwhile, and another one serves in its place: then two serve for a moment.
      if (index === -1) this.#retireMember(successor, reason);
      else this.#takePlace(index, successor, reason);
      this.#endRoll(roll, undefined, true);
    }
    this.#replaceNext();
  }

  #takePlace(index: number, successor: Member, reason: string): void {
    const old = this.#members[index] as Member;
    this.#members[index] = successor;
    this.#announce();
    this.#retireMember(old, reason);
  }

  #retireMember(member: Member, reason: string): void {
    const { gracefulTimeoutSeconds, evictionTimeoutSeconds } = this.#definition;
    const isEviction = reason === 'eviction_signal' && evictionTimeoutSeconds > 0;
    member.child.process?.planRetirement(reason, isEviction ? evictionTimeoutSeconds : gracefulTimeoutSeconds);
    member.reason = reason;
    this.#leaving.add(member);
    member.child.retire();
  }

  /** It shuts down by itself: another is started at once instead of when it has gone. */
  #leaves(member: Member, reason: string): void {
    const index = this.#members.indexOf(member);
    if (index === -1 || this.#isStopping || this.#isService || member.child.state !== 'running') return;
    const { name } = this.#definition;
    const lifeMs = this.#options.clock.monotonicMs() - member.child.readyAtMs;
    const delayMs = member.budget.delayAfterDeath(Math.max(1, lifeMs));
    const next = delayMs === 0 ? 'restarting it' : `restarting it in ${delayMs / 1000} s`;
    this.#options.report(
      'info',
      `Process '${name}' (pid=${member.child.process?.pid}) shuts down (${reason}); deregistering and ${next}`,
    );
    // It ends so that another one begins anew, without what it had loaded.
    if (reason === 'inactivity_timeout') this.#knownScripts.clear();
    const successor = this.#createMember(member.budget);
    this.#members[index] = successor;
    this.#announce();
    member.reason = reason;
    this.#leaving.add(member);
    member.child.retire();
    if (delayMs === 0) successor.child.start();
    else {
      this.#options.clock.after(delayMs, () => {
        if (successor.child.state === 'absent') successor.child.start();
      });
    }
  }

  #endRoll(roll: Roll | undefined, failure: string | undefined, wasReplaced = false): void {
    if (roll === undefined) return;
    roll.pending -= 1;
    if (wasReplaced) roll.replaced += 1;
    roll.failure ??= failure;
    if (roll.pending === 0) roll.onEnd(roll);
  }

  #reportOverdue(handle: GroupProcess, isStarting: boolean): void {
    const what = isStarting
      ? `was not ready after ${this.#startMsLimit / 1000} s; killing it, its Python stacks are in the log`
      : 'did not stop in time; sending SIGKILL';
    this.#options.report('error', `process '${this.#definition.name}' (pid=${handle.pid}) ${what}`);
    if (isStarting) handle.dumpStacks();
  }

  #endIfAllHave(): void {
    if (!this.#isStopping || this.#leaving.size > 0 || this.#trial !== undefined) return;
    if (this.#members.every(({ child }) => child.state === 'ended')) this.#onStopped?.();
  }

  #announce(): void {
    this.#options.onProcesses(this.processes);
  }
}

/**
 * The parent's view of a daemon process group: keeps its fixed number of processes alive and tells, whenever that
 * changes, which of them take requests. One per WSGIDaemonProcess line.
 */

import type { Clock } from '../base/clock.js';
import { RestartBudget } from '../proc/restart-budget.js';
import { type ChildExit, SupervisedChild } from '../proc/supervised-child.js';
import type { DaemonAddress } from './daemon-connection.js';
import { DaemonHandle, type DaemonSpawn } from './daemon-handle.js';
import type { DaemonProcessGroup } from './daemon-process-group.js';

export interface DaemonGroupOptions {
  readonly definition: DaemonProcessGroup;
  readonly clock: Clock;
  /** How to start one; `id` names it over the parent's life. */
  readonly spawnFor: (id: number) => DaemonSpawn;
  readonly nextId: () => number;
  readonly report: (level: 'info' | 'warn' | 'error' | 'alert', message: string) => void;
  /** The processes that take requests are others than before. */
  readonly onProcesses: (processes: readonly DaemonAddress[]) => void;
  /** A process can't run as configured. While the server starts this ends it; later it is tried again. */
  readonly onCannotStart: (reason: string) => void;
}

/** A process that has not said it is ready by then is killed, and counts as one that died young. */
const startMsLimit = 300_000;
/** Apache gives a daemon process this long when the server stops. */
const stopMsLimit = 3_000;

interface Member {
  readonly child: SupervisedChild<DaemonHandle>;
  id: number;
}

export class DaemonGroup {
  readonly definition: DaemonProcessGroup;
  readonly #options: DaemonGroupOptions;
  readonly #members: Member[] = [];
  #ended = 0;
  #settled = 0;
  #onSettled: (() => void) | undefined;
  #onStopped: (() => void) | undefined;

  constructor(options: DaemonGroupOptions) {
    this.#options = options;
    this.definition = options.definition;
    for (let index = 0; index < options.definition.processes; index++) this.#members.push(this.#createMember());
  }

  /** The processes that take requests now. */
  get processes(): readonly DaemonAddress[] {
    const addresses: DaemonAddress[] = [];
    for (const { child, id } of this.#members) {
      const handle = child.process;
      if (child.state !== 'running' || handle?.pid === undefined) continue;
      const { socket, scoreboard } = handle.settings;
      addresses.push({ id, pid: handle.pid, socket, scoreboard });
    }
    return addresses;
  }

  /** Starts the processes; resolves when each is ready or has failed once. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
      for (const { child } of this.#members) child.start();
    });
  }

  /** Stops them; resolves when all have ended, which is bounded by the stop limit. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStopped = resolve;
      for (const { child } of this.#members) child.stop();
    });
  }

  killNow(): void {
    for (const { child } of this.#members) child.killNow();
  }

  #createMember(): Member {
    const { clock, report } = this.#options;
    const { name } = this.definition;
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      this.#settled += 1;
      if (this.#settled === this.#members.length) this.#onSettled?.();
    };
    const budget = new RestartBudget();
    const child = new SupervisedChild<DaemonHandle>({
      clock,
      budget,
      limits: { startMs: startMsLimit, stopMs: stopMsLimit },
      spawn: (events) => {
        member.id = this.#options.nextId();
        return new DaemonHandle(this.#options.spawnFor(member.id), events);
      },
      onReady: () => {
        this.#announce();
        settle();
      },
      onDeath: (handle, exit, delayMs, wasReady) => {
        report(
          exit.cannotStart ? 'alert' : exit.isOrderly ? 'info' : 'error',
          describeDeath(name, handle?.pid ?? exit.pid, exit, delayMs, isSettled),
        );
        if (wasReady) this.#announce();
        if (exit.cannotStart) this.#options.onCannotStart(exit.reason);
        settle();
      },
      onOverdue: (handle, state) => {
        const what = state === 'starting' ? `was not ready after ${startMsLimit / 1000} s` : 'did not stop in time';
        report('error', `process '${name}' (pid=${handle.pid}) ${what}; sending SIGKILL`);
      },
      onEnded: () => {
        settle();
        this.#ended += 1;
        if (this.#ended === this.#members.length) this.#onStopped?.();
      },
    });
    const member: Member = { child, id: 0 };
    return member;
  }

  #announce(): void {
    this.#options.onProcesses(this.processes);
  }
}

/** While the server starts (not `isSettled`) a process that can't start ends that, and is not tried again. */
function describeDeath(
  name: string,
  pid: number | undefined,
  exit: ChildExit,
  delayMs: number,
  isSettled: boolean,
): string {
  const next = delayMs === 0 ? 'restarting it' : `restarting it in ${delayMs / 1000} s`;
  if (exit.cannotStart) return `process '${name}' can't start: ${exit.reason}${isSettled ? `; ${next}` : ''}`;
  return `Process '${name}' (pid=${pid ?? 'none'}) has died; deregistering and ${next}: ${exit.reason}`;
}

/**
 * The parent's view of the http children of one configuration: keeps StartServers of them alive and passes on which
 * daemon processes there are.
 */

import type { Clock } from '../base/clock.js';
import { RestartBudget } from '../proc/restart-budget.js';
import { SupervisedChild } from '../proc/supervised-child.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { type HttpChildBoot, HttpChildHandle } from './http-child-handle.js';

export interface HttpChildrenOptions {
  readonly count: number;
  readonly clock: Clock;
  readonly boot: () => HttpChildBoot;
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
export interface HttpChildReport {
  readonly pid: number;
  readonly state: 'starting' | 'serving' | 'draining';
  /** Seconds since the epoch. */
  readonly startedAt: number;
}

const startMsLimit = 60_000;
const stopMsLimit = 3_000;

export class HttpChildren {
  readonly #options: HttpChildrenOptions;
  readonly #children: SupervisedChild<HttpChildHandle>[] = [];
  readonly #processes: Map<string, readonly DaemonAddress[]>;
  readonly #startedAtMs = new Map<number, number>();
  #settled = 0;
  #ended = 0;
  #onSettled: (() => void) | undefined;
  #onStopped: (() => void) | undefined;

  constructor(options: HttpChildrenOptions) {
    this.#options = options;
    this.#processes = new Map(options.processes);
    for (let index = 0; index < options.count; index++) this.#children.push(this.#createChild());
  }

  /** Those that there are, also such as start or go. */
  get reports(): readonly HttpChildReport[] {
    return this.#children.flatMap((child) => {
      const pid = child.process?.pid;
      if (pid === undefined) return [];
      const state = child.state === 'starting' ? 'starting' : child.state === 'running' ? 'serving' : 'draining';
      return { pid, state, startedAt: (this.#startedAtMs.get(pid) ?? 0) / 1000 } as const;
    });
  }

  /** Resolves when each accepts connections or has failed once. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
      for (const child of this.#children) child.start();
    });
  }

  /** Others accept connections now: these finish with theirs; resolves when they have ended. */
  drain(): Promise<void> {
    return this.#end((child) => child.retire());
  }

  stop(): Promise<void> {
    return this.#end((child) => child.stop());
  }

  #end(end: (child: SupervisedChild<HttpChildHandle>) => void): Promise<void> {
    return new Promise((resolve) => {
      const onStopped = this.#onStopped;
      this.#onStopped = () => {
        onStopped?.();
        resolve();
      };
      if (this.#ended === this.#children.length) this.#onStopped();
      else for (const child of this.#children) end(child);
    });
  }

  killNow(): void {
    for (const child of this.#children) child.killNow();
  }

  /** These processes of the group take requests now; children started later are told too. */
  setProcesses(group: string, processes: readonly DaemonAddress[]): void {
    this.#processes.set(group, processes);
    for (const child of this.#children) child.process?.send({ type: 'processes', group, processes });
  }

  /** A replacement in the group failed: what waits for new code waits in vain. */
  releaseHeld(group: string): void {
    for (const child of this.#children) child.process?.send({ type: 'kept', group });
  }

  #createChild(): SupervisedChild<HttpChildHandle> {
    const { clock, report } = this.#options;
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      this.#settled += 1;
      if (this.#settled === this.#children.length) this.#onSettled?.();
    };
    return new SupervisedChild<HttpChildHandle>({
      clock,
      budget: new RestartBudget(),
      limits: { startMs: startMsLimit, retireMs: this.#options.drainMsLimit, stopMs: stopMsLimit },
      spawn: (events) => {
        const handle = new HttpChildHandle(this.#options.boot(), events, this.#options.onStuck);
        if (handle.pid !== undefined) this.#startedAtMs.set(handle.pid, clock.nowMs());
        for (const [group, processes] of this.#processes) handle.send({ type: 'processes', group, processes });
        return handle;
      },
      onReady: settle,
      onDeath: (handle, exit, delayMs, wasReady) => {
        if (handle?.pid !== undefined) this.#startedAtMs.delete(handle.pid);
        const next = delayMs === 0 ? 'starting another' : `starting another in ${delayMs / 1000} s`;
        const pid = handle?.pid ?? exit.pid ?? 'none';
        report(exit.cannotStart ? 'alert' : 'error', `http child (pid=${pid}) has died: ${exit.reason}; ${next}`);
        if (exit.cannotStart) this.#options.onCannotStart(exit.reason);
        // Without it nobody listens: a start that has none is no start.
        else if (!wasReady) this.#options.onCannotStart(`http child (pid=${pid}) ${exit.reason} before it was ready`);
        settle();
      },
      onOverdue: (handle, state) => {
        const what = state === 'starting' ? 'was not ready in time' : 'did not stop in time';
        report('error', `http child (pid=${handle.pid}) ${what}; sending SIGKILL`);
      },
      onEnded: () => {
        settle();
        this.#ended += 1;
        if (this.#ended === this.#children.length) this.#onStopped?.();
      },
    });
  }
}

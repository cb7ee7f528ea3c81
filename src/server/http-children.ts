/** The parent's view of all http children: keeps StartServers of them alive and passes on which daemon processes there are. */

import type { Clock } from '../base/clock.js';
import { RestartBudget } from '../proc/restart-budget.js';
import { SupervisedChild } from '../proc/supervised-child.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { type HttpChildBoot, HttpChildHandle } from './http-child-handle.js';

export interface HttpChildrenOptions {
  readonly count: number;
  readonly clock: Clock;
  readonly bootFor: (connectionNumber: number) => HttpChildBoot;
  readonly report: (level: 'info' | 'error' | 'alert', message: string) => void;
  readonly onCannotStart: (reason: string) => void;
}

const startMsLimit = 60_000;
const stopMsLimit = 3_000;

export class HttpChildren {
  readonly #options: HttpChildrenOptions;
  readonly #children: SupervisedChild<HttpChildHandle>[] = [];
  readonly #processes = new Map<string, readonly DaemonAddress[]>();
  #nextConnectionNumber = 1;
  #settled = 0;
  #ended = 0;
  #onSettled: (() => void) | undefined;
  #onStopped: (() => void) | undefined;

  constructor(options: HttpChildrenOptions) {
    this.#options = options;
    for (let index = 0; index < options.count; index++) this.#children.push(this.#createChild());
  }

  get pids(): readonly number[] {
    return this.#children.flatMap((child) => child.process?.pid ?? []);
  }

  /** Resolves when each accepts connections or has failed once. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
      for (const child of this.#children) child.start();
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStopped = resolve;
      for (const child of this.#children) child.stop();
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
      limits: { startMs: startMsLimit, stopMs: stopMsLimit },
      spawn: (events) => {
        const handle = new HttpChildHandle(this.#options.bootFor(this.#nextConnectionNumber++), events);
        for (const [group, processes] of this.#processes) handle.send({ type: 'processes', group, processes });
        return handle;
      },
      onReady: settle,
      onDeath: (handle, exit, delayMs, wasReady) => {
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

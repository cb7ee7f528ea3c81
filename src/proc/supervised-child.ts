/**
 * Keeps one child process alive: starts it, waits until it says it is ready, replaces it when it dies, stops it. Owns
 * the timers; what a child is and how it is spawned comes from outside (DaemonHandle, HttpChildHandle).
 */

import { assert } from '../base/assert.js';
import type { Clock, Timer } from '../base/clock.js';
import { type ChildAction, type ChildEvent, type ChildState, childLife } from './child-life.js';
import type { RestartBudget } from './restart-budget.js';

/** A process that has been spawned, as its supervisor sees it. */
export interface ChildProcess {
  readonly pid: number | undefined;
  /** Asks it to take nothing new, to finish what it has begun, and then to stop. */
  retire(): void;
  /** Asks it to stop in good order. */
  terminate(): void;
  /** Ends it at once. */
  kill(): void;
}

/** How a process ended. */
export interface ChildExit {
  readonly pid: number | undefined;
  readonly status: number | null;
  readonly signal: string | null;
  /** It said, or its status says, that it can't run as configured. */
  readonly cannotStart: boolean;
  /** It was asked to stop, by whomever, and did so in good order: nothing to raise an alarm about. */
  readonly isOrderly: boolean;
  /** What is known of the reason, for the log. */
  readonly reason: string;
}

/** Read when a limit begins to run: what they say may change over the child's life. */
export interface ChildLimits {
  /** From spawn until ready. */
  readonly startMs: number;
  /** From the request to finish until it is asked to stop. */
  readonly retireMs: number;
  /** From the request to stop until it is killed. */
  readonly stopMs: number;
}

export interface SupervisedChildOptions<P extends ChildProcess> {
  readonly clock: Clock;
  readonly budget: RestartBudget;
  readonly limits: ChildLimits;
  /** Starts a process; `report` is to be called when it is ready and when it is gone (also if it never came to be). */
  readonly spawn: (report: { ready(): void; exited(exit: ChildExit): void }) => P;
  readonly onReady: (child: P) => void;
  /** It died while it should live; `delayMs` until the next. */
  readonly onDeath: (child: P | undefined, exit: ChildExit, delayMs: number, wasReady: boolean) => void;
  /** It has not stopped, or not started, within its limit and is killed now. */
  readonly onOverdue: (child: P, state: ChildState) => void;
  readonly onEnded: () => void;
}

export class SupervisedChild<P extends ChildProcess> {
  readonly #options: SupervisedChildOptions<P>;
  #state: ChildState = 'absent';
  #process: P | undefined;
  #exit: ChildExit | undefined;
  #readyAtMs = 0;
  #timer: Timer | undefined;

  constructor(options: SupervisedChildOptions<P>) {
    this.#options = options;
  }

  get state(): ChildState {
    return this.#state;
  }

  /** The process there is now. */
  get process(): P | undefined {
    return this.#process;
  }

  /** Monotonic time at which it became ready; 0 before. */
  get readyAtMs(): number {
    return this.#readyAtMs;
  }

  start(): void {
    this.#handle('start');
  }

  /** Lets it finish what it has begun, and ends it for good; `onEnded` follows. */
  retire(): void {
    this.#handle('retire');
  }

  /** Stops it for good; `onEnded` follows. */
  stop(): void {
    this.#handle('stop');
  }

  /** No waiting for the stop limit any more. */
  killNow(): void {
    this.#process?.kill();
  }

  #handle(event: ChildEvent): void {
    const action: ChildAction = childLife[this.#state][event];
    switch (action) {
      case 'ignore':
        return;
      case 'spawn':
        this.#spawn();
        return;
      case 'announce': {
        this.#enter('running');
        this.#readyAtMs = this.#options.clock.monotonicMs();
        assert(this.#process !== undefined, 'child-life 1: a running child has a process');
        this.#options.onReady(this.#process);
        return;
      }
      case 'replace':
        this.#replace();
        return;
      case 'retire':
        this.#enter('retiring', this.#options.limits.retireMs);
        this.#process?.retire();
        return;
      case 'terminate':
        this.#enter('stopping', this.#options.limits.stopMs);
        this.#process?.terminate();
        return;
      case 'hurry':
        this.#enter('stopping', this.#options.limits.stopMs);
        return;
      case 'kill':
        assert(this.#process !== undefined, 'child-life 1: an overdue child has a process');
        this.#options.onOverdue(this.#process, this.#state);
        this.#process.kill();
        return;
      case 'end':
        this.#enter('ended');
        this.#process = undefined;
        this.#options.onEnded();
        return;
      case 'broken':
        assert(false, `child-life: ${event} in state ${this.#state}`);
    }
  }

  #spawn(): void {
    this.#enter('starting', this.#options.limits.startMs);
    this.#readyAtMs = 0;
    let isCurrent = true;
    this.#process = this.#options.spawn({
      ready: () => {
        if (isCurrent) this.#handle('ready');
      },
      exited: (exit) => {
        if (!isCurrent) return;
        isCurrent = false;
        this.#exit = exit;
        this.#handle('exit');
      },
    });
  }

  #replace(): void {
    const exit = this.#exit;
    assert(exit !== undefined, 'child-life: an exit was recorded');
    const died = this.#process;
    this.#process = undefined;
    const lifeMs = this.#readyAtMs === 0 ? 0 : Math.max(1, this.#options.clock.monotonicMs() - this.#readyAtMs);
    const delayMs = this.#options.budget.delayAfterDeath(lifeMs);
    this.#enter('delayed');
    this.#timer = this.#options.clock.after(delayMs, () => this.#handle('retry'));
    this.#options.onDeath(died, exit, delayMs, lifeMs > 0);
  }

  #enter(state: ChildState, limitMs?: number): void {
    this.#timer?.cancel();
    this.#timer =
      limitMs === undefined ? undefined : this.#options.clock.after(limitMs, () => this.#handle('deadline'));
    this.#state = state;
  }
}

/**
 * Keeps one child process alive: starts it, waits until it says it is ready, replaces it when it dies, stops it. Owns
 * the timers; what a child is and how it is spawned comes from outside (DaemonHandle, HttpChildHandle).
 */
import type { Clock } from '../base/clock.js';
import { type ChildState } from './child-life.js';
import type { RestartBudget } from './restart-budget.js';
/** A process that has been spawned, as its supervisor sees it. */
export interface ChildProcess {
    readonly pid: number | undefined;
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
    /** It was asked to stop, by whomever, and did so in good order: no sign that the next one would fail. */
    readonly isOrderly: boolean;
    /** What is known of the reason, for the log. */
    readonly reason: string;
}
export interface ChildLimits {
    /** From spawn until ready. */
    readonly startMs: number;
    /** From the request to stop until it is killed. */
    readonly stopMs: number;
}
export interface SupervisedChildOptions<P extends ChildProcess> {
    readonly clock: Clock;
    readonly budget: RestartBudget;
    readonly limits: ChildLimits;
    /** Starts a process; `report` is to be called when it is ready and when it is gone (also if it never came to be). */
    readonly spawn: (report: {
        ready(): void;
        exited(exit: ChildExit): void;
    }) => P;
    readonly onReady: (child: P) => void;
    /** It died while it should live; `delayMs` until the next. */
    readonly onDeath: (child: P | undefined, exit: ChildExit, delayMs: number, wasReady: boolean) => void;
    /** It has not stopped, or not started, within its limit and is killed now. */
    readonly onOverdue: (child: P, state: ChildState) => void;
    readonly onEnded: () => void;
}
export declare class SupervisedChild<P extends ChildProcess> {
    #private;
    constructor(options: SupervisedChildOptions<P>);
    get state(): ChildState;
    /** The process there is now. */
    get process(): P | undefined;
    start(): void;
    /** Stops it for good; `onEnded` follows. */
    stop(): void;
    /** No waiting for the stop limit any more. */
    killNow(): void;
}

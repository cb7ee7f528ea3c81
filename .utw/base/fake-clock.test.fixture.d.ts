/** A clock that stands still until a test moves it. */
import type { Clock, Timer } from './clock.js';
export declare class FakeClock implements Clock {
    #private;
    constructor(startMs?: number);
    /** Timers that have neither run nor been cancelled. */
    get timers(): number;
    /** How long until each timer runs, the nearest first. */
    get delaysMs(): number[];
    nowMs(): number;
    monotonicMs(): number;
    after(delayMs: number, callback: () => void): Timer;
    /** Moves time, running what falls due in its order. */
    advance(ms: number): void;
}

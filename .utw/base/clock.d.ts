/** Time, handed to what needs it, so that the pure layers can be tested without waiting. */
export interface Timer {
    cancel(): void;
}
export interface Clock {
    /** Milliseconds since the epoch. */
    nowMs(): number;
    /** Milliseconds on a clock that never jumps. */
    monotonicMs(): number;
    /** Calls `callback` once after `delayMs`. The timer never keeps the process alive by itself. */
    after(delayMs: number, callback: () => void): Timer;
}
export declare const systemClock: Clock;

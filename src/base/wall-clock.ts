/**
 * The time since the epoch with fractions of a millisecond, which Date.now() does not have: the monotonic clock and what
 * lies between the two. That changes when somebody sets the system's clock, or the machine was asleep; it is looked at
 * once a second.
 */

const lookMs = 1000;
/** Date.now() has whole milliseconds: what differs by less is the same. */
const toleranceMs = 3;

export class WallClock {
  readonly #nowMs: () => number;
  #originMs: number;
  #lookAtMs = Number.NEGATIVE_INFINITY;

  /** `originMs`: since the epoch, when the monotonic clock was at 0. `nowMs`: since the epoch, whole milliseconds. */
  constructor(originMs: number, nowMs: () => number = Date.now) {
    this.#originMs = originMs;
    this.#nowMs = nowMs;
  }

  /** Milliseconds since the epoch at a moment that has just been, by the monotonic clock. */
  at(monotonicMs: number): number {
    if (monotonicMs >= this.#lookAtMs) {
      this.#lookAtMs = monotonicMs + lookMs;
      const differenceMs = this.#nowMs() - (this.#originMs + monotonicMs);
      if (Math.abs(differenceMs) > toleranceMs) this.#originMs += differenceMs;
    }
    return this.#originMs + monotonicMs;
  }
}

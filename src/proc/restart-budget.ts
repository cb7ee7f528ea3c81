/**
 * How long to wait before a dead child is started again: not at all after a good life, ever longer while it keeps dying
 * young. A rest of good life clears the record.
 */

export interface RestartLimits {
  /** A child that lived this long, since it was ready, is replaced at once. */
  readonly goodLifeMs: number;
  /** The first delay after a second death in youth; doubled from death to death. */
  readonly firstDelayMs: number;
  readonly delayMsLimit: number;
}

/**
 * Half a second: somebody who kills a process each second gets another each time, and one that crashes with its first
 * request is held back.
 */
export const defaultRestartLimits: RestartLimits = { goodLifeMs: 500, firstDelayMs: 1_000, delayMsLimit: 30_000 };

export class RestartBudget {
  readonly #limits: RestartLimits;
  #deathsInYouth = 0;

  constructor(limits: RestartLimits = defaultRestartLimits) {
    this.#limits = limits;
  }

  /** Deaths in youth, one after the other, until now. */
  get deathsInYouth(): number {
    return this.#deathsInYouth;
  }

  /** A child died `lifeMs` after it was ready (0: it never was). @returns how long to wait before the next, in ms */
  delayAfterDeath(lifeMs: number): number {
    if (lifeMs >= this.#limits.goodLifeMs) {
      this.#deathsInYouth = 0;
      return 0;
    }
    this.#deathsInYouth += 1;
    // The first is replaced at once: one kill -9 must not cost a second.
    if (this.#deathsInYouth === 1 && lifeMs > 0) return 0;
    const doublings = Math.min(this.#deathsInYouth - (lifeMs > 0 ? 2 : 1), 16);
    return Math.min(this.#limits.firstDelayMs * 2 ** doublings, this.#limits.delayMsLimit);
  }
}

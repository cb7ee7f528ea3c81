/**
 * How long to wait before a dead child is started again: not at all after a good life, ever longer while it keeps dying
 * young. A rest of good life clears the record.
 */
export const defaultRestartLimits = { goodLifeMs: 10_000, firstDelayMs: 1_000, delayMsLimit: 30_000 };
export class RestartBudget {
    #limits;
    #deathsInYouth = 0;
    constructor(limits = defaultRestartLimits) {
        this.#limits = limits;
    }
    /** Deaths in youth, one after the other, until now. */
    get deathsInYouth() {
        return this.#deathsInYouth;
    }
    /** A child died `lifeMs` after it was ready (0: it never was). @returns how long to wait before the next, in ms */
    delayAfterDeath(lifeMs) {
        if (lifeMs >= this.#limits.goodLifeMs) {
            this.#deathsInYouth = 0;
            return 0;
        }
        this.#deathsInYouth += 1;
        // The first is replaced at once: one kill -9 must not cost a second.
        if (this.#deathsInYouth === 1 && lifeMs > 0)
            return 0;
        const doublings = Math.min(this.#deathsInYouth - (lifeMs > 0 ? 2 : 1), 16);
        return Math.min(this.#limits.firstDelayMs * 2 ** doublings, this.#limits.delayMsLimit);
    }
}
//# sourceMappingURL=restart-budget.js.map
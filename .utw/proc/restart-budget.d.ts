/**
 * How long to wait before a dead child is started again: not at all after a good life, ever longer while it keeps dying
 * young. A rest of good life clears the record.
 */
export interface RestartLimits {
    /** A child that lived this long died of old age: it is replaced at once. */
    readonly goodLifeMs: number;
    /** The first delay after a second death in youth; doubled from death to death. */
    readonly firstDelayMs: number;
    readonly delayMsLimit: number;
}
export declare const defaultRestartLimits: RestartLimits;
export declare class RestartBudget {
    #private;
    constructor(limits?: RestartLimits);
    /** Deaths in youth, one after the other, until now. */
    get deathsInYouth(): number;
    /** A child died `lifeMs` after it was ready (0: it never was). @returns how long to wait before the next, in ms */
    delayAfterDeath(lifeMs: number): number;
}

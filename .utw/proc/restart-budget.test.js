import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RestartBudget } from './restart-budget.js';
const limits = { goodLifeMs: 10_000, firstDelayMs: 1_000, delayMsLimit: 30_000 };
describe('RestartBudget', () => {
    it('replaces the first that dies young at once, then waits ever longer, up to the limit', () => {
        const budget = new RestartBudget(limits);
        const delays = Array.from({ length: 9 }, () => budget.delayAfterDeath(500));
        assert.deepEqual(delays, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert.equal(budget.deathsInYouth, 9);
    });
    it('waits from the first time where the child was never ready', () => {
        const budget = new RestartBudget(limits);
        assert.deepEqual(Array.from({ length: 7 }, () => budget.delayAfterDeath(0)), [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    });
    it('forgets all that after one good life', () => {
        const budget = new RestartBudget(limits);
        for (let death = 0; death < 5; death++)
            budget.delayAfterDeath(1);
        assert.equal(budget.delayAfterDeath(9_999), 16_000);
        assert.equal(budget.delayAfterDeath(10_000), 0);
        assert.equal(budget.deathsInYouth, 0);
        assert.equal(budget.delayAfterDeath(9_999), 0);
        assert.equal(budget.delayAfterDeath(9_999), 1_000);
    });
    it('never goes beyond its limit, however often children die', () => {
        fc.assert(fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat(12_000)), { maxLength: 100 }), (lives) => {
            const budget = new RestartBudget(limits);
            for (const life of lives) {
                const delay = budget.delayAfterDeath(life);
                assert.ok(delay >= 0 && delay <= limits.delayMsLimit, `${delay}`);
                assert.ok(life > 0 || delay >= limits.firstDelayMs);
            }
        }));
        const budget = new RestartBudget();
        for (let death = 0; death < 5_000; death++)
            assert.ok(budget.delayAfterDeath(1) <= 30_000);
    });
});
//# sourceMappingURL=restart-budget.test.js.map
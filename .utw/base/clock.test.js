import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from './clock.js';
import { FakeClock } from './fake-clock.test.fixture.js';
describe('systemClock', () => {
    it('calls back once, unless cancelled', async () => {
        let calls = 0;
        systemClock
            .after(0, () => {
            calls += 100;
        })
            .cancel();
        // The timer does not keep the process alive by itself.
        const keepAlive = setTimeout(() => { }, 10_000);
        await new Promise((resolve) => {
            systemClock.after(1, () => {
                calls += 1;
                resolve();
            });
        });
        clearTimeout(keepAlive);
        assert.equal(calls, 1);
        assert.ok(systemClock.nowMs() > Date.UTC(2024, 0));
        const earlierMs = systemClock.monotonicMs();
        assert.ok(earlierMs <= systemClock.monotonicMs());
    });
});
describe('FakeClock', () => {
    it('runs timers in order of time, also those that a timer sets', () => {
        const clock = new FakeClock(0);
        const seen = [];
        clock.after(20, () => seen.push(`b@${clock.nowMs()}`));
        clock.after(10, () => {
            seen.push(`a@${clock.nowMs()}`);
            clock.after(5, () => seen.push(`c@${clock.nowMs()}`));
        });
        clock.after(15, () => seen.push('never')).cancel();
        clock.advance(19);
        assert.deepEqual(seen, ['a@10', 'c@15']);
        clock.advance(1);
        assert.deepEqual(seen, ['a@10', 'c@15', 'b@20']);
        assert.equal(clock.timers, 0);
    });
});
//# sourceMappingURL=clock.test.js.map
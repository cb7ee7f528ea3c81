import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../base/fake-clock.test.fixture.js';
import { type ChildLoad, LoadReporter } from './load-reporter.js';

function scene() {
  const clock = new FakeClock();
  const reports: ChildLoad[] = [];
  const load = { connections: 0, requests: 0 };
  const reporter = new LoadReporter(
    clock,
    () => ({ ...load }),
    (found) => reports.push(found),
  );
  return { clock, reports, load, reporter };
}

describe('LoadReporter', () => {
  it('tells what is so a while after a change, once', () => {
    const { clock, reports, load, reporter } = scene();
    for (let count = 1; count <= 100; count++) {
      load.connections = count;
      reporter.changed();
    }
    assert.deepEqual([reports, clock.timers], [[], 1]);
    clock.advance(1_000);
    assert.deepEqual(reports, [{ connections: 100, requests: 0 }]);
    assert.equal(clock.timers, 0);
  });

  it('tells nothing of what was over by then', () => {
    const { clock, reports, load, reporter } = scene();
    load.connections = 1;
    reporter.changed();
    load.connections = 0;
    reporter.changed();
    clock.advance(1_000);
    assert.deepEqual([reports, clock.timers], [[], 0]);
  });

  it('tells of the end as of the beginning', () => {
    const { clock, reports, load, reporter } = scene();
    load.requests = 1;
    reporter.changed();
    clock.advance(1_000);
    load.requests = 0;
    reporter.changed();
    clock.advance(1_000);
    assert.deepEqual(reports, [
      { connections: 0, requests: 1 },
      { connections: 0, requests: 0 },
    ]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WallClock } from './wall-clock.js';

describe('WallClock', () => {
  it('has fractions, and stays with the monotonic clock while both agree', () => {
    let nowMs = 5_000_100;
    const clock = new WallClock(5_000_000, () => nowMs);
    assert.equal(clock.at(100.25), 5_000_100.25);
    nowMs = 5_001_302;
    assert.equal(clock.at(1300.5), 5_001_300.5);
  });

  it('follows when the clock is set, forwards or back, within a second', () => {
    let nowMs = 5_000_000;
    const clock = new WallClock(5_000_000, () => nowMs);
    assert.equal(clock.at(0), 5_000_000);
    nowMs = 9_000_500;
    assert.equal(clock.at(500), 5_000_500);
    nowMs = 9_001_000;
    assert.equal(clock.at(1000), 9_001_000);
    nowMs = 1_002_000;
    assert.equal(clock.at(2000), 1_002_000);
  });
});

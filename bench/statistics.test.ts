import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, spread, summarise } from './statistics.js';

test('the median of an odd number of values is the middle one, of an even number between the middle two', () => {
  assert.equal(median([10, 9, 2]), 9);
  assert.equal(median([10, 2, 9, 4]), 6.5);
  assert.equal(median([]), undefined);
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  assert.equal(quantile(values, 0.5), 500);
  assert.equal(quantile(values, 0.99), 990);
  assert.equal(quantile(values, 0.999), 999);
  assert.equal(quantile(values, 1), 1000);
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([7], 0.999), 7);
  assert.equal(quantile([], 0.5), undefined);
});

test('the spread is half of the range over the median', () => {
  const summary = summarise([90, 100, 130]);
  assert.deepEqual(summary, { median: 100, min: 90, max: 130, count: 3 });
  assert.equal(summary && spread(summary), 0.2);
  assert.equal(spread({ median: 5, min: 5, max: 5, count: 1 }), 0);
  assert.equal(summarise([]), undefined);
});

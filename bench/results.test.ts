import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRows } from './results.js';
import { makeResults, makeSample } from './results.test.fixture.js';

test('a run with errors is named and stays out of the median', () => {
  const results = makeResults({
    samples: [
      makeSample({ round: 1, requestsPerSecond: 1000 }),
      makeSample({ round: 2, requestsPerSecond: 9999, errorText: '3 x status 500' }),
      makeSample({ round: 3, requestsPerSecond: 1200 }),
    ],
  });
  const [row] = makeRows(results, 'hello');
  assert.equal(row?.values?.requestsPerSecond.median, 1100);
  assert.equal(row?.runs, 2);
  assert.equal(row?.runsWithErrors, 1);
  assert.deepEqual(row?.problems, ['round 2: 3 x status 500']);
});

test('where every run had errors the figures are shown and say so', () => {
  const [row] = makeRows(makeResults({ samples: [makeSample({ errorText: '1 x reset' })] }), 'hello');
  assert.equal(row?.values?.requestsPerSecond.median, 1000);
  assert.match(row?.problems[0] ?? '', /every run had errors/);
});

test('a peer that was not measured has a row', () => {
  const failure = { round: 1, workload: 'hello', peer: 'other', reason: 'it did not start' };
  const rows = makeRows(makeResults({ samples: [makeSample({})], failures: [failure] }), 'hello');
  assert.deepEqual(
    rows.map(({ peer }) => peer),
    ['stillhouse', 'other'],
  );
  assert.equal(rows[1]?.values, undefined);
  assert.deepEqual(rows[1]?.problems, ['round 1: not measured: it did not start']);
});

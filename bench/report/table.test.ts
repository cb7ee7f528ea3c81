import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeResults, makeSample } from '../results.test.fixture.js';
import { formatMiB, formatNumber, formatSummary } from './format.js';
import { columns, formatMarkdownTable, formatTable, makeTable } from './table.js';

const results = makeResults({
  samples: [
    makeSample({ round: 1, requestsPerSecond: 20_000 }),
    makeSample({ round: 2, requestsPerSecond: 22_000 }),
    makeSample({ round: 1, peer: 'other', requestsPerSecond: 7_000 }),
    makeSample({ round: 2, peer: 'other', requestsPerSecond: 9_000, errorText: '2 x status 500' }),
  ],
});

test('numbers', () => {
  assert.deepEqual([12_345.6, 123.4, 12.34, 5, 0.012_345, 0].map(formatNumber), [
    ...['12,346', '123', '12.3', '5', '0.0123', '0'],
  ]);
  assert.equal(formatMiB(3 << 20), '3');
  assert.equal(formatSummary({ median: 100, min: 90, max: 110, count: 3 }), '100 ±10 %');
  assert.equal(formatSummary({ median: 100, min: 100, max: 100, count: 1 }), '100');
});

test('medians, spread, ratio to ourselves, and errors that are marked', () => {
  const { heading, rows, notes } = makeTable(results, 'hello');
  assert.equal(heading, 'hello & more (hello; 2x5 processes x threads, 32 connections)');
  assert.deepEqual(rows[0]?.slice(0, 3), ['Stillhouse', '21,000 ±5 %', '1']);
  assert.deepEqual(rows[1]?.slice(0, 3), ['Other <server>', '7,000', '0.333']);
  assert.equal(rows[0]?.at(-1), '');
  assert.equal(rows[1]?.at(-1), '! 1 of 2');
  assert.deepEqual(notes, ['Other <server>: round 2: 2 x status 500']);
  assert.ok(rows.every((row) => row.length === columns.length));
});

test('a peer that was not measured is in the table', () => {
  const failure = { round: 1, workload: 'hello', peer: 'other', reason: 'it did not start' };
  const table = makeTable({ ...results, samples: [], failures: [failure] }, 'hello');
  assert.equal(table.rows[0]?.length, columns.length);
  assert.deepEqual(table.rows[0]?.slice(0, 2), ['Other <server>', 'not measured']);
  assert.match(formatTable(table), /it did not start/);
});

test('as text and as Markdown', () => {
  const table = makeTable(results, 'hello');
  const lines = formatTable(table).split('\n');
  assert.match(lines[1] ?? '', /^server {2,}requests\/s/);
  assert.match(lines[2] ?? '', /^Stillhouse {6}21,000 ±5 % /);
  assert.match(formatMarkdownTable(table), /\n\| Stillhouse \| 21,000 ±5 % \| 1 \|/);
  assert.match(formatMarkdownTable(table), /\n- Other &lt;server>: round 2/);
});

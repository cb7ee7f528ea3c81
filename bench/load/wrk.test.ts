import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWrkOutput } from './wrk.js';

const figures = (changes: Record<string, number> = {}): string => {
  const latencies = { p50: 1500, p99: 4000, p999: 9000, max: 12_345 };
  const errors = { connect: 0, read: 0, write: 0, status: 0, timeout: 0 };
  const values = { requests: 20_000, microseconds: 2_000_000, bytes: 1, ...latencies, ...errors, ...changes };
  return `Running 2s test @ http://127.0.0.1:1/\n  1 threads and 32 connections\n\nfigures ${JSON.stringify(values)}\n`;
};

test('a clean run', () => {
  assert.deepEqual(parseWrkOutput(figures()), {
    requests: 20_000,
    seconds: 2,
    p50Ms: 1.5,
    p99Ms: 4,
    p999Ms: 9,
    maxMs: 12.345,
    errors: 0,
    errorText: '',
  });
});

test('errors are counted and named', () => {
  const { errors, errorText } = parseWrkOutput(figures({ read: 2, status: 3 }));
  assert.equal(errors, 5);
  assert.equal(errorText, '2 x connection lost while reading, 3 x status of 400 or above');
});

test('a run without an answer is an error', () => {
  assert.equal(parseWrkOutput(figures({ requests: 0 })).errorText, '1 x no request was answered');
});

test('output without figures', () => {
  assert.throws(() => parseWrkOutput('unable to connect to 127.0.0.1:1 Connection refused\n'), /Connection refused/);
  assert.throws(() => parseWrkOutput(''), /nothing at all/);
  assert.throws(() => parseWrkOutput('figures {"requests":5}\n'), /no 'connect'/);
  assert.throws(() => parseWrkOutput(figures({ p99: Number.NaN })), /no 'p99'/);
});

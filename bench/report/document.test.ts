import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeResults, makeSample } from '../results.test.fixture.js';
import { makeDocument } from './document.js';

test('the page has machine, versions, tables, charts, settings, and what is missing', () => {
  const results = makeResults({ samples: [makeSample({}), makeSample({ peer: 'other', requestsPerSecond: 500 })] });
  const { markdown, charts } = makeDocument(results, 'benchmarks');
  assert.deepEqual(Object.keys(charts), ['hello.svg']);
  for (const part of [
    ...['Measured on 2030-01-02: P, 2 cores, 4,096 MiB', '| python | 3.11.2 |', '- third: no compiler'],
    ...['![hello & more: requests/s](benchmarks/hello.svg)', '| Stillhouse | 1,000 | 1 |', 'run other'],
  ]) {
    assert.ok(markdown.includes(part), part);
  }
});

test('a workload without any figure has no chart', () => {
  const failure = { round: 1, workload: 'hello', peer: 'other', reason: 'it did not start' };
  const { markdown, charts } = makeDocument(makeResults({ failures: [failure] }), 'benchmarks');
  assert.deepEqual(charts, {});
  assert.match(markdown, /not measured/);
  assert.doesNotMatch(markdown, /!\[/);
});

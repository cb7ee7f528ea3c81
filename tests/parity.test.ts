/** Every scenario of tests/parity under Apache with mod_wsgi and under Stillhouse, side by side. */

import assert from 'node:assert';
import { describe, it, test } from 'node:test';
import { type Difference, formatDifference } from './parity/answer-comparison.js';
import { RunningScenario } from './parity/harness.js';
import { judgeDifferences, knownDifferences } from './parity/known-differences.js';
import { openDefects } from './parity/open-defects.js';
import type { Scenario } from './parity/scenario.js';
import { scenarios } from './parity/scenarios.js';

/** Starting servers is mostly work for the processor, and there are two of them. */
const concurrency = 2;

describe('parity with Apache and mod_wsgi', { concurrency }, () => {
  for (const scenario of scenarios) it(scenario.name, (t) => runScenario(scenario, t));
});

async function runScenario(scenario: Scenario, t: { test: typeof test }): Promise<void> {
  const running = await RunningScenario.start(scenario);
  try {
    const { complaints } = scenario;
    if (complaints !== undefined) {
      await t.test('what check says of it', async () => {
        assert.deepStrictEqual(await running.complaints(), complaints);
      });
    }
    for (const request of scenario.requests) {
      await t.test(request.name, async () => {
        const differences = await running.compare(request);
        checkDifferences(scenario.name, request.name, differences, running);
        assert.deepStrictEqual(await running.explain(request), [], 'explain does not say what the server does');
      });
    }
  } finally {
    await running.stop();
  }
}

function checkDifferences(
  scenario: string,
  request: string,
  found: readonly Difference[],
  running: RunningScenario,
): void {
  const { unknown, gone } = judgeDifferences(scenario, request, found);
  if (unknown.length > 0) {
    assert.fail(`differs from Apache\n${unknown.map(formatDifference).join('\n')}\n${running.logs()}`);
  }
  assert.deepStrictEqual(gone, [], 'known to differ, and differs no more: remove it from the list');
}

test('names of scenarios and requests are unique', () => {
  const names = scenarios.flatMap((one) => one.requests.map((request) => `${one.name}: ${request.name}`));
  assert.deepStrictEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('every known difference belongs to a case that exists', () => {
  const names = new Set(scenarios.flatMap((one) => one.requests.map((request) => `${one.name}: ${request.name}`)));
  const cases = [...knownDifferences, ...openDefects]
    .flatMap((one) => one.cases)
    .map((one) => `${one.scenario}: ${one.request}`);
  assert.deepStrictEqual(
    cases.filter((name) => !names.has(name)),
    [],
  );
});

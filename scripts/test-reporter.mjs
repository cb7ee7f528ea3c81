// The reporter that scripts/test.mjs gives to `node --test`: one JSON object a line, for each test that passed, failed
// or was skipped. What the tests themselves print does not get in between: node hands it over as events.

import { relative } from 'node:path';
import { inspect } from 'node:util';
import { CHECKOUT } from './build.mjs';

const STDERR_CHARACTERS_LIMIT = 4_000;

// biome-ignore lint/style/noDefaultExport: node --test-reporter takes the default export.
export default async function* report(events) {
  const names = [];
  const stderrOf = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      names.length = data.nesting;
      names[data.nesting] = data.name;
    } else if (type === 'test:stderr') {
      const text = (stderrOf.get(sourceOf(data.file)) ?? '') + data.message;
      stderrOf.set(sourceOf(data.file), text.slice(-STDERR_CHARACTERS_LIMIT));
    } else if (type === 'test:pass' || type === 'test:fail') {
      const outcome = outcomeOf(type, data);
      if (outcome === undefined) continue;
      const name = [...names.slice(0, data.nesting), data.name].join(' > ');
      const error = outcome === 'failed' ? errorText(data) : undefined;
      const stderr = outcome === 'failed' ? stderrOf.get(sourceOf(data.file)) : undefined;
      yield `${JSON.stringify({ outcome, file: data.file, name, error, stderr })}\n`;
    }
  }
}

/** One name for a test's source and its compiled file: events have the one or the other. */
function sourceOf(file) {
  return relative(CHECKOUT, file ?? '')
    .replace(/^(?:build\/tests|dist|src)\//, '')
    .replace(/\.[jt]s$/, '');
}

/** undefined for what only holds tests: a suite, and a test that failed because one inside it did. */
function outcomeOf(type, data) {
  const { details } = data;
  if (type === 'test:fail') {
    if (data.todo !== undefined) return 'skipped';
    return details.error?.failureType === 'subtestsFailed' ? undefined : 'failed';
  }
  if (data.skip !== undefined || data.todo !== undefined) return 'skipped';
  if (details.type === 'suite') return undefined;
  // node reports a file without a single test as one passed test named for the file.
  return isFile(data) ? 'failed' : 'passed';
}

function isFile(data) {
  return data.nesting === 0 && data.file !== undefined && data.file.endsWith(data.name) && /\.m?js$/.test(data.name);
}

function errorText(data) {
  const error = data.details.error;
  if (error === undefined) return 'there is no test in this file';
  const { exitCode, signal } = error;
  if (typeof exitCode === 'number' || signal) return `the test's process ended with ${signal ?? `exit ${exitCode}`}`;
  return describe(error.cause ?? error);
}

/** Of an error while something was disposed of after another one, both: the first is the one that matters. */
function describe(error) {
  if (error?.suppressed !== undefined) return `${describe(error.suppressed)}\nand then\n${describe(error.error)}`;
  return typeof error?.stack === 'string' ? error.stack : inspect(error);
}

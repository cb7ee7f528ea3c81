// `npm test`: installs what the tests need, builds, checks, and runs everything that can fail. The last line is
// `N passed, N failed`, and nothing is printed after it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { findOnPath, installDebianPackages } from './apt.mjs';
import { buildBench, buildTests, CHECKOUT, filesBelow } from './build.mjs';
import { SetupError } from './command.mjs';
import { ensurePython } from './python.mjs';
import { prepareProgram, prepareTestPython } from './setup.mjs';

// Two cores are what the tests must pass on; waiting for real processes leaves them half idle.
const TEST_CONCURRENCY = 3;
// Node 20 applies it to each file as a whole.
const TEST_FILE_TIMEOUT_MS = 300_000;
const STAGE_TIMEOUT_MS = 30 * 60_000;
const ERROR_LINES_LIMIT = 30;
const OUTPUT_LINES_LIMIT = 60;

// Set by test-without-koffi.mjs, in a compiled copy without compiler and linter: what is skipped there is meant to be.
const isWithoutKoffi = process.env.STILLHOUSE_TEST_WITHOUT_KOFFI !== undefined;

const totals = { passed: 0, failed: 0, skipped: 0 };
const durations = [];
let current;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (current !== undefined) killGroup(current, 'SIGTERM');
    process.exit(1);
  });
}

const isReady = await stage('set-up', setUp);
if (isReady !== undefined) {
  if (!isWithoutKoffi) await stage('check', () => runCheck());
  await stage('python unit tests', () => runPythonTests(isReady.python));
  await stage('unit tests', () => runNodeTests(join(CHECKOUT, 'dist'), {}));
  await stage('unit tests of the bench', () => runNodeTests(join(CHECKOUT, 'build/bench'), {}));
  await stage('integration tests', () => runNodeTests(join(CHECKOUT, 'build/tests'), isReady.env));
}
finish();

/** Runs a stage, says how it went, and counts it as one failure where it throws. */
async function stage(name, run) {
  const before = { ...totals };
  const startedMs = Date.now();
  let result;
  try {
    result = await run();
  } catch (error) {
    totals.failed += 1;
    console.log(error instanceof SetupError ? error.message : error.stack);
  }
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const counts = Object.keys(totals).map((key) => [key, totals[key] - before[key]]);
  const shown = counts.filter(([, count]) => count > 0).map(([key, count]) => `${count} ${key}`);
  console.log(`-- ${[name, ...shown, `${seconds} s`].join(', ')}`);
  durations.push(`${name} ${seconds} s`);
  return result;
}

function finish() {
  if (totals.skipped > 0) {
    const isFailure = process.env.CI && !isWithoutKoffi;
    console.log(`${totals.skipped} tests were skipped${isFailure ? ', which counts as failed on CI' : ''}`);
    if (isFailure) totals.failed += totals.skipped;
  }
  if (totals.passed + totals.failed === 0) console.log('there was no test to run');
  console.log(durations.join(', '));
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

async function setUp() {
  // apache2-bin, not apache2: the tests start servers of their own, and the machine's port 80 is none of our business.
  const needs = [
    ['apache2-bin', findOnPath('apache2') !== undefined],
    ['libapache2-mod-wsgi-py3', existsSync('/usr/lib/apache2/modules/mod_wsgi.so')],
    ['procps', findOnPath('ps') !== undefined],
  ];
  const missing = needs.filter(([, isThere]) => !isThere).map(([name]) => name);
  if (missing.length > 0) await installDebianPackages(missing, `the tests need ${missing.join(', ')}`);
  const { newPython, venv, runUser } = await installTestPython();
  const python = await ensurePython(runUser, { venv: false });
  return {
    python,
    env: {
      // The environment with Django and Flask, for python-home.
      STILLHOUSE_TEST_VENV: venv,
      STILLHOUSE_TEST_PYTHON: python,
      // Python 3.13, for python-home; '' where it can't be had.
      STILLHOUSE_TEST_NEW_PYTHON: newPython ?? '',
      STILLHOUSE_TEST_USER: runUser.user,
      STILLHOUSE_TEST_GROUP: runUser.group,
    },
  };
}

async function installTestPython() {
  await prepareProgram();
  await buildTests();
  await buildBench();
  return prepareTestPython();
}

async function runCheck() {
  const { code, output } = await collect(process.execPath, ['scripts/check.mjs'], {});
  console.log(output.trimEnd());
  if (code !== 0) totals.failed += 1;
}

async function runPythonTests(python) {
  if (!existsSync(join(CHECKOUT, 'python/tests'))) return;
  // -B: run as root, bytecode files would stay behind for which a later user has no right.
  const args = ['-B', '-m', 'unittest', 'discover', '-s', 'python/tests', '-t', 'python'];
  const { code, output } = await collect(python, args, { PYTHONPATH: undefined, PYTHONHOME: undefined });
  const ran = Number(/^Ran (\d+) tests? in /m.exec(output)?.[1] ?? 0);
  const counted = (key) => Number(new RegExp(`^(?:OK|FAILED) \\((?:.*, )?${key}=(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const failed = counted('failures') + counted('errors') + counted('unexpected successes');
  const skipped = counted('skipped');
  totals.skipped += skipped;
  totals.failed += failed;
  totals.passed += Math.max(0, ran - failed - skipped);
  if (code !== 0) {
    // Python 3.12+ ends with status 5 where it finds no test.
    if (failed === 0) totals.failed += 1;
    console.log(lastLines(output.slice(Math.max(0, output.indexOf('======'))), OUTPUT_LINES_LIMIT * 5));
  }
}

async function runNodeTests(folder, env) {
  const files = filesBelow(folder).filter((file) => file.endsWith('.test.js'));
  if (files.length === 0) return;
  const args = [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${TEST_CONCURRENCY}`,
    `--test-timeout=${TEST_FILE_TIMEOUT_MS}`,
    `--test-reporter=${join(CHECKOUT, 'scripts/test-reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...files.sort(),
  ];
  const before = totals.failed;
  let reported = 0;
  const { code, output } = await collect(process.execPath, args, env, (line) => {
    const test = JSON.parse(line);
    reported += 1;
    totals[test.outcome] += 1;
    if (test.outcome === 'failed') showFailure(test);
    if (test.outcome === 'skipped') console.log(`skipped: ${relative(CHECKOUT, test.file ?? '')}: ${test.name}`);
  });
  if (reported === 0 || (code !== 0 && totals.failed === before)) {
    totals.failed += 1;
    console.log(`node --test ended with ${code}\n${lastLines(output, OUTPUT_LINES_LIMIT)}`);
  }
}

function showFailure({ file, name, error, stderr }) {
  console.log(`\nFAILED ${file ? relative(CHECKOUT, file) : ''}: ${name}`);
  const lines = error.split('\n').filter((line) => !/^\s+at .*(?:node:|\(<anonymous>\))/.test(line));
  console.log(indent(lines.slice(0, ERROR_LINES_LIMIT)));
  if (stderr) console.log(indent(['stderr:', ...lastLines(stderr, ERROR_LINES_LIMIT).split('\n')]));
}

/** Runs a command to its end. With `onLine` its stdout goes there line by line, and is no part of `output`. */
async function collect(file, args, env, onLine) {
  // A process group of its own, so that a time-out ends the test's servers, too. CI's machines have no terminal.
  const child = spawn(file, args, {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  current = child;
  let output = '';
  const keep = (data) => {
    output += data;
  };
  child.stderr.on('data', keep);
  if (onLine === undefined) child.stdout.on('data', keep);
  else createInterface({ input: child.stdout }).on('line', onLine);
  const timeout = setTimeout(() => {
    output += `\nkilled: no end after ${STAGE_TIMEOUT_MS / 1000} s\n`;
    killGroup(child, 'SIGKILL');
  }, STAGE_TIMEOUT_MS);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, signal) => resolve(exit ?? signal));
    });
    return { code, output };
  } finally {
    clearTimeout(timeout);
    // A test file that was killed may have left its servers behind.
    killGroup(child, 'SIGKILL');
    current = undefined;
  }
}

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

function lastLines(text, limit) {
  return text.trimEnd().split('\n').slice(-limit).join('\n');
}

function indent(lines) {
  return lines.map((line) => `    ${line}`).join('\n');
}

// `npm run test:without-koffi`: everything but embedded mode works without koffi. Builds with all packages, since the
// compiler comes as an optional one too; then copies the checkout, installs there what `npm ci --omit=optional` does,
// and runs the tests of `npm test` in the copy. Tests of embedded mode are skipped there, and nothing is compiled.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBench, buildTests, CHECKOUT } from './build.mjs';
import { runCommand, runMain } from './command.mjs';
import { prepareProgram } from './setup.mjs';

const NPM_TIMEOUT_MS = 10 * 60_000;
const COPY_TIMEOUT_MS = 5 * 60_000;
const NOT_COPIED = ['node_modules', '.git', '.bench'];

await runMain(async () => {
  await prepareProgram();
  await buildTests();
  await buildBench();
  const copy = mkdtempSync(join(tmpdir(), 'stillhouse-without-koffi-'));
  try {
    // As root the servers run as another user.
    chmodSync(copy, 0o755);
    const names = readdirSync(CHECKOUT).filter((name) => !NOT_COPIED.includes(name));
    // With its times: what has been compiled is not to be compiled again.
    await runCommand('copying', 'cp', ['-a', ...names, copy], { cwd: CHECKOUT, timeoutMs: COPY_TIMEOUT_MS });
    const args = ['ci', '--omit=optional', '--include=dev', '--no-audit', '--no-fund'];
    await runCommand('installing npm packages without the optional ones', 'npm', args, {
      cwd: copy,
      timeoutMs: NPM_TIMEOUT_MS,
    });
    if (existsSync(join(copy, 'node_modules/koffi'))) throw new Error('npm ci --omit=optional has installed koffi');
    process.exitCode = await runTests(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

/** It ends its own children at a signal, and so we at its end. */
function runTests(copy) {
  const child = spawn(process.execPath, [join(copy, 'scripts/test.mjs')], {
    cwd: copy,
    stdio: 'inherit',
    env: { ...process.env, STILLHOUSE_TEST_WITHOUT_KOFFI: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

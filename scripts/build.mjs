// Brings node_modules/ and dist/ up to date. `npm run build` always compiles; `npm start` and `npm test` only where
// something is newer than the last build.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram, PROGRAM_FOLDER } from './bundle.mjs';
import { askCommand, runCommand, runMain } from './command.mjs';

export const CHECKOUT = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

const NPM_TIMEOUT_MS = 10 * 60_000;
const TSC_TIMEOUT_MS = 5 * 60_000;

/** All files below `folder`, as full paths; nothing where there is no such folder. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** `npm ci`, where node_modules/ does not hold what package-lock.json asks for. */
export async function ensureNodeModules() {
  if (nodeModulesMatch()) return;
  // --include=dev: NODE_ENV=production would leave the compiler out.
  await runCommand(
    'installing npm packages',
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund', '--fetch-timeout=60000', '--fetch-retries=2'],
    { cwd: CHECKOUT, timeoutMs: NPM_TIMEOUT_MS },
  );
}

/** Compares contents, not times: a fresh `git checkout` makes every file new. */
function nodeModulesMatch() {
  const installedFile = join(CHECKOUT, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Optional packages are those of other platforms, too.
    return found === undefined ? optional === true : found.version === version && found.integrity === integrity;
  });
}

/** Compiles src/ to dist/ and bundles it, where a source is newer than the last time (or `always`). */
export async function buildProgram({ always = false } = {}) {
  await buildProject({
    label: 'compiling src',
    project: '.',
    out: 'dist',
    roots: ['src'],
    sourceRoot: 'src',
    always: always || !existsSync(PROGRAM_FOLDER),
    finish: bundleProgram,
  });
  compileRuntime();
}

/**
 * Bytecode of the Python runtime, for the Python that is found: the users that daemon processes run as may not write it.
 * Without it, or with another Python, each process compiles the runtime for itself.
 */
function compileRuntime() {
  askCommand('python3', ['-m', 'compileall', '-q', join(CHECKOUT, 'python/stillhouse')]);
}

/** Compiles tests/ to build/tests/. */
export async function buildTests() {
  await buildProject({
    label: 'compiling tests',
    project: 'tests',
    out: 'build/tests',
    roots: ['tests', 'src'],
    sourceRoot: '.',
    always: false,
  });
}

/** Compiles bench/ to build/bench/. */
export async function buildBench() {
  await buildProject({
    label: 'compiling bench',
    project: 'bench',
    out: 'build/bench',
    roots: ['bench'],
    sourceRoot: 'bench',
    always: false,
  });
}

async function buildProject({ label, project, out, roots, sourceRoot, always, finish = async () => {} }) {
  const outDir = join(CHECKOUT, out);
  const stamp = join(CHECKOUT, 'build', `${out.replaceAll('/', '-')}.stamp`);
  // Taken before tsc starts: what is saved while it runs is newer.
  const startedS = Date.now() / 1000;
  if (!always && existsSync(outDir) && existsSync(stamp) && statSync(stamp).mtimeMs >= newestMs(roots)) return;
  await runCommand(label, process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    cwd: CHECKOUT,
    timeoutMs: TSC_TIMEOUT_MS,
  });
  removeOrphans(outDir, join(CHECKOUT, sourceRoot));
  await finish();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedS, startedS);
}

function newestMs(roots) {
  const settings = ['tsconfig.json', 'tests/tsconfig.json', 'bench/tsconfig.json', 'package-lock.json'].map((file) =>
    join(CHECKOUT, file),
  );
  const folders = roots.map((root) => join(CHECKOUT, root));
  // Folders count as well: removing a file changes nothing else.
  const below = folders.flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder, { recursive: true }).map((name) => join(folder, name)) : [],
  );
  return Math.max(0, ...[...settings, ...folders, ...below].filter(existsSync).map((path) => statSync(path).mtimeMs));
}

/** Removes outputs whose source is gone, or a deleted test would run for ever. */
function removeOrphans(outDir, sourceRoot) {
  for (const file of filesBelow(outDir)) {
    if (file.startsWith(PROGRAM_FOLDER)) continue;
    const source = /^(.*)\.(?:d\.ts|js|js\.map|d\.ts\.map)$/.exec(relative(outDir, file))?.[1];
    if (source !== undefined && !existsSync(join(sourceRoot, `${source}.ts`))) rmSync(file);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  await runMain(async () => {
    await ensureNodeModules();
    await buildProgram({ always: true });
  });
}

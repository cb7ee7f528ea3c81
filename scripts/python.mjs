// Finds a Python that the server's user can run, and keeps a virtual environment with what the examples need.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, installDebianPackages } from './apt.mjs';
import { askCommand, CommandError, runCommand, SetupError } from './command.mjs';

const PIP_TIMEOUT_MS = 5 * 60_000;
const VENV_TIMEOUT_MS = 2 * 60_000;
const OLDEST_PYTHON = '3.9';
const DEBIAN_PYTHON_PACKAGES = ['python3', 'python3-venv'];

/** The framework of an example: what proves that it is there, and what Debian calls it. */
export const FRAMEWORKS = {
  django: {
    name: 'Django',
    requirements: 'examples/django/requirements.txt',
    probe: 'import django; assert django.VERSION >= (3, 2)',
    debian: 'python3-django',
  },
  flask: {
    name: 'Flask',
    requirements: 'examples/flask/requirements.txt',
    probe: 'import flask; assert hasattr(flask.Flask, "get")',
    debian: 'python3-flask',
  },
};

// The caller's PYTHONPATH and PYTHONHOME are about another Python.
function pythonEnv() {
  const { PYTHONHOME: _home, PYTHONPATH: _path, VIRTUAL_ENV: _venv, ...env } = process.env;
  return env;
}

/**
 * The first Python 3.9+ that the server's user can run. `venv` asks for one that can make environments with pip.
 * @param {import('./run-user.mjs').RunUser} runUser
 * @returns {Promise<string>} the interpreter
 */
export async function ensurePython(runUser, { venv }) {
  const found = findPython(runUser, venv);
  if (found !== undefined) return found;
  const packages = venv ? DEBIAN_PYTHON_PACKAGES : DEBIAN_PYTHON_PACKAGES.slice(0, 1);
  const wanted = `Python ${OLDEST_PYTHON} or later${venv ? ' with venv' : ''} that the user ${runUser.user} can run`;
  await installDebianPackages(packages, `${wanted} is missing`);
  const installed = findPython(runUser, venv);
  if (installed === undefined) throw new SetupError(`${wanted} is missing, also after installing ${packages}`);
  return installed;
}

function findPython(runUser, venv) {
  // The system's own first: one that a version manager keeps in a home folder is often closed to the server's user,
  // and Debian's mod_wsgi, which the parity tests use, is built for the system's.
  const candidates = ['/usr/bin/python3', '/usr/local/bin/python3', findOnPath('python3')].filter(Boolean);
  const probe = `import sys, venv${venv ? ', ensurepip; ensurepip.version()' : ''}
assert sys.version_info >= (${OLDEST_PYTHON.replace('.', ', ')})
print(sys.executable)`;
  for (const candidate of candidates) {
    const executable = askCommand(candidate, ['-I', '-c', probe], { cwd: '/', env: pythonEnv(), ...runUser.identity });
    if (executable !== undefined) return executable;
  }
  return undefined;
}

/**
 * An environment in `folder` that has these frameworks; made or completed only where something is missing, so that
 * the second run needs no network. Where pip cannot get a framework, Debian's package of it serves.
 * @returns {Promise<string[]>} the frameworks (keys of FRAMEWORKS) that could not be had
 */
export async function ensureVenv({ folder, checkout, runUser, frameworks }) {
  const stampFile = join(folder, 'stillhouse.json');
  const stamp = readStamp(stampFile);
  const interpreter = join(folder, 'bin/python');
  const fingerprints = Object.fromEntries(
    frameworks.map((key) => [key, fingerprint(join(checkout, FRAMEWORKS[key].requirements))]),
  );
  const missing = frameworks.filter((key) => stamp[key] !== fingerprints[key]);
  const probe = frameworks.map((key) => FRAMEWORKS[key].probe).join('\n');
  if (missing.length === 0 && isUsable(interpreter, probe, runUser)) return [];

  // A system upgrade from one Python to the next leaves an environment that no longer starts.
  if (!isUsable(interpreter, '', runUser)) {
    rmSync(folder, { recursive: true, force: true });
    await createVenv(
      folder,
      runUser,
      frameworks.map((key) => FRAMEWORKS[key]),
    );
    for (const key of Object.keys(stamp)) delete stamp[key];
  }
  const unavailable = [];
  for (const key of frameworks) {
    const framework = FRAMEWORKS[key];
    if (stamp[key] === fingerprints[key] && isUsable(interpreter, framework.probe, runUser)) continue;
    if (await installFramework({ folder, interpreter, checkout, runUser, framework })) stamp[key] = fingerprints[key];
    else unavailable.push(key);
  }
  writeFileSync(stampFile, JSON.stringify(stamp));
  return unavailable;
}

async function createVenv(folder, runUser, frameworks) {
  const { python, withPip } = await chooseBase(runUser, frameworks);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const args = ['-I', '-m', 'venv', ...(withPip ? [] : ['--without-pip']), folder];
  await runCommand('making a Python environment', python, args, {
    cwd: '/',
    env: pythonEnv(),
    timeoutMs: VENV_TIMEOUT_MS,
  });
}

/** The Python that the environment is made from, and whether it can give it a pip. */
async function chooseBase(runUser, frameworks) {
  if (frameworks.length === 0) return { python: await ensurePython(runUser, { venv: false }), withPip: false };
  const base = findPython(runUser, true) === undefined ? findPython(runUser, false) : undefined;
  // Without python3-venv there is no pip, and none is needed where the system has the frameworks.
  if (base && frameworks.every(({ probe }) => isUsable(base, probe, runUser))) {
    return { python: base, withPip: false };
  }
  try {
    return { python: await ensurePython(runUser, { venv: true }), withPip: true };
  } catch (error) {
    // As root we have tried. Who is not root is told what to run.
    if (!(error instanceof SetupError) || base === undefined || process.getuid() !== 0) throw error;
    return { python: base, withPip: false };
  }
}

async function installFramework({ folder, interpreter, checkout, runUser, framework }) {
  const isInstalled =
    (await installWithPip({ interpreter, checkout, runUser, framework })) ||
    (await installWithDebian({ runUser, framework }));
  if (!isInstalled) return false;
  if (isUsable(interpreter, framework.probe, runUser)) return true;
  // It is the system's Python that has it.
  const configuration = join(folder, 'pyvenv.cfg');
  const text = readFileSync(configuration, 'utf8');
  writeFileSync(configuration, text.replace(/^(include-system-site-packages) = .*$/m, '$1 = true'));
  return isUsable(interpreter, framework.probe, runUser);
}

async function installWithPip({ interpreter, checkout, runUser, framework }) {
  const env = pythonEnv();
  // The environment was made without pip for an example that needs nothing, or where there is no python3-venv.
  const hasPip = askCommand(interpreter, ['-I', '-c', 'import pip'], { cwd: '/', env }) !== undefined;
  try {
    if (!hasPip) {
      const { withPip } = await chooseBase(runUser, [framework]);
      if (!withPip) return false;
      const pip = ['-I', '-m', 'ensurepip', '--default-pip'];
      await runCommand('installing pip', interpreter, pip, { cwd: '/', env, timeoutMs: VENV_TIMEOUT_MS });
    }
    const args = ['-I', '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--timeout', '15'];
    const requirements = ['--retries', '1', '-r', join(checkout, framework.requirements)];
    await runCommand(`installing ${framework.name} with pip`, interpreter, [...args, ...requirements], {
      cwd: '/',
      env,
      timeoutMs: PIP_TIMEOUT_MS,
    });
    return isUsable(interpreter, framework.probe, runUser);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`stillhouse: pip could not install ${framework.name} (${error.lastLine}); trying the system's`);
    return false;
  }
}

/** True where the system's Python has the framework, already or now. */
async function installWithDebian({ runUser, framework }) {
  const base = await ensurePython(runUser, { venv: false });
  if (isUsable(base, framework.probe, runUser)) return true;
  try {
    await installDebianPackages([framework.debian], `${framework.name} is missing`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return false;
  }
  return isUsable(base, framework.probe, runUser);
}

function isUsable(interpreter, code, { identity }) {
  if (!existsSync(interpreter)) return false;
  return askCommand(interpreter, ['-I', '-c', code], { cwd: '/', env: pythonEnv(), ...identity }) !== undefined;
}

function fingerprint(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // None yet, or cut off by a crash: both mean that nothing is known to be installed.
    return {};
  }
}

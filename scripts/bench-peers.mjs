// The servers that `npm run bench` compares with: installed into a folder of its own below the checkout, with Debian's
// packages where we are root. One that can't be had is named with its reason, and the bench goes on without it.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, installDebianPackages } from './apt.mjs';
import { CHECKOUT } from './build.mjs';
import { askCommand, CommandError, runCommand, SetupError } from './command.mjs';
import { ensurePython } from './python.mjs';
import { chooseRunUser } from './run-user.mjs';

const VENV_TIMEOUT_MS = 2 * 60_000;
// uWSGI, bjoern and mod_wsgi are compiled.
const PIP_TIMEOUT_MS = 10 * 60_000;
const APT_TIMEOUT_MS = 5 * 60_000;

// Pinned, so that a run can be repeated. All of one environment, and of one Python.
const PYTHON_PACKAGES = {
  flask: { requirement: 'Flask==3.1.3', probe: 'flask' },
  django: { requirement: 'Django==5.2.19', probe: 'django' },
  gunicorn: { requirement: 'gunicorn==27.0.1', probe: 'gunicorn' },
  waitress: { requirement: 'waitress==3.0.2', probe: 'waitress' },
  granian: { requirement: 'granian==2.8.7', probe: 'granian' },
  fastpysgi: { requirement: 'fastpysgi==0.6', probe: 'fastpysgi' },
  bjoern: { requirement: 'bjoern==3.2.2', probe: 'bjoern', debian: ['gcc', 'libc6-dev', 'python3-dev', 'libev-dev'] },
  uwsgi: { requirement: 'uWSGI==2.0.31', file: 'bin/uwsgi', debian: ['gcc', 'libc6-dev', 'python3-dev'] },
  // The apxs that its build asks is Debian's apache2-dev.
  mod_wsgi: {
    requirement: 'mod_wsgi==6.1.1',
    file: 'bin/mod_wsgi-express',
    debian: ['gcc', 'libc6-dev', 'python3-dev', 'apache2-dev', 'apache2-bin'],
  },
};

const DEBIAN_MOD_WSGI = '/usr/lib/apache2/modules/mod_wsgi.so';
const APACHE_MODULES = '/usr/lib/apache2/modules';

/**
 * @param {string} benchFolder
 * @param {string} node what the servers' user runs Stillhouse with
 * @returns {Promise<object>} the rest of `Tools` of bench/peers/peer.ts
 */
export async function installBenchPeers(benchFolder, node) {
  const venv = await ensureVenv(benchFolder);
  const python = {};
  for (const name of Object.keys(PYTHON_PACKAGES)) python[name] = await installPython(venv, name);
  const apache = await attempt(installApache);
  const nginx = await attempt(() => installNginx(benchFolder));
  const modWsgi = findModWsgi(venv, python.mod_wsgi);

  const withApache = (other) => (apache.missing ? apache : other);
  const debian = withApache(
    existsSync(DEBIAN_MOD_WSGI)
      ? { version: `${apacheVersion(apache.value)}, mod_wsgi ${debianVersion('libapache2-mod-wsgi-py3')}` }
      : { missing: `there is no ${DEBIAN_MOD_WSGI}` },
  );
  const pypi = withApache(
    modWsgi.missing ? modWsgi : { version: `${apacheVersion(apache.value)}, mod_wsgi ${python.mod_wsgi.version}` },
  );
  const behindNginx =
    nginx.missing || python.gunicorn.missing
      ? { missing: nginx.missing ?? python.gunicorn.missing }
      : { version: `nginx ${nginxVersion(nginx.value)}, gunicorn ${python.gunicorn.version}` };
  const stillhouse = { version: JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')).version };
  return {
    venv,
    apache: apache.value ?? '',
    apacheModules: APACHE_MODULES,
    nginx: nginx.value ?? '',
    modWsgi: { debian: DEBIAN_MOD_WSGI, pypi: modWsgi.value ?? '' },
    peers: {
      stillhouse,
      'stillhouse-embedded-worker': stillhouse,
      'stillhouse-embedded-prefork': stillhouse,
      'apache-daemon-4': debian,
      'apache-embedded-4': debian,
      'apache-daemon-6': pypi,
      'apache-embedded-6': pypi,
      'apache-embedded-worker': pypi,
      'apache-embedded-prefork': pypi,
      'gunicorn-gthread': python.gunicorn,
      'gunicorn-sync': python.gunicorn,
      'nginx-gunicorn': behindNginx,
      'uwsgi-http': python.uwsgi,
      'uwsgi-http-socket': python.uwsgi,
      waitress: python.waitress,
      fastpysgi: python.fastpysgi,
      bjoern: python.bjoern,
      granian: python.granian,
    },
    versions: {
      'Node.js': askCommand(node, ['--version']) ?? '',
      Python: askCommand(join(venv, 'bin/python'), ['-c', 'import platform; print(platform.python_version())']) ?? '',
      Flask: versionOf(python.flask),
      Django: versionOf(python.django),
      wrk: debianVersion('wrk'),
      commit: askCommand('git', ['-C', CHECKOUT, 'describe', '--always', '--dirty']) ?? 'unknown',
    },
  };
}

/** @returns {Promise<{ value: string, missing?: undefined } | { value?: undefined, missing: string }>} */
async function attempt(install) {
  try {
    return { value: await install() };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const missing =
      error instanceof CommandError ? `${error.message.split('\n')[0]}: ${error.lastLine}` : error.message;
    return { missing };
  }
}

async function ensureVenv(benchFolder) {
  const venv = join(benchFolder, 'venv');
  // A system upgrade from one Python to the next leaves an environment that no longer starts.
  if (askCommand(join(venv, 'bin/python'), ['-I', '-c', 'import pip']) !== undefined) return venv;
  rmSync(venv, { recursive: true, force: true });
  const python = await ensurePython(chooseRunUser(), { venv: true });
  await runCommand('making a Python environment for the bench', python, ['-I', '-m', 'venv', venv], {
    cwd: '/',
    timeoutMs: VENV_TIMEOUT_MS,
  });
  return venv;
}

/** @returns {Promise<{ version: string } | { missing: string }>} */
async function installPython(venv, name) {
  const { requirement, debian = [] } = PYTHON_PACKAGES[name];
  const wanted = requirement.split('==')[1];
  if (isInstalled(venv, name, wanted)) return { version: wanted };
  const pip = [
    '-I',
    '-m',
    'pip',
    'install',
    '--no-input',
    '--disable-pip-version-check',
    '--timeout',
    '30',
    requirement,
  ];
  const { missing } = await attempt(async () => {
    // Packages that are there cost nothing; without root pip says what it misses.
    if (debian.length > 0 && process.getuid() === 0 && debian.some((one) => debianVersion(one) === '')) {
      await installDebianPackages(debian, `the bench compiles ${name}`);
    }
    await runCommand(`installing ${requirement}`, join(venv, 'bin/python'), pip, {
      cwd: '/',
      timeoutMs: PIP_TIMEOUT_MS,
    });
    return venv;
  });
  if (missing !== undefined) return { missing };
  return isInstalled(venv, name, wanted) ? { version: wanted } : { missing: `${requirement} does not work here` };
}

function isInstalled(venv, name, version) {
  const { requirement, probe = 'sys', file = 'bin/python' } = PYTHON_PACKAGES[name];
  const code = `import ${probe}, importlib.metadata as m; assert m.version(${JSON.stringify(requirement.split('==')[0])}) == "${version}"`;
  return (
    existsSync(join(venv, file)) && askCommand(join(venv, 'bin/python'), ['-I', '-c', code], { cwd: '/' }) !== undefined
  );
}

async function installApache() {
  const needs = [
    ['apache2-bin', findOnPath('apache2') !== undefined],
    ['libapache2-mod-wsgi-py3', existsSync(DEBIAN_MOD_WSGI)],
  ];
  const packages = needs.filter(([, isThere]) => !isThere).map(([name]) => name);
  if (packages.length > 0) await installDebianPackages(packages, `the bench needs ${packages.join(', ')}`);
  return findOnPath('apache2');
}

/**
 * nginx is unpacked only: Debian's package, installed, would start a server on port 80 of this machine. This needs no
 * root either.
 */
async function installNginx(benchFolder) {
  const folder = join(benchFolder, 'nginx');
  const program = join(folder, 'usr/sbin/nginx');
  if (works(program)) return program;
  const onPath = findOnPath('nginx');
  if (onPath !== undefined) return onPath;
  if (!findOnPath('apt-get')) throw new SetupError('nginx is not installed, and there is no apt-get here');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, timeoutMs: APT_TIMEOUT_MS };
  await runCommand('fetching nginx', 'apt-get', ['-q', 'download', 'nginx'], options);
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new SetupError('apt-get download nginx left no package');
  await runCommand('unpacking nginx', 'dpkg-deb', ['-x', file, folder], options);
  if (!works(program)) throw new SetupError("Debian's nginx does not start here: a library of it is missing");
  return program;
}

function works(nginx) {
  return existsSync(nginx) && askCommand(nginx, ['-v']) !== undefined;
}

/** Where mod_wsgi of PyPI has its module, as its own command says. */
function findModWsgi(venv, { missing }) {
  if (missing !== undefined) return { missing };
  const config = askCommand(join(venv, 'bin/mod_wsgi-express'), ['module-config'], { cwd: '/' });
  const value = /^LoadModule wsgi_module "(.+)"$/m.exec(config ?? '')?.[1];
  return value === undefined ? { missing: 'mod_wsgi-express module-config names no module' } : { value };
}

function apacheVersion(program) {
  return `Apache ${/Apache\/(\S+)/.exec(askCommand(program, ['-v']) ?? '')?.[1] ?? ''}`;
}

/** nginx writes it to stderr. */
function nginxVersion(program) {
  return /nginx\/(\S+)/.exec(askCommand('/bin/sh', ['-c', '"$1" -v 2>&1', 'sh', program]) ?? '')?.[1] ?? '';
}

/** Empty where it is not installed. */
function debianVersion(name) {
  const answer = askCommand('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Version}', name]) ?? '';
  return answer.startsWith('installed ') ? answer.slice('installed '.length) : '';
}

function versionOf({ version, missing }) {
  return version ?? `missing: ${missing}`;
}

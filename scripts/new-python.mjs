// A CPython newer than the system's for the tests: Debian's next release, unpacked into a folder of its own and run with
// the C library that it was built for. apt fetches and verifies it; nothing of the system is touched, and root is not
// needed.

import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from './apt.mjs';
import { askCommand, runCommand, SetupError } from './command.mjs';

const RELEASE = 'trixie';
const VERSION = '3.13';
const PACKAGES = [`python${VERSION}-minimal`, `libpython${VERSION}-stdlib`];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const APT_TIMEOUT_MS = 3 * 60_000;
const UNPACK_TIMEOUT_MS = 60_000;

/**
 * @param {string} folder made where it is not there
 * @returns {Promise<string | undefined>} for python-home; undefined, with a message, where it can't be had
 */
export async function ensureNewPython(folder) {
  const home = join(folder, 'usr');
  if (runs(home)) return home;
  const scratch = `${folder}.new`;
  try {
    for (const program of ['apt-get', 'dpkg-deb']) {
      if (!findOnPath(program)) throw new SetupError(`there is no ${program} here`);
    }
    rmSync(scratch, { recursive: true, force: true });
    const root = join(scratch, 'root');
    mkdirSync(root, { recursive: true });
    for (const archive of await download(join(scratch, 'apt'))) {
      await runCommand(`unpacking ${archive}`, 'dpkg-deb', ['-x', archive, root], { timeoutMs: UNPACK_TIMEOUT_MS });
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
    writeWrapper(folder);
    if (!runs(home)) throw new SetupError(`what was unpacked does not run: ${home}/bin/python3`);
    return home;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`stillhouse: no Python ${VERSION} for the tests, those that need it are skipped: ${error.message}`);
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runs(home) {
  if (!existsSync(join(home, 'bin/python3'))) return false;
  const program = 'import sys, ssl, sqlite3, ctypes; print(*sys.version_info[:2], sep=".")';
  try {
    return askCommand(join(home, 'bin/python3'), ['-c', program])?.trim() === VERSION;
  } catch {
    return false;
  }
}

/** The packages with all that they depend on, as files. */
async function download(folder) {
  const archives = join(folder, 'cache/archives');
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'parts']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(
    join(folder, 'sources.list'),
    `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${RELEASE} main\n`,
  );
  const settings = {
    'Dir::State': join(folder, 'state'),
    // Nothing is installed: so everything that is needed is fetched.
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'parts'),
    'Dir::Etc::preferencesparts': join(folder, 'parts'),
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': '30',
    'Acquire::Retries': '2',
    'APT::Install-Recommends': 'false',
    ...(process.getuid() === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
    'Debug::NoLocking': 'true',
  };
  const options = ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  const apt = (label, ...words) =>
    runCommand(label, 'apt-get', [...options, ...words], {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      timeoutMs: APT_TIMEOUT_MS,
    });
  await apt(`reading the package lists of Debian ${RELEASE}`, 'update');
  await apt(`fetching Python ${VERSION} of Debian ${RELEASE}`, '-y', '--download-only', 'install', ...PACKAGES);
  const found = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  if (found.length === 0) throw new SetupError('apt-get has fetched nothing');
  return found.map((name) => join(archives, name));
}

/** Python finds its library by the path that it is called by, which is the wrapper's. */
function writeWrapper(folder) {
  const loader = ['lib64', 'usr/lib64', 'lib', 'usr/lib'].flatMap((name) => {
    const at = join(folder, name);
    return existsSync(at) ? findLoaders(at) : [];
  })[0];
  if (loader === undefined) throw new SetupError('no dynamic loader among what was unpacked');
  const libraries = ['usr/lib', 'lib'].flatMap((name) => {
    const at = join(folder, name);
    if (!existsSync(at)) return [];
    return readdirSync(at)
      .filter((entry) => entry.endsWith('-linux-gnu'))
      .map((entry) => join(at, entry));
  });
  const wrapper = join(folder, 'usr/bin/python3');
  const program = join(folder, `usr/bin/python${VERSION}`);
  const call = `exec "${loader}" --library-path "${libraries.join(':')}" --argv0 "${wrapper}" "${program}" "$@"`;
  writeFileSync(wrapper, `#!/bin/sh\n${call}\n`);
  chmodSync(wrapper, 0o755);
}

function findLoaders(folder) {
  return readdirSync(folder)
    .filter((name) => /^ld-linux.*\.so\.\d+$/.test(name))
    .map((name) => join(folder, name));
}

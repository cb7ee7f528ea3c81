// Debian packages: installed where we are root, named where we are not.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';

const APT_TIMEOUT_MS = 15 * 60_000;
const APT_OPTIONS = [
  '-q',
  '-o',
  'Acquire::http::Timeout=30',
  '-o',
  'Acquire::https::Timeout=30',
  '-o',
  'Acquire::Retries=2',
  '-o',
  'DPkg::Lock::Timeout=120',
];

/** Where `name` is on PATH, or undefined. */
export function findOnPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => path.startsWith('/') && existsSync(path));
}

/**
 * Installs Debian packages.
 * @param {string[]} packages
 * @param {string} reason what they are needed for
 * @throws {SetupError} where we may not or cannot; the message has the command to run
 */
export async function installDebianPackages(packages, reason) {
  const byHand = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!findOnPath('apt-get')) {
    throw new SetupError(`${reason}. There is no apt-get here; install what Debian calls ${packages.join(', ')}`);
  }
  if (process.getuid() !== 0) throw new SetupError(`${reason}. Run as root, then try again:\n  ${byHand}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const install = () =>
    runCommand(
      `installing ${packages.join(', ')}`,
      'apt-get',
      [...APT_OPTIONS, 'install', '-y', '--no-install-recommends', ...packages],
      { env, timeoutMs: APT_TIMEOUT_MS },
    );
  try {
    await install();
  } catch {
    // The package lists of a fresh machine are empty or old.
    await runCommand('updating the package lists', 'apt-get', [...APT_OPTIONS, 'update'], {
      env,
      timeoutMs: APT_TIMEOUT_MS,
    });
    await install();
  }
}

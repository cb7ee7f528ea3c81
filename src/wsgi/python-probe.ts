/**
 * Finds out, before anything is started, whether an interpreter can run the daemon processes of a group: it is there,
 * the group's user can execute it, it is CPython of a known version, and it can load its own library.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessError } from '../base/errors.js';

export interface PythonInfo {
  /** As it names itself: sys.executable. */
  readonly executable: string;
  readonly version: readonly [number, number, number];
  readonly implementation: string;
  /** It was built to run without its global lock. */
  readonly isFreeThreaded?: boolean;
}

export const oldestPython: readonly [number, number] = [3, 9];
const probeMsLimit = 20_000;

/**
 * Nothing waits longer at the start of the server than for this. So it imports nothing: what the runtime needs of the library is
 * only looked for, and the JSON is its own. Debian's python3-minimal has but a part of the library.
 */
const program = String.raw`
import sys
units = b''
if sys.version_info >= (3, 9):
    for name in ('json', 'stringprep', 'unicodedata', 'socket', 'select', 'threading', 'marshal', 'mmap', 'logging', 'traceback'):
        if not any(finder.find_spec(name) for finder in sys.meta_path):
            raise ModuleNotFoundError("No module named '%s'" % name)
    units = sys.executable.encode('utf-16-be', 'surrogatepass')
path = ''.join('\\u%02x%02x' % (units[at], units[at + 1]) for at in range(0, len(units), 2))
implementation = sys.implementation.name if hasattr(sys, 'implementation') else 'cpython'
free = 'true' if 't' in getattr(sys, 'abiflags', '') else 'false'
print('["%s", [%d, %d, %d], "%s", %s]' % ((path,) + sys.version_info[:3] + (implementation, free)))
`;

/** The interpreter of a virtual environment or installation prefix (python-home), or the system's. */
export function findInterpreter(pythonHome: string | undefined): string {
  if (pythonHome !== undefined) {
    const python = join(pythonHome, 'bin', 'python');
    // A virtual environment has it; an installation prefix may have the one with its number only (Debian's /usr).
    return existsSync(python) || !existsSync(`${python}3`) ? python : `${python}3`;
  }
  // As root, one that other users can reach comes first: /root/.pyenv and its like are closed to them.
  if (process.getuid?.() === 0 && existsSync('/usr/bin/python3')) return '/usr/bin/python3';
  return 'python3';
}

/**
 * Runs the interpreter once, as the group's user where the server is root.
 * @throws ProcessError with the cure
 */
export function probePython(python: string, user: { uid: number; gid: number; name: string } | undefined): PythonInfo {
  const asUser = user === undefined ? '' : ` as user '${user.name}'`;
  // -S: whatever the site's own start-up files do is no matter here.
  const result = spawnSync(python, ['-Sc', program], {
    encoding: 'utf8',
    timeout: probeMsLimit,
    cwd: '/',
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  if (result.error !== undefined) throw new ProcessError(describeSpawnFailure(python, asUser, result.error));
  if (result.status !== 0) {
    const lastLine = result.stderr.trim().split('\n').at(-1) ?? '';
    throw new ProcessError(
      `'${python}' does not run${asUser}: ${lastLine === '' ? `exit status ${result.status}` : lastLine}; check that this user can read the whole installation (python-home)`,
    );
  }
  const [executable, version, implementation, isFreeThreaded] = parseAnswer(python, result.stdout);
  const [major, minor] = version;
  if (implementation !== 'cpython') {
    throw new ProcessError(`'${python}' is ${implementation}; WSGI applications run in CPython only`);
  }
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1])) {
    throw new ProcessError(
      `'${python}' is Python ${version.join('.')}; at least ${oldestPython.join('.')} is needed: name another one with python-home or WSGIPythonHome`,
    );
  }
  return { executable, version, implementation, ...(isFreeThreaded ? { isFreeThreaded } : {}) };
}

/** @throws ProcessError where it is no Python that answers */
function parseAnswer(python: string, text: string): [string, [number, number, number], string, boolean] {
  try {
    return JSON.parse(text) as [string, [number, number, number], string, boolean];
  } catch (cause) {
    throw new ProcessError(
      `'${python}' is no Python: it does not answer as one; name another one with python-home or WSGIPythonHome`,
      {},
      { cause },
    );
  }
}

function describeSpawnFailure(python: string, asUser: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `no Python at '${python}': install it (Debian: apt-get install python3) or name one with python-home or WSGIPythonHome`;
    case 'EACCES':
      return `'${python}' can't be executed${asUser}: let this user through to it, or name another one with python-home or WSGIPythonHome`;
    case 'ETIMEDOUT':
      return `'${python}' did not start within ${probeMsLimit / 1000} s${asUser}`;
    default:
      return `'${python}' can't be run${asUser}: ${error.message}`;
  }
}

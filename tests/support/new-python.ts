/** A CPython that is newer than the system's: 3.13 or later, made ready by scripts/new-python.mjs before the tests run. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface NewPython {
  /** For python-home. */
  readonly home: string;
  readonly version: readonly [number, number];
}

/** Undefined where the set-up could not get one, and the system's own has no locks for single interpreters. */
export function newPython(): NewPython | undefined {
  const homes = [process.env.STILLHOUSE_TEST_NEW_PYTHON, '/usr'].filter((home) => home !== undefined && home !== '');
  for (const home of homes as string[]) {
    const program = 'import sys; print(*sys.version_info[:2])';
    const { stdout, status } = spawnSync(join(home, 'bin', 'python3'), ['-c', program], { encoding: 'utf8', cwd: '/' });
    const [major = 0, minor = 0] = status === 0 ? stdout.trim().split(' ').map(Number) : [];
    if (major === 3 && minor >= 12) return { home, version: [major, minor] };
  }
  return undefined;
}

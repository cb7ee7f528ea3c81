/**
 * Hands an open descriptor to a daemon process that runs already: a log that was opened anew. Node can't send one over
 * a socket, Python can: python/stillhouse/pass_descriptor.py inherits the parent's end of the control socket and the
 * descriptor, sends the latter over the former, and ends.
 */

import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../python/stillhouse/pass_descriptor.py', import.meta.url));
const passMsLimit = 10_000;

/**
 * @param python the interpreter that the process runs
 * @param user whom the process runs as: nothing of the parent's rights is needed
 * @returns the failure, or undefined
 */
export function passDescriptor(
  control: Duplex,
  python: string,
  descriptor: number,
  user: { readonly uid: number; readonly gid: number } | null,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    // -I and -S: nothing of the environment or of site-packages is loaded.
    const passer = spawn(python, ['-I', '-S', program], {
      stdio: ['ignore', 'ignore', 'ignore', control, descriptor],
      env: {},
      timeout: passMsLimit,
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    });
    // It is read again: node:child_process has stopped that for what it has handed on.
    control.resume();
    passer.once('error', (error) => resolve(error.message));
    passer.once('exit', (status, signal) => {
      resolve(status === 0 ? undefined : `ended with ${signal ?? `exit code ${status}`}`);
    });
  });
}

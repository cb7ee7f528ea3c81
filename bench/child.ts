/** Child processes of the bench: a process group of their own, the limits of all of them, an end that is certain. */

import { type ChildProcess, spawn } from 'node:child_process';
import { onExit } from './cleanup.js';
import type { Command, Tools } from './peers/peer.js';

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** All that it has written so far to stdout and stderr, the last part of it. */
  readonly output: () => string;
  /** How it ended: an exit status, a signal, or why it could not be started. */
  readonly ended: Promise<string>;
}

/** What whoever runs the bench has set for their own work would slow down the start of some servers and not of others. */
const withheldVariables = ['PYTHONHOME', 'PYTHONPATH', 'VIRTUAL_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

const outputCharactersLimit = 64 * 1024;

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The user that the servers run as. */
  readonly identity?: Tools['identity'];
  readonly setpriv: string;
}

export function startChild(command: Command, { env = {}, identity = {}, setpriv }: ChildOptions): Child {
  // 5,000 connections need as many descriptors; what the hard limit gives is given to all alike.
  const shell = ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh', ...command];
  // Where the bench is killed the kernel ends its children.
  const [file = 'sh', ...args] = setpriv === '' ? shell : [setpriv, '--pdeathsig', 'TERM', '--', ...shell];
  const inherited = { ...process.env };
  for (const name of withheldVariables) delete inherited[name];
  const child = spawn(file, args, {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...inherited, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8', ...env },
    ...identity,
  });
  const pid = child.pid ?? 0;
  const forget = onExit(() => killGroup(pid, 'SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output = (output + text).slice(-outputCharactersLimit);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  void ended.then(forget);
  // Whoever has ended does not read.
  child.stdin?.on('error', () => {});
  return { process: child, pid, output: () => output, ended };
}

/** Whatever is left of a process group. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  // 0 would be our own.
  if (group <= 1) return;
  try {
    process.kill(-group, signal);
  } catch {
    // Gone.
  }
}

/** Runs a command to its end. @returns its output @throws Error where it fails or takes longer than this */
export async function runChild(command: Command, options: ChildOptions & { timeoutMs: number }): Promise<string> {
  const child = startChild(command, options);
  child.process.stdin?.end();
  const closed = new Promise((resolve) => child.process.once('close', resolve));
  const timeout = setTimeout(() => killGroup(child.pid, 'SIGKILL'), options.timeoutMs);
  const end = await child.ended;
  if (child.pid !== 0) await closed;
  clearTimeout(timeout);
  if (end !== 'exit 0') throw new Error(`${command[0]} ended with ${end}: ${child.output().trim().slice(-500)}`);
  return child.output();
}

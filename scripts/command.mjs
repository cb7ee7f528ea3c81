// Runs one command of the set-up: with a time-out, its output kept for the case that it fails, and a line on stderr
// where it takes longer than a second. Used by all the other scripts.

import { spawn, spawnSync } from 'node:child_process';

const SHOW_AFTER_MS = 1_000;
const KILL_AFTER_MS = 5_000;
// What went wrong stands at the beginning with npm, at the end with apt-get, pip and tsc.
const ERROR_HEAD_LINES = 10;
const ERROR_TAIL_LINES = 20;

/** The set-up cannot go on, and the message says what the reader can do. No stack trace is of use. */
export class SetupError extends Error {}

/** A command that the set-up ran has failed. */
export class CommandError extends SetupError {
  /** @param {string} message @param {string} output all that the command wrote */
  constructor(message, output) {
    super(message);
    this.lastLine = output.trimEnd().split('\n').at(-1).trim();
  }
}

/**
 * @param {string} label what is being done: "installing npm packages"
 * @param {string} file
 * @param {string[]} args
 * @param {{ timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv, uid?: number, gid?: number }} options
 * @returns {Promise<string>} what the command wrote to stdout
 * @throws {CommandError} with an excerpt of its output where it fails, is not there or runs out of time
 */
export async function runCommand(label, file, args, { timeoutMs, ...options }) {
  const startedMs = Date.now();
  let shown = false;
  const show = setTimeout(() => {
    shown = true;
    console.error(`stillhouse: ${label} ...`);
  }, SHOW_AFTER_MS);
  let stdout = '';
  let output = '';
  let timedOut = false;
  // A process group of its own: npm and apt-get start children, and a time-out must end those too.
  const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Gone already.
    }
  };
  const stop = (signal) => {
    killGroup(signal);
    process.exit(128 + { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal]);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  let kill;
  const timeout = setTimeout(() => {
    timedOut = true;
    killGroup('SIGTERM');
    kill = setTimeout(() => killGroup('SIGKILL'), KILL_AFTER_MS);
  }, timeoutMs);
  try {
    const ending = await new Promise((resolve) => {
      child.stdout.on('data', (data) => {
        stdout += data;
        output += data;
      });
      child.stderr.on('data', (data) => {
        output += data;
      });
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(code === 0 ? undefined : `exit ${code ?? signal}`));
    });
    if (ending !== undefined || timedOut) {
      const reason = timedOut ? `no end after ${timeoutMs / 1000} s` : ending;
      throw new CommandError(
        `${label} failed: ${reason}\n  command: ${[file, ...args].join(' ')}\n${excerpt(output)}`,
        output || reason,
      );
    }
    if (shown) console.error(`stillhouse: ${label}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
    return stdout;
  } finally {
    clearTimeout(show);
    clearTimeout(timeout);
    clearTimeout(kill);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
  }
}

function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= ERROR_HEAD_LINES + ERROR_TAIL_LINES) return lines.join('\n');
  return [...lines.slice(0, ERROR_HEAD_LINES), '...', ...lines.slice(-ERROR_TAIL_LINES)].join('\n');
}

/** A question that is answered at once: stdout without its last newline, or undefined where the command fails. */
export function askCommand(file, args, options = {}) {
  const answer = spawnSync(file, args, {
    timeout: 20_000,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...options,
  });
  return answer.status === 0 ? answer.stdout.trimEnd() : undefined;
}

/** Runs a script's main function: a SetupError is one message and exit 1, everything else keeps its stack trace. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`stillhouse: ${error.message}`);
    process.exitCode = 1;
  }
}

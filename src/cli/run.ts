/** `stillhouse run`: serves a configuration in the foreground until it is told to stop. */

import { isatty } from 'node:tty';
import type { LoadedConfig } from '../server/config-source.js';
import { Parent } from '../server/parent.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';
import { printTree } from './start-message.js';

/** How often to look whether npx is still there. */
const starterCheckMs = 500;

/** @returns the exit status */
export async function run(flags: ConfigFlags): Promise<number> {
  const loaded = loadFromFlags(flags);
  printProblems(loaded.allProblems, ['error', 'warning']);
  if (hasErrors(loaded.allProblems)) return 1;
  return await runParent(loaded, false);
}

/** Starts the server, prints what runs, and stops it at the first signal; a second one ends it at once. */
export async function runParent(
  loaded: Pick<LoadedConfig, 'config' | 'snapshot'>,
  mayStayRoot: boolean,
): Promise<number> {
  const parent = new Parent({ config: loaded.config, snapshot: loaded.snapshot, mayStayRoot });
  const stopped = new Promise<void>((resolve) => {
    const stop = (cause: string): void => {
      void parent.stop(cause).then(resolve);
    };
    let signals = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) parent.killNow();
        stop(signal);
      });
    }
    onHangUp(() => stop('SIGHUP of a closed terminal'));
    if (process.env.npm_command === 'exec') onceOrphaned(() => stop('the end of npx'));
  });
  // Until there is a graceful reload these must not end the server by their default action.
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => {});
  // The children's handles don't keep this process when all of them wait for their restart.
  const keepAlive = setInterval(() => {}, 60_000);
  try {
    if (await parent.start()) printTree(parent.tree);
    await Promise.race([stopped, parent.stopped]);
    return 0;
  } finally {
    clearInterval(keepAlive);
  }
}

/** A closed terminal stops the server. From elsewhere the signal asks for a reload, which there is not yet. */
function onHangUp(stop: () => void): void {
  const terminals = [0, 1, 2].filter(isatty);
  process.on('SIGHUP', () => {
    if (terminals.length === 0 || terminals.some(isatty)) return;
    stop();
    // By the signal itself: Node 20 aborts where it can't reset a terminal at its exit (ResetStdio in src/node.cc).
    process.once('exit', () => {
      process.removeAllListeners('SIGHUP');
      process.kill(process.pid, 'SIGHUP');
    });
  });
}

/** npx ends at a SIGTERM without passing it on to what it runs: its end stands for the signal. */
function onceOrphaned(stop: () => void): void {
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    stop();
  }, starterCheckMs);
  timer.unref();
}

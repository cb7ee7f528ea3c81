/**
 * `stillhouse run`: serves a configuration in the foreground until it is told to stop. Signals: SIGTERM and SIGINT stop,
 * SIGHUP and SIGUSR1 reload the configuration, SIGUSR2 opens the logs anew.
 */

import { isatty } from 'node:tty';
import { StillhouseError } from '../base/errors.js';
import { type LoadedSource, Parent } from '../server/parent.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';
import { printTree } from './start-message.js';

/** How often to look whether npx is still there. */
const starterCheckMs = 500;

/** @returns the exit status */
export async function run(flags: ConfigFlags): Promise<number> {
  const load = (): LoadedSource => {
    const loaded = loadFromFlags(flags);
    return { ...loaded, problems: loaded.allProblems };
  };
  return await runParent(load, false);
}

/**
 * Starts the server, prints what runs, and stops it at the first signal; a second one ends it at once.
 * @param load reads the configuration, at the start and for each reload
 */
export async function runParent(load: () => LoadedSource, mayStayRoot: boolean): Promise<number> {
  const source = load();
  printProblems(source.problems, ['error', 'warning']);
  if (hasErrors(source.problems)) return 1;
  const parent = new Parent({ source, load, mayStayRoot });
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
    onHangUp(
      () => stop('SIGHUP of a closed terminal'),
      () => ask(() => parent.reload('SIGHUP')),
    );
    if (process.env.npm_command === 'exec') onceOrphaned(() => stop('the end of npx'));
  });
  process.on('SIGUSR1', () => ask(() => parent.reload('SIGUSR1')));
  process.on('SIGUSR2', () => ask(() => parent.reopenLogs()));
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

/** What a signal asks for: nobody waits for the outcome, and the error log has it. */
function ask(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => {
    if (!(error instanceof StillhouseError)) throw error;
  });
}

/** A closed terminal stops the server; from elsewhere the signal asks for a reload. */
function onHangUp(stop: () => void, reload: () => void): void {
  const terminals = [0, 1, 2].filter(isatty);
  process.on('SIGHUP', () => {
    if (terminals.length === 0 || terminals.some(isatty)) {
      reload();
      return;
    }
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

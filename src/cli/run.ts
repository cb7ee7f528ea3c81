/** `stillhouse run`: serves a configuration in the foreground until it is told to stop. */

import type { LoadedConfig } from '../server/config-source.js';
import { Parent } from '../server/parent.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';
import { printTree } from './start-message.js';

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
    let signals = 0;
    const stop = (): void => {
      signals += 1;
      if (signals > 1) parent.killNow();
      void parent.stop().then(resolve);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  });
  // Until there is a graceful reload these must not end the server by their default action.
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => {});
  // The children's handles don't keep this process when all of them wait for their restart.
  const keepAlive = setInterval(() => {}, 60_000);
  try {
    await parent.start();
    printTree(parent.tree);
    await stopped;
    return 0;
  } finally {
    clearInterval(keepAlive);
  }
}

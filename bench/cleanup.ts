/**
 * What has to be ended however the bench ends: servers, load clients, temporary folders. Everything here is synchronous,
 * since it also runs when the process is about to exit.
 */

import { constants } from 'node:os';

const actions = new Set<() => void>();

/** Runs `action` if the bench ends before the returned function is called. */
export function onExit(action: () => void): () => void {
  actions.add(action);
  return () => actions.delete(action);
}

function runAll(): void {
  for (const action of [...actions].reverse()) {
    actions.delete(action);
    try {
      action();
    } catch (error) {
      // The others have to run as well.
      console.error(error);
    }
  }
}

/** To be called once. */
export function installCleanup(): void {
  process.on('exit', runAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // `exit` does the work.
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

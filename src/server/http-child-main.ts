/**
 * An http child: speaks HTTP, serves files, and passes requests on to the daemon processes. Started by the parent
 * (http-child-handle.ts), which sends it a boot message, the list of daemon processes as it changes, and when to stop.
 * Without its parent it ends.
 */

import { setFlagsFromString } from 'node:v8';
import { systemClock } from '../base/clock.js';
import { StillhouseError } from '../base/errors.js';
import type { BootMessage, FromChild, ToChild } from './child-messages.js';
import { HttpChild } from './http-child.js';

// Without it V8 comes to allocate the objects of a request where old ones are, and nearly all survive each collection.
setFlagsFromString('--no-allocation-site-pretenuring');

let child: HttpChild | undefined;

function tell(message: FromChild): void {
  process.send?.(message, undefined, {}, () => {
    // A parent that is gone is noticed by 'disconnect'.
  });
}

async function boot(message: BootMessage): Promise<void> {
  try {
    child = new HttpChild(message, systemClock, tell);
    await child.listen();
    tell({ type: 'ready' });
  } catch (error) {
    const text =
      error instanceof StillhouseError ? error.message : error instanceof Error ? (error.stack ?? '') : String(error);
    tell({ type: 'failed', message: text });
    process.exitCode = 1;
    process.disconnect();
  }
}

/** Messages that came before the boot was done. */
process.on('message', (message: ToChild) => {
  switch (message.type) {
    case 'boot':
      void boot(message);
      return;
    case 'processes':
      child?.setProcesses(message.group, message.processes);
      return;
    case 'kept':
      child?.releaseHeld(message.group);
      return;
    case 'drain':
      void (child?.drain() ?? Promise.resolve()).then(() => process.exit(0));
      return;
    case 'stop':
      stop(true);
  }
});

function stop(serverStops: boolean): void {
  void (child?.stop(serverStops) ?? Promise.resolve()).then(() => process.exit(0));
}

// The parent was killed: nobody would restart or stop us.
process.on('disconnect', () => process.exit(process.exitCode ?? 1));

// Asked for by an administrator, or by a service manager that signals every process: in good order, then. The parent
// starts another unless it stops itself.
process.on('SIGTERM', () => stop(false));
for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => {});

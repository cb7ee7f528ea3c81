/** The log files of a configuration, opened by the parent (perhaps as root) and inherited by its children. */

import { closeSync, openSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { errorLogPath, resolveAccessLogs } from './log-directives.js';

const standardErrorDescriptor = 2;
/** Opened by these paths, a file would be written from its start, and a terminal or pipe of another user not at all. */
const standardStreams: ReadonlyMap<string, number> = new Map([
  ['/dev/stdout', 1],
  ['/dev/stderr', standardErrorDescriptor],
]);
const logFileMode = 0o640;

export class OpenLogs implements Disposable {
  /** Every log by path. */
  readonly descriptors: ReadonlyMap<string, number>;
  readonly #main: string | undefined;
  #isOpen = true;

  /** @throws ProcessError naming the file and the reason */
  constructor(config: Config) {
    const paths = new Set<string>();
    for (const { settings } of config.servers) {
      const errorLog = settings.find(errorLogPath);
      if (errorLog !== undefined) paths.add(errorLog);
      for (const log of resolveAccessLogs(settings).logs) paths.add(log.path);
    }
    const descriptors = new Map<string, number>();
    for (const path of paths) {
      try {
        descriptors.set(path, standardStreams.get(path) ?? openSync(path, 'a', logFileMode));
      } catch (cause) {
        closeAll(descriptors);
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ProcessError(
          `can't open the log '${path}': ${reason}; make its folder or correct the line`,
          {},
          { cause },
        );
      }
    }
    this.descriptors = descriptors;
    this.#main = config.main.settings.find(errorLogPath);
  }

  /** Where errors of the main server go; standard error where there is no ErrorLog. */
  get errorLog(): number {
    return this.errorLogAt(this.#main);
  }

  /** The descriptor of an error log by path, or of the main one. */
  errorLogAt(path: string | undefined): number {
    return (path === undefined ? undefined : this.descriptors.get(path)) ?? standardErrorDescriptor;
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) closeAll(this.descriptors);
    this.#isOpen = false;
  }
}

function closeAll(descriptors: ReadonlyMap<string, number>): void {
  for (const [path, descriptor] of descriptors) if (!standardStreams.has(path)) closeSync(descriptor);
}

/** The log files of a configuration, opened by the parent (perhaps as root) and inherited by its children. */

import { closeSync, openSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { errorLogPath, resolveAccessLogs } from './log-directives.js';

const standardErrorDescriptor = 2;
const logFileMode = 0o640;

export class OpenLogs implements Disposable {
  /** Every log by path. */
  readonly descriptors: ReadonlyMap<string, number>;
  readonly #main: string | undefined;

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
        descriptors.set(path, openSync(path, 'a', logFileMode));
      } catch (cause) {
        for (const descriptor of descriptors.values()) closeSync(descriptor);
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
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
  }
}

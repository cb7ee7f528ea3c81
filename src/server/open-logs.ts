/**
 * The logs of a configuration: files opened, and programs for piped logs started, by the parent (perhaps as root), and
 * inherited by its children.
 */

import { closeSync, openSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { errorLogPath, resolveAccessLogs } from './log-directives.js';
import { PipedLog } from './piped-log.js';

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
  readonly #pipes: readonly PipedLog[];
  #isOpen = true;

  /**
   * `report` hears of programs of piped logs that end by themselves.
   * @throws ProcessError naming the file or program and the reason
   */
  constructor(config: Config, report: (message: string) => void) {
    const paths = new Set<string>();
    const errorLogs = new Set<string>();
    for (const { settings } of config.servers) {
      const errorLog = settings.find(errorLogPath);
      if (errorLog !== undefined) {
        paths.add(errorLog);
        errorLogs.add(errorLog);
      }
      for (const log of resolveAccessLogs(settings).logs) paths.add(log.path);
    }
    const descriptors = new Map<string, number>();
    const pipes: PipedLog[] = [];
    for (const path of paths) {
      try {
        if (path.startsWith('|')) {
          const pipe = new PipedLog({ text: path, isBlocking: errorLogs.has(path), report });
          pipes.push(pipe);
          descriptors.set(path, pipe.descriptor);
          continue;
        }
        descriptors.set(path, standardStreams.get(path) ?? openSync(path, 'a', logFileMode));
      } catch (cause) {
        closeAll(descriptors);
        for (const pipe of pipes) pipe[Symbol.dispose]();
        if (cause instanceof ProcessError) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new ProcessError(
          `can't open the log '${path}': ${reason}; make its folder or correct the line`,
          {},
          { cause },
        );
      }
    }
    this.descriptors = descriptors;
    this.#pipes = pipes;
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
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeAll(this.descriptors);
    for (const pipe of this.#pipes) pipe[Symbol.dispose]();
  }

  /** As dispose; resolves when programs that read logs have ended, too. */
  async close(): Promise<void> {
    this[Symbol.dispose]();
    await Promise.all(this.#pipes.map((pipe) => pipe.ended));
  }
}

function closeAll(descriptors: ReadonlyMap<string, number>): void {
  for (const [path, descriptor] of descriptors) {
    if (!standardStreams.has(path) && !path.startsWith('|')) closeSync(descriptor);
  }
}

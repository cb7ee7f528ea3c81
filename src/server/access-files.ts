/**
 * .htaccess files: finds, reads and keeps them. A folder's file is looked at once in a second at most and read again
 * when it has changed, so that a busy site costs no system call for it; folders whose AllowOverride is None are not
 * looked at, and a server that has nothing else does not come here. Runs in the http child, with its user's rights.
 */

import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { RequestError } from '../base/errors.js';
import type { Config, Section, ServerScope } from '../conf/config.js';
import { allowsAnything, type OverridePolicy } from '../conf/override-policy.js';
import { parseConfig } from '../conf/parser.js';
import { resolveAccessFile } from '../conf/resolver.js';
import { formatPosition, type Problem } from '../conf/source.js';
import { vocabulary } from './directive-tables.js';
import { type FileCall, type FileCalls, FilesPending, fileStep, runNow } from './file-calls.js';
import { mpmSettings } from './mpm-directives.js';
import { overridePolicyOf, overrideSettings } from './override-directives.js';

/** For so long nobody looks whether a file has changed. */
const lookMs = 1000;
/** On a file system that may be slow: all folders on the way are to be looked at in that time. */
const lookLaterMs = 5000;
/** Folders that are remembered, with or without a file. */
const foldersLimit = 4096;
/** An .htaccess of more is a mistake. */
const fileBytesLimit = 1024 * 1024;
/** A file that changed so shortly before it was read may change again without its time telling. */
const settledMs = 1000;

const defaultNames: readonly string[] = ['.htaccess'];

/** A file that keeps its folder from being served: wrong (500) or unreadable (403). */
export class AccessFileError extends RequestError {}

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'section'; readonly section: Section }
  | { readonly kind: 'error'; readonly status: number; readonly message: string };

interface Remembered {
  readonly names: readonly string[];
  readonly policy: OverridePolicy;
  readonly outcome: Outcome;
  /** Tells one content from another: path, time, size. Undefined: read again at the next look. */
  readonly version: string | undefined;
  /** Nobody looks again before. */
  untilMs: number;
}

export interface AccessFilesOptions {
  readonly config: Config;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the epoch, for comparison with the times of files. */
  readonly wallMs: () => number;
  /** Warnings about a file, once each time that it is read. */
  readonly report: (problem: Problem) => void;
  readonly calls: FileCalls;
}

export class AccessFiles {
  readonly #options: AccessFilesOptions;
  /** By folder; one for each combination of names and policy, of which there is hardly ever more than one. */
  #folders = new Map<string, Remembered[]>();

  constructor(options: AccessFilesOptions) {
    this.#options = options;
  }

  /**
   * What the access file of `folder` (with slash at the end) sets, under the policy of the sections before it.
   * @throws AccessFileError
   * @throws FilesPending
   */
  find(server: ServerScope, folder: string, before: readonly Section[]): Section | undefined {
    const policy = overridePolicyOf(before);
    if (!allowsAnything(policy)) return undefined;
    const names = server.settings.get(overrideSettings.accessFileNames, defaultNames);
    const { outcome } = this.#look(folder, names, policy);
    if (outcome.kind === 'error') throw new AccessFileError(outcome.status, outcome.message);
    return outcome.kind === 'section' ? outcome.section : undefined;
  }

  /** @throws FilesPending */
  #look(folder: string, names: readonly string[], policy: OverridePolicy): Remembered {
    const nowMs = this.#options.monotonicMs();
    const known = this.#keptIn(folder).find((one) => one.names === names && one.policy === policy);
    if (known !== undefined && nowMs < known.untilMs) return known;
    const { calls } = this.#options;
    const reading = this.#read(folder, names, policy, known);
    if (names.every((name) => calls.isLocal(folder + name))) {
      return this.#keep(folder, known, runNow(reading), nowMs + lookMs);
    }
    throw new FilesPending(
      calls.runLater(reading).then((looked) => {
        this.#keep(folder, known, looked, this.#options.monotonicMs() + lookLaterMs);
      }),
    );
  }

  #keptIn(folder: string): Remembered[] {
    let kept = this.#folders.get(folder);
    if (kept === undefined) {
      if (this.#folders.size >= foldersLimit) this.#folders.clear();
      kept = [];
      this.#folders.set(folder, kept);
    }
    return kept;
  }

  #keep(folder: string, known: Remembered | undefined, looked: Remembered, untilMs: number): Remembered {
    const kept = this.#keptIn(folder);
    const { names, policy } = looked;
    const index = kept.findIndex((one) => one === known || (one.names === names && one.policy === policy));
    looked.untilMs = untilMs;
    if (index < 0) kept.push(looked);
    else kept[index] = looked;
    return looked;
  }

  /** The first of the names that is there counts. */
  *#read(
    folder: string,
    names: readonly string[],
    policy: OverridePolicy,
    known: Remembered | undefined,
  ): FileCall<Remembered> {
    const shared = { names, policy, untilMs: 0 };
    for (const name of names) {
      const path = folder + name;
      try {
        const found = yield* fileStep<Stats | undefined>(
          () => statSync(path, { throwIfNoEntry: false }),
          () => stat(path).catch(undefinedWhereMissing),
        );
        if (found === undefined) continue;
        if (!found.isFile()) throw new Error('it is not a file');
        const version = `${path} ${found.ino} ${found.mtimeMs} ${found.ctimeMs} ${found.size}`;
        if (known !== undefined && known.version === version) return known;
        const settled = this.#options.wallMs() - found.ctimeMs > settledMs;
        const outcome = yield* this.#parse(folder, path, found.size, policy);
        return { ...shared, outcome, version: settled ? version : undefined };
      } catch (error) {
        if (error instanceof RequestError) throw error;
        return { ...shared, outcome: unreadable(path, folder, error), version: undefined };
      }
    }
    return { ...shared, outcome: { kind: 'none' }, version: undefined };
  }

  *#parse(folder: string, path: string, bytes: number, policy: OverridePolicy): FileCall<Outcome> {
    if (bytes > fileBytesLimit) {
      return { kind: 'error', status: 500, message: `${path}: longer than ${fileBytesLimit} bytes` };
    }
    const { defines, main, serverRoot } = this.#options.config;
    const content = yield* fileStep(
      () => readFileSync(path),
      () => readFile(path),
    );
    const parsed = parseConfig({
      file: path,
      isAccessFile: true,
      readFile: () => content,
      vocabulary,
      defines,
      environment: (name) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined),
      serverRoot,
      mpm: `mpm_${main.settings.get(mpmSettings.mpm, 'event')}`,
    });
    const { problems, section } = resolveAccessFile(parsed.tree, vocabulary, { serverRoot, directory: folder, policy });
    const all = [...parsed.problems, ...problems];
    const wrong = all.find(({ severity }) => severity === 'error');
    if (wrong !== undefined) {
      return { kind: 'error', status: 500, message: `${formatPosition(wrong.position)}: ${wrong.message}` };
    }
    for (const problem of all) if (problem.severity === 'warning') this.#options.report(problem);
    return { kind: 'section', section };
  }
}

/** As statSync has it with throwIfNoEntry: a folder that is a file by now has no access file either. */
function undefinedWhereMissing(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}

/** As Apache denies access where it can't see whether a file would. */
function unreadable(path: string, folder: string, error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path}: unable to check htaccess file, ensure it is readable and that '${folder}' is executable (${reason})`;
  return { kind: 'error', status: 403, message };
}

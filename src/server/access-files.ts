/**
 * .htaccess files: finds, reads and keeps them. A folder's file is looked at once in a second at most and read again
 * when it has changed, so that a busy site costs no system call for it; folders whose AllowOverride is None are not
 * looked at, and a server that has nothing else does not come here. Runs in the http child, with its user's rights.
 */

import { readFileSync, type Stats, statSync } from 'node:fs';
import { RequestError } from '../base/errors.js';
import type { Config, Section, ServerScope } from '../conf/config.js';
import { allowsAnything, type OverridePolicy } from '../conf/override-policy.js';
import { parseConfig } from '../conf/parser.js';
import { resolveAccessFile } from '../conf/resolver.js';
import { formatPosition, type Problem } from '../conf/source.js';
import { vocabulary } from './directive-tables.js';
import { mpmSettings } from './mpm-directives.js';
import { overridePolicyOf, overrideSettings } from './override-directives.js';

/** For so long nobody looks whether a file has changed. */
const lookMs = 1000;
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
  checkedAtMs: number;
}

export interface AccessFilesOptions {
  readonly config: Config;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the epoch, for comparison with the times of files. */
  readonly wallMs: () => number;
  /** Warnings about a file, once each time that it is read. */
  readonly report: (problem: Problem) => void;
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
   */
  find(server: ServerScope, folder: string, before: readonly Section[]): Section | undefined {
    const policy = overridePolicyOf(before);
    if (!allowsAnything(policy)) return undefined;
    const names = server.settings.get(overrideSettings.accessFileNames, defaultNames);
    const { outcome } = this.#look(folder, names, policy);
    if (outcome.kind === 'error') throw new AccessFileError(outcome.status, outcome.message);
    return outcome.kind === 'section' ? outcome.section : undefined;
  }

  #look(folder: string, names: readonly string[], policy: OverridePolicy): Remembered {
    const nowMs = this.#options.monotonicMs();
    let kept = this.#folders.get(folder);
    if (kept === undefined) {
      if (this.#folders.size >= foldersLimit) this.#folders.clear();
      kept = [];
      this.#folders.set(folder, kept);
    }
    const index = kept.findIndex((one) => one.names === names && one.policy === policy);
    const known = kept[index];
    if (known !== undefined && nowMs - known.checkedAtMs < lookMs) return known;
    const looked = this.#read(folder, names, policy, known, nowMs);
    if (known === undefined) kept.push(looked);
    else kept[index] = looked;
    return looked;
  }

  /** The first of the names that is there counts. */
  #read(
    folder: string,
    names: readonly string[],
    policy: OverridePolicy,
    known: Remembered | undefined,
    checkedAtMs: number,
  ): Remembered {
    const shared = { names, policy, checkedAtMs };
    for (const name of names) {
      const path = folder + name;
      let found: Stats | undefined;
      try {
        found = statSync(path, { throwIfNoEntry: false });
        if (found === undefined) continue;
        if (!found.isFile()) throw new Error('it is not a file');
        const version = `${path} ${found.ino} ${found.mtimeMs} ${found.ctimeMs} ${found.size}`;
        if (known !== undefined && known.version === version) {
          known.checkedAtMs = checkedAtMs;
          return known;
        }
        const settled = this.#options.wallMs() - found.ctimeMs > settledMs;
        const outcome = this.#parse(folder, path, found.size, policy);
        return { ...shared, outcome, version: settled ? version : undefined };
      } catch (error) {
        return { ...shared, outcome: unreadable(path, folder, error), version: undefined };
      }
    }
    return { ...shared, outcome: { kind: 'none' }, version: undefined };
  }

  #parse(folder: string, path: string, bytes: number, policy: OverridePolicy): Outcome {
    if (bytes > fileBytesLimit) {
      return { kind: 'error', status: 500, message: `${path}: longer than ${fileBytesLimit} bytes` };
    }
    const { defines, main, serverRoot } = this.#options.config;
    const content = readFileSync(path);
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

/** As Apache denies access where it can't see whether a file would. */
function unreadable(path: string, folder: string, error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path}: unable to check htaccess file, ensure it is readable and that '${folder}' is executable (${reason})`;
  return { kind: 'error', status: 403, message };
}

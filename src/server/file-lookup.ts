/**
 * Splits a mapped path into the file that exists and what is left of it (PATH_INFO), as Apache's directory walk does.
 * Answers are remembered for a moment, so that a busy script costs no system call per request. Of a file system that may
 * hang nothing is asked here: it is asked in the background, and whoever wanted to know tries again (whenFilesReady).
 */

import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type FileCalls, FilesPending } from './file-calls.js';

export interface FoundFile {
  /** 'denied': a folder on the way is closed to this process. */
  readonly kind: 'file' | 'directory' | 'other' | 'missing' | 'denied';
  /** The deepest existing file or folder; where something is missing, with the first missing component. */
  readonly filename: string;
  /** What follows `filename`: empty or starting with '/'. */
  readonly rest: string;
  /** The deepest existing folder. */
  readonly folder: string;
}

type FileKind = FoundFile['kind'];

const rememberMs = 1000;
/** Of file systems that may be slow: what is there may take several looks in a row. */
const rememberLaterMs = 5000;
const rememberedLimit = 4096;

interface Remembered {
  readonly kind: FileKind;
  readonly untilMs: number;
}

export class FileLookup {
  readonly #remembered = new Map<string, Remembered>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #nowMs: () => number;
  readonly #calls: FileCalls;

  constructor(nowMs: () => number, calls: FileCalls) {
    this.#nowMs = nowMs;
    this.#calls = calls;
  }

  /**
   * What `path` names; `missing` also where a component on the way is no folder.
   * @throws FilesPending
   */
  kindOf(path: string): FileKind {
    const nowMs = this.#nowMs();
    const known = this.#remembered.get(path);
    if (known !== undefined && known.untilMs > nowMs) return known.kind;
    if (!this.#calls.isLocal(path)) throw new FilesPending(this.#lookLater(path));
    const kind = statKind(path);
    // What is missing may be made at any moment, and then must be there at once.
    if (kind !== 'file' && kind !== 'directory') return kind;
    this.#remember(path, kind, nowMs + rememberMs);
    return kind;
  }

  #remember(path: string, kind: FileKind, untilMs: number): void {
    if (this.#remembered.size >= rememberedLimit) this.#remembered.clear();
    this.#remembered.set(path, { kind, untilMs });
  }

  /** One look for all that ask meanwhile. Their number is bounded by FileCalls. */
  #lookLater(path: string): Promise<void> {
    let looking = this.#pending.get(path);
    if (looking === undefined) {
      looking = this.#look(path).finally(() => this.#pending.delete(path));
      this.#pending.set(path, looking);
    }
    return looking;
  }

  async #look(path: string): Promise<void> {
    const kind = await this.#calls.later(() => stat(path).then(kindOfStats, kindOfError));
    const isThere = kind === 'file' || kind === 'directory';
    this.#remember(path, kind, this.#nowMs() + (isThere ? rememberLaterMs : rememberMs));
  }

  /**
   * Walks `path`, which starts with '/'.
   * @throws FilesPending
   */
  find(path: string): FoundFile {
    const whole = this.kindOf(path);
    if (whole === 'directory') return { kind: whole, filename: path, rest: '', folder: path };
    if (whole === 'file' || whole === 'other') return { kind: whole, filename: path, rest: '', folder: parentOf(path) };
    // From the end: usually only the last component is missing, or all of PATH_INFO lies behind one file.
    let missingFrom = path.length;
    let denied = whole === 'denied';
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const prefix = path.slice(0, at);
      const kind = this.kindOf(prefix);
      if (kind === 'file' || kind === 'other') {
        return { kind, filename: prefix, rest: path.slice(at), folder: parentOf(prefix) };
      }
      if (kind === 'directory') return incomplete(path, prefix, missingFrom, denied);
      denied = kind === 'denied';
      missingFrom = at;
    }
    return incomplete(path, '/', missingFrom, denied);
  }
}

function incomplete(path: string, folder: string, missingFrom: number, denied: boolean): FoundFile {
  const kind = denied ? 'denied' : 'missing';
  return { kind, filename: path.slice(0, missingFrom), rest: path.slice(missingFrom), folder };
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** What keeps a file from being looked at: 403 in Apache, also where nobody could have such a file. */
const deniedCodes: ReadonlySet<string> = new Set(['EACCES', 'ENAMETOOLONG', 'ELOOP']);

function statKind(path: string): FileKind {
  try {
    return kindOfStats(statSync(path, { throwIfNoEntry: false }));
  } catch (error) {
    return kindOfError(error);
  }
}

function kindOfStats(found: Stats | undefined): FileKind {
  if (found === undefined) return 'missing';
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'directory' : 'other';
}

function kindOfError(error: unknown): FileKind {
  return deniedCodes.has((error as NodeJS.ErrnoException).code ?? '') ? 'denied' : 'missing';
}

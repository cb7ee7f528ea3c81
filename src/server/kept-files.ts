/**
 * Short files that are asked for all the time stay open for a moment: looking at their path costs less than opening and
 * closing them. Only the descriptor is kept. What the client gets is read anew, so that it is what the file holds, also
 * where that was changed through memory (mmap), which no time and no size tells.
 *
 * A descriptor is used for the next request only while opening the path would give the same: the same file (its inode is
 * not used for another one while it is open), and its time of change (ctime) the same, so that neither owner nor rights
 * have changed. openStatic calls it; local file systems only.
 */

import { type BigIntStats, closeSync, fstatSync, openSync, statSync } from 'node:fs';

export interface KeptOrOpened {
  readonly fd: number;
  readonly stats: BigIntStats;
  /** Others use it, too: whoever asked does not close it. */
  readonly isKept: boolean;
}

interface KeptFile {
  readonly fd: number;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly ctimeNs: bigint;
  /** Since the last sweep. */
  isUsed: boolean;
}

/** Descriptors of each http child. */
const keptLimit = 128;
/** What nobody asks for is closed one to two of these later: it keeps a file system from being unmounted. */
const defaultSweepMs = 1000;
/** A file that changed so shortly before may change again without its time telling, on file systems that count in two seconds. */
const settledMs = 2500;
const bigint = { bigint: true } as const;

export interface KeptFilesOptions {
  /** Longer files are not kept. */
  readonly bytesLimit: number;
  /** Since the epoch, as the times of files. */
  readonly nowMs?: () => number;
  readonly sweepMs?: number;
}

export class KeptFiles {
  readonly #files = new Map<string, KeptFile>();
  readonly #bytesLimit: number;
  readonly #nowMs: () => number;
  readonly #sweepMs: number;
  #sweeper: NodeJS.Timeout | undefined;

  constructor({ bytesLimit, nowMs = Date.now, sweepMs = defaultSweepMs }: KeptFilesOptions) {
    this.#bytesLimit = bytesLimit;
    this.#nowMs = nowMs;
    this.#sweepMs = sweepMs;
  }

  get size(): number {
    return this.#files.size;
  }

  /** The file at the path, as opening it would find it. @throws what the calls throw */
  open(path: string, flags: number): KeptOrOpened {
    const known = this.#files.get(path);
    if (known !== undefined) {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (stats !== undefined && isSame(known, stats) && stats.size <= this.#bytesLimit) {
        known.isUsed = true;
        return { fd: known.fd, stats, isKept: true };
      }
      this.#files.delete(path);
      closeSync(known.fd);
    }
    const fd = openSync(path, flags);
    try {
      const stats = fstatSync(fd, bigint);
      return { fd, stats, isKept: this.#keep(path, fd, stats) };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #keep(path: string, fd: number, stats: BigIntStats): boolean {
    if (this.#files.size >= keptLimit || stats.size > this.#bytesLimit || !stats.isFile()) return false;
    const { ctimeMs, ctimeNs, dev, ino } = stats;
    if (this.#nowMs() - Number(ctimeMs) < settledMs) return false;
    this.#files.set(path, { fd, dev, ino, ctimeNs, isUsed: true });
    this.#sweeper ??= setInterval(() => this.#sweep(), this.#sweepMs).unref();
    return true;
  }

  #sweep(): void {
    for (const [path, file] of this.#files) {
      if (!file.isUsed) {
        this.#files.delete(path);
        closeSync(file.fd);
      }
      file.isUsed = false;
    }
    if (this.#files.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

function isSame(known: KeptFile, { ctimeNs, dev, ino }: BigIntStats): boolean {
  return known.ino === ino && known.ctimeNs === ctimeNs && known.dev === dev;
}

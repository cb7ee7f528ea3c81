/**
 * A file that is read again when it has changed, and looked at once a second at most, however many requests ask for
 * it. Owned by whoever needs its value: one for each path.
 */

import { readFile, stat } from 'node:fs/promises';

const lookMs = 1000;
const fileBytesLimit = 64 * 1024 * 1024;

export class WatchedFile<T> {
  readonly #path: string;
  readonly #parse: (text: string) => T;
  readonly #nowMs: () => number;
  #value: Promise<T> | undefined;
  /** Size, times and inode of what `#value` was read from. */
  #version = '';
  #lookedMs = Number.NEGATIVE_INFINITY;

  /** `parse` gets the file as a byte string. `nowMs`: of a clock that only goes forward. */
  constructor(path: string, parse: (text: string) => T, nowMs: () => number) {
    this.#path = path;
    this.#parse = parse;
    this.#nowMs = nowMs;
  }

  /** What it holds. @throws where it can't be read; the next call tries again */
  async read(): Promise<T> {
    const nowMs = this.#nowMs();
    if (this.#value === undefined || nowMs - this.#lookedMs >= lookMs) {
      this.#lookedMs = nowMs;
      this.#value = this.#refresh(this.#value);
    }
    const value = this.#value;
    try {
      return await value;
    } catch (error) {
      if (this.#value === value) this.#value = undefined;
      throw error;
    }
  }

  async #refresh(before: Promise<T> | undefined): Promise<T> {
    const { ctimeMs, ino, mtimeMs, size } = await stat(this.#path);
    const version = `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
    if (before !== undefined && version === this.#version) return await before;
    if (size > fileBytesLimit) throw new Error(`it has more than ${fileBytesLimit} bytes`);
    const value = this.#parse(await readFile(this.#path, 'latin1'));
    this.#version = version;
    return value;
  }
}

/** The files that requests have asked for, by path. */
export class WatchedFiles<T> {
  readonly #files = new Map<string, WatchedFile<T>>();
  readonly #parse: (text: string) => T;
  readonly #nowMs: () => number;

  constructor(parse: (text: string) => T, nowMs: () => number) {
    this.#parse = parse;
    this.#nowMs = nowMs;
  }

  /** @throws as WatchedFile.read */
  read(path: string): Promise<T> {
    let file = this.#files.get(path);
    if (file === undefined) {
      // Paths stand in the configuration and in .htaccess files: there are not many of them.
      if (this.#files.size >= filesLimit) this.#files.clear();
      file = new WatchedFile(path, this.#parse, this.#nowMs);
      this.#files.set(path, file);
    }
    return file.read();
  }
}

const filesLimit = 1000;

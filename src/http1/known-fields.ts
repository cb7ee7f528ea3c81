/**
 * The header fields of the request before on a connection: clients send the same ones again and again, byte for byte.
 * Where they do, the list that was made of them serves again, and whoever has made something of that list knows so by
 * the list itself.
 */

import type { BodyFraming } from './body-framing.js';

export interface ReadFields {
  /** Flat: name, value, name, value. Never changed. */
  readonly fields: readonly string[];
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** What they say in that version. */
  readonly framing: BodyFraming;
}

/** Longer ones are read each time. */
const keptBytesLimit = 4096;
/** Below that a loop is faster than a call. */
const comparedInLoopBytes = 96;
/** After so many requests in a row whose fields were others nothing is kept any more: a proxy speaks for many clients. */
const missesLimit = 8;

export class KnownFields {
  #bytes = Buffer.allocUnsafeSlow(512);
  #length = 0;
  #read: ReadFields | undefined;
  #misses = 0;

  /**
   * Whether the same fields begin at `from`, with the empty line behind them, and end before `to`.
   * @returns where the empty line ends; 0: they are others
   */
  match(bytes: Uint8Array, from: number, to: number): number {
    const length = this.#length;
    const end = from + length;
    if (length === 0 || end > to) return 0;
    const known = this.#bytes;
    const inLoop = Math.min(length, comparedInLoopBytes);
    for (let at = 0; at < inLoop; at++) if (known[at] !== bytes[from + at]) return 0;
    if (length > inLoop && known.compare(bytes, from + inLoop, end, inLoop, length) !== 0) return 0;
    return end;
  }

  /** What was kept, after a match. */
  get read(): ReadFields {
    return this.#read as ReadFields;
  }

  matched(): void {
    this.#misses = 0;
  }

  /** Others came: from `from` to behind the empty line at `end`. */
  keep(bytes: Buffer, from: number, end: number, read: ReadFields): void {
    const length = end - from;
    this.#misses += 1;
    this.#length = 0;
    if (this.#misses > missesLimit || length > keptBytesLimit) return;
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(keptBytesLimit);
    bytes.copy(this.#bytes, 0, from, end);
    this.#length = length;
    this.#read = read;
  }
}

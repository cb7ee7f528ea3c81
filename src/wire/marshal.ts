/**
 * Writes CPython's marshal format, which every CPython reads with a C decoder: the cheapest way to hand a dict of
 * strings to Python. Only what request frames need: tuples, dicts, strings, integers, floats, booleans, None.
 * Format: Python/marshal.c, version 4 type codes, unchanged from CPython 3.4 on.
 *
 * Strings are written as ASCII, or as UTF-8 where a character is above U+007F.
 */

const initialBytes = 4096;

const code = {
  null: 0x30, // '0', ends a dict
  none: 0x4e, // 'N'
  false: 0x46, // 'F'
  true: 0x54, // 'T'
  int: 0x69, // 'i'
  float: 0x67, // 'g'
  shortAscii: 0x7a, // 'z', u8 length
  ascii: 0x61, // 'a', u32 length
  unicode: 0x75, // 'u', u32 length, UTF-8
  dict: 0x7b, // '{'
  smallTuple: 0x29, // ')', u8 length
} as const;

export type MarshalValue = string | number | boolean | null;

/** Grows as needed and is reused from frame to frame; `bytes()` is a view that the next `reset` invalidates. */
export class MarshalWriter {
  #buffer = Buffer.allocUnsafeSlow(initialBytes);
  #at = 0;

  /** Starts anew, leaving `reservedBytes` free at the front for a frame header. */
  reset(reservedBytes = 0): void {
    this.#at = reservedBytes;
  }

  /** What was written, from the start of the reserved bytes. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  /** So much was written, the reserved bytes included. */
  get length(): number {
    return this.#at;
  }

  /** What was written from there on, for `raw`. */
  copyFrom(at: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, at, this.#at);
  }

  /** What `copyFrom` gave: whole values, or entries of a dict. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  beginTuple(length: number): void {
    this.#reserve(2);
    this.#buffer[this.#at++] = code.smallTuple;
    this.#buffer[this.#at++] = length;
  }

  beginDict(): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = code.dict;
  }

  endDict(): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = code.null;
  }

  /** One entry of a dict of strings. */
  entry(key: string, value: string): void {
    this.string(key);
    this.string(value);
  }

  value(value: MarshalValue): void {
    if (typeof value === 'string') {
      this.string(value);
    } else if (typeof value === 'number') {
      this.#number(value);
    } else {
      this.#reserve(1);
      this.#buffer[this.#at++] = value === null ? code.none : value ? code.true : code.false;
    }
  }

  string(text: string): void {
    const length = text.length;
    // UTF-8 of one UTF-16 unit is three bytes at most.
    this.#reserve(5 + length * 3);
    const buffer = this.#buffer;
    if (length <= 255 && this.#copyAscii(text, this.#at + 2)) {
      buffer[this.#at] = code.shortAscii;
      buffer[this.#at + 1] = length;
      this.#at += 2 + length;
      return;
    }
    const written = buffer.write(text, this.#at + 5, 'utf8');
    buffer[this.#at] = written === length ? code.ascii : code.unicode;
    buffer.writeUInt32LE(written, this.#at + 1);
    this.#at += 5 + written;
  }

  /** False where a character is not ASCII. Short strings are copied faster by a loop than by a call into the runtime. */
  #copyAscii(text: string, at: number): boolean {
    const buffer = this.#buffer;
    let seen = 0;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      seen |= character;
      buffer[at + index] = character;
    }
    return seen <= 0x7f;
  }

  #number(value: number): void {
    this.#reserve(9);
    if (Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff) {
      this.#buffer[this.#at] = code.int;
      this.#buffer.writeInt32LE(value, this.#at + 1);
      this.#at += 5;
    } else {
      this.#buffer[this.#at] = code.float;
      this.#buffer.writeDoubleLE(value, this.#at + 1);
      this.#at += 9;
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#at);
    this.#buffer = grown;
  }
}

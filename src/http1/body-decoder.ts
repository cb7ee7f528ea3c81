/**
 * Tells where the body of a request ends on its connection, and takes chunks apart (RFC 9112 section 7.1): extensions
 * and trailer fields are checked for their form, bounded, and thrown away. As strict with line ends as request-head.ts.
 *
 *   size ──▶ extension ──▶ size's LF ──▶ data ──▶ its CR ──▶ its LF ──▶ size ...
 *                              └─ size 0 ──▶ trailer line ──▶ name ──▶ value ──▶ its LF ──▶ trailer line ... ──▶ last LF
 */

import { chunked } from './body-framing.js';

/** Digits of a chunk's size; 13 would do for what a number can hold. */
const sizeDigitsLimit = 16;
/** All extensions of a body together, as node:http has it. */
const extensionBytesLimit = 16 * 1024;
const trailerBytesLimit = 64 * 1024;

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const extension = `${token}(?:=(?:${token}|${quoted}))?`;
const extensions = new RegExp(`^${extension}(?:;${extension})*$`);

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const semicolon = 0x3b;
const colon = 0x3a;

type State =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf';

export class BodyDecoder {
  readonly #onBlock: (block: Buffer) => void;
  #state: State;
  /** What is still to come of the chunk, or of the whole body where its length was told. */
  #leftBytes: number;
  #sizeDigits = 0;
  /** Of the chunk at hand; without its first semicolon. */
  #extension = '';
  #extensionBytes = 0;
  #trailerBytes = 0;
  readonly #isChunked: boolean;
  #isComplete = false;
  #problem: string | undefined;

  /** `bodyBytes`: the length, or `chunked`. */
  constructor(bodyBytes: number, onBlock: (block: Buffer) => void) {
    this.#isChunked = bodyBytes === chunked;
    this.#state = this.#isChunked ? 'size' : 'data';
    this.#leftBytes = this.#isChunked ? 0 : bodyBytes;
    this.#isComplete = bodyBytes === 0;
    this.#onBlock = onBlock;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** What is wrong with the chunks; nothing more can be decoded then. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Takes what of `bytes` belongs to the body. @returns where that ends */
  decode(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && !this.#isComplete && this.#problem === undefined) {
      if (this.#state === 'data') {
        const end = Math.min(to, at + this.#leftBytes);
        this.#leftBytes -= end - at;
        const block = bytes.subarray(at, end);
        at = end;
        if (this.#leftBytes === 0) {
          if (this.#isChunked) this.#state = 'data-cr';
          else this.#isComplete = true;
        }
        this.#onBlock(block);
      } else {
        this.#step(bytes[at] as number);
        at += 1;
      }
    }
    return at;
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'size':
        this.#takeSize(byte);
        return;
      case 'extension':
        if (byte === cr) {
          if (!extensions.test(this.#extension)) this.#problem = 'a chunk extension is malformed';
          this.#extension = '';
          this.#state = 'size-lf';
        } else if (++this.#extensionBytes > extensionBytesLimit) this.#problem = 'chunk extensions are too long';
        else this.#extension += String.fromCharCode(byte);
        return;
      case 'size-lf':
        if (byte !== lf) this.#problem = 'the size of a chunk does not end with CR LF';
        else this.#state = this.#leftBytes === 0 ? 'trailer' : 'data';
        this.#sizeDigits = 0;
        return;
      case 'data-cr':
        if (byte !== cr) this.#problem = 'a chunk is longer than its size';
        this.#state = 'data-lf';
        return;
      case 'data-lf':
        if (byte !== lf) this.#problem = 'a chunk does not end with CR LF';
        this.#state = 'size';
        return;
      default:
        this.#takeTrailer(byte);
    }
  }

  #takeSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit !== undefined) {
      this.#leftBytes = this.#leftBytes * 16 + digit;
      this.#sizeDigits += 1;
      if (this.#sizeDigits > sizeDigitsLimit || !Number.isSafeInteger(this.#leftBytes))
        this.#problem = 'the size of a chunk is too large';
    } else if (this.#sizeDigits === 0) this.#problem = 'a chunk has no size';
    else if (byte === cr) this.#state = 'size-lf';
    else if (byte === semicolon) this.#state = 'extension';
    else this.#problem = 'the size of a chunk is no hexadecimal number';
  }

  #takeTrailer(byte: number): void {
    if (++this.#trailerBytes > trailerBytesLimit) {
      this.#problem = 'the trailer is too long';
      return;
    }
    switch (this.#state) {
      case 'trailer':
        if (byte === cr) this.#state = 'last-lf';
        else if (isTokenByte(byte)) this.#state = 'trailer-name';
        else this.#problem = 'a line of the trailer is no field';
        return;
      case 'trailer-name':
        if (byte === colon) this.#state = 'trailer-value';
        else if (!isTokenByte(byte)) this.#problem = 'a line of the trailer is no field';
        return;
      case 'trailer-value':
        if (byte === cr) this.#state = 'trailer-lf';
        else if (!isFieldByte(byte)) this.#problem = 'a trailer field has a control character';
        return;
      case 'trailer-lf':
        if (byte !== lf) this.#problem = 'a line of the trailer does not end with CR LF';
        this.#state = 'trailer';
        return;
      case 'last-lf':
        if (byte !== lf) this.#problem = 'the trailer does not end with CR LF';
        else this.#isComplete = true;
    }
  }
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}

function isFieldByte(byte: number): boolean {
  return (byte >= space && byte !== 0x7f) || byte === tab;
}

function isTokenByte(byte: number): boolean {
  return byte < 0x80 && /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(byte));
}

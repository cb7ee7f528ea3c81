/**
 * How much of a response may be on its way, so that a slow client does not keep a request thread: the http child gives
 * credit back not only for what the client has taken but also, as far as response-buffer-size goes, for what it keeps
 * for the client itself. All responses of an http child share one budget; one that finds it used up gets credit only
 * as its client takes. While there is plenty a response gets some of that in advance, with its request: then one of
 * ordinary size is sent without waiting for credit.
 */

import { advanceUnitBytes, responseWindowBytes } from '../wire/protocol.js';

/** What response-buffer-size 0 means. Half of mod_wsgi's bound, which is one for a single request and not for all clients. */
export const defaultResponseBufferBytes = 4 * 1024 * 1024;

/** Each block that waits for the client costs memory beside its bytes: with more of them no credit is given in advance. */
const blocksAheadLimit = 2048;

/** Given with a request. More would hold up the other requests of the connection for longer than waiting for credit costs. */
const advanceBytesLimit = 1_048_576 - responseWindowBytes;

/** Bytes that all responses of an http child may be kept in beyond their windows. */
export class ResponseBudget {
  readonly #bytes: number;
  #freeBytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#freeBytes = bytes;
  }

  /** Less than half of it is taken. */
  get isPlentiful(): boolean {
    return this.#freeBytes * 2 > this.#bytes;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** @returns how much of it there was */
  reserve(bytes: number): number {
    const reserved = Math.min(bytes, this.#freeBytes);
    this.#freeBytes -= reserved;
    return reserved;
  }

  release(bytes: number): void {
    this.#freeBytes += bytes;
  }
}

/** Of one response. Invariant: what was given is what the client took and what is reserved in the budget. */
export class ResponseCredit {
  readonly #budget: ResponseBudget;
  readonly #aheadBytesLimit: number;
  #receivedBytes = 0;
  #takenBytes = 0;
  #reservedBytes = 0;
  #givenBytes = 0;
  #blocks = 0;
  #isClosed = false;
  /** Reserved, whether it is kept or not, until the response has come to its end. */
  #advanceBytes = 0;

  /** `responseBufferBytes`: response-buffer-size as it is written. */
  constructor(responseBufferBytes: number, budget: ResponseBudget) {
    this.#budget = budget;
    // The daemon process may send a window without being asked.
    this.#aheadBytesLimit = Math.max(0, (responseBufferBytes || defaultResponseBufferBytes) - responseWindowBytes);
  }

  /** The request is sent. @returns how much may be sent beyond the window, in units of the protocol */
  advance(): number {
    if (!this.#budget.isPlentiful) return 0;
    const units = Math.floor(Math.min(advanceBytesLimit, this.#aheadBytesLimit) / advanceUnitBytes);
    const bytes = units * advanceUnitBytes;
    if (this.#budget.freeBytes < bytes) return 0;
    this.#reservedBytes = this.#givenBytes = this.#advanceBytes = this.#budget.reserve(bytes);
    return units;
  }

  /** The process does not run it: it is sent again, or answered otherwise. */
  withdraw(): void {
    this.#budget.release(this.#reservedBytes);
    this.#reservedBytes = this.#givenBytes = this.#advanceBytes = 0;
  }

  /** All of it came. What the client has not taken keeps its place. */
  end(): void {
    this.#advanceBytes = 0;
    this.#give();
  }

  /** A block came. @returns how many bytes to give back */
  received(bytes: number): number {
    this.#receivedBytes += bytes;
    this.#blocks += 1;
    return this.#give();
  }

  /** The client took a block. @returns how many bytes to give back */
  taken(bytes: number): number {
    this.#takenBytes += bytes;
    this.#blocks -= 1;
    return this.#give();
  }

  /** Nothing is kept any more: the client has all, or has left. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#budget.release(this.#reservedBytes);
  }

  #give(): number {
    if (this.#isClosed) return 0;
    const kept = Math.max(this.#advanceBytes, Math.min(this.#receivedBytes - this.#takenBytes, this.#aheadBytesLimit));
    const missing = kept - this.#reservedBytes;
    if (missing < 0) {
      this.#budget.release(-missing);
      this.#reservedBytes = kept;
    } else if (this.#blocks <= blocksAheadLimit) {
      this.#reservedBytes += this.#budget.reserve(missing);
    }
    const bytes = this.#takenBytes + this.#reservedBytes - this.#givenBytes;
    this.#givenBytes += bytes;
    return bytes;
  }
}

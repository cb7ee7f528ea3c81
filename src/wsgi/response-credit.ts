/**
 * How much of a response may be on its way, so that a slow client does not keep a request thread: the http child gives
 * credit back not only for what the client has taken but also, as far as response-buffer-size goes, for what it keeps
 * for the client itself. All responses of an http child share one budget; one that finds it used up gets credit only
 * as its client takes.
 */

import { responseWindowBytes } from '../wire/protocol.js';

/** What response-buffer-size 0 means. Half of mod_wsgi's bound, which is one for a single request and not for all clients. */
export const defaultResponseBufferBytes = 4 * 1024 * 1024;

/** Each block that waits for the client costs memory beside its bytes: with more of them no credit is given in advance. */
const blocksAheadLimit = 2048;

/** Bytes that all responses of an http child may be kept in beyond their windows. */
export class ResponseBudget {
  #freeBytes: number;

  constructor(bytes: number) {
    this.#freeBytes = bytes;
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

/** Of one response. Invariant: what was given back is what the client took and what is reserved in the budget. */
export class ResponseCredit {
  readonly #budget: ResponseBudget;
  readonly #aheadBytesLimit: number;
  #receivedBytes = 0;
  #takenBytes = 0;
  #reservedBytes = 0;
  #givenBytes = 0;
  #blocks = 0;
  #isClosed = false;

  /** `responseBufferBytes`: response-buffer-size as it is written. */
  constructor(responseBufferBytes: number, budget: ResponseBudget) {
    this.#budget = budget;
    // The daemon process may send a window without being asked.
    this.#aheadBytesLimit = Math.max(0, (responseBufferBytes || defaultResponseBufferBytes) - responseWindowBytes);
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
    const kept = Math.min(this.#receivedBytes - this.#takenBytes, this.#aheadBytesLimit);
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

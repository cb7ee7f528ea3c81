/**
 * How many requests one process may be given beyond its request threads, so that the next one is there when a thread
 * becomes free: without that a fast application spends most of its time waiting for the http child.
 *
 * What waits in a process waits behind whatever is slow there. So a process is given as many as it runs within about a
 * millisecond, judged by how long each request took in it, and none where more than a few of the last ones were slow.
 */

/** What waits in a process is to wait about so long. */
const waitMs = 1;
const depthLimit = 64;
/** Weight of the newest request in the mean. */
const smoothing = 1 / 16;
/** A request that takes longer is slow; of so many requests one may be. */
const slowMs = 5;
const requestsPerSlow = 200;
/** Of fewer requests nothing is known. */
const requestsNeeded = 32;

export class PipelineDepth {
  readonly #threads: number;
  #meanMs = 0;
  /** Of this period and of the one before. */
  #requests = 0;
  #slow = 0;
  #requestsBefore = 0;
  #slowBefore = 0;

  /** `threads`: request threads of the process. */
  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Requests that may wait in the process. */
  get depth(): number {
    const requests = this.#requests + this.#requestsBefore;
    if (requests < requestsNeeded || (this.#slow + this.#slowBefore) * requestsPerSlow > requests) return 0;
    return Math.min(depthLimit, Math.floor((waitMs * this.#threads) / this.#meanMs));
  }

  /** A request was run; it occupied a request thread for `tookMs`. */
  add(tookMs: number): void {
    this.#meanMs += (tookMs - this.#meanMs) * (this.#requests + this.#requestsBefore === 0 ? 1 : smoothing);
    this.#requests += 1;
    if (tookMs > slowMs) this.#slow += 1;
  }

  /** A period begins: what was before the last one is forgotten. */
  beginPeriod(): void {
    this.#requestsBefore = this.#requests;
    this.#slowBefore = this.#slow;
    this.#requests = 0;
    this.#slow = 0;
  }
}

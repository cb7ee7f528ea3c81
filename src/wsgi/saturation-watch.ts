/**
 * Says when a process group has not enough request threads: one warning when requests have waited for longer than a
 * second since every thread was busy, again each minute while that lasts, and one line when it has passed.
 *
 *   calm ──a request has waited too long──▶ saturated ──nothing waits, or not for long any more──▶ calm
 */

import { countWaiting, describeGroup, formatSeconds } from './running-requests.js';

export interface SaturationFacts {
  /** All request threads of the processes that take requests. */
  readonly threads: number;
  readonly waiting: number;
  /** For how long the first of them has waited. */
  readonly longestWaitMs: number;
  /** What the threads do instead; called when it is to be told. */
  readonly describeRunning: () => string;
}

/** Waiting for longer than this is worth a warning. */
const waitMsLimit = 1_000;
const repeatMs = 60_000;
/** Waiting that is short again so often in a row is over, though the queue is never found empty. */
const calmChecksNeeded = 3;

export class SaturationWatch {
  readonly #name: string;
  readonly #report: (level: 'warn' | 'notice', message: string) => void;
  readonly #onWarning: () => void;
  /** Since when every thread has been busy; undefined while calm. */
  #sinceMs: number | undefined;
  #warnedMs = 0;
  #calmChecks = 0;

  /** `onWarning` is called behind each warning. */
  constructor(
    name: string,
    report: (level: 'warn' | 'notice', message: string) => void,
    onWarning: () => void = () => {},
  ) {
    this.#onWarning = onWarning;
    this.#name = name;
    this.#report = report;
  }

  /** Called once a second. */
  check(nowMs: number, facts: SaturationFacts): void {
    if (facts.waiting === 0 || facts.longestWaitMs <= waitMsLimit) {
      this.#calmChecks += 1;
      if (facts.waiting === 0 || this.#calmChecks >= calmChecksNeeded) this.#passed(nowMs);
      return;
    }
    this.#calmChecks = 0;
    const isNew = this.#sinceMs === undefined;
    this.#sinceMs ??= nowMs - facts.longestWaitMs;
    if (!isNew && nowMs - this.#warnedMs < repeatMs) return;
    this.#warnedMs = nowMs;
    const { threads, waiting } = facts;
    const who = threads === 1 ? 'the one request thread' : `all ${threads} request threads`;
    const have = threads === 1 ? 'has' : 'have';
    const cure =
      this.#name === ''
        ? 'consider a larger ThreadsPerChild, or daemon mode, which has timeouts'
        : 'consider more threads= or processes=, or a request-timeout=';
    this.#report(
      'warn',
      `${who} of ${describeGroup(this.#name)} ${have} been busy for ${formatSeconds(nowMs - this.#sinceMs)} and ` +
        `${countWaiting(waiting)}; longest running: ${facts.describeRunning()}; ` +
        cure,
    );
    this.#onWarning();
  }

  #passed(nowMs: number): void {
    if (this.#sinceMs === undefined) return;
    const lasted = formatSeconds(nowMs - this.#sinceMs);
    this.#sinceMs = undefined;
    this.#report(
      'notice',
      `requests no longer wait for ${describeGroup(this.#name)}, which had no free request thread for ${lasted}`,
    );
  }
}

/**
 * How Apache's parent keeps the number of idle children within bounds (perform_idle_server_maintenance of its MPMs): once
 * a second one decision. Counts in, decision out; http-children.ts carries it out.
 */

import type { SpareBounds } from './mpm.js';

export interface ChildCounts {
  /** All that there are: those that start, serve, or finish with their connections. */
  readonly total: number;
  readonly ending: number;
  /** Idle request threads of those that serve and, as they will be idle soon, of those that start. */
  readonly idleThreads: number;
}

export interface MaintenanceDecision {
  /** How many more to start. */
  readonly start: number;
  /** Whether one of the idle ones is to end. */
  readonly endsOne: boolean;
  readonly message?: { readonly level: 'info' | 'error'; readonly text: string };
}

/** How many are started at once at most. */
const spawnRateLimit = 32;
/** From here on the log tells that the numbers don't fit the load. */
const spawnRateReported = 8;
/** After a reload the number is not doubled for so many times: everything is new, and starting takes its time. */
const holdOffRounds = 10;

export class SpareMaintenance {
  readonly #bounds: SpareBounds;
  #spawnRate = 1;
  #holdOff: number;
  #hasReportedLimit = false;

  constructor(bounds: SpareBounds, isReload: boolean) {
    this.#bounds = bounds;
    this.#holdOff = isReload ? holdOffRounds : 0;
  }

  decide({ total, ending, idleThreads }: ChildCounts): MaintenanceDecision {
    const { minSpareThreads, maxSpareThreads, childrenLimit } = this.#bounds;
    if (idleThreads > maxSpareThreads) {
      this.#spawnRate = 1;
      // Those that end may take long over it; with threads each takes many idle ones along, so one after the other.
      return { start: 0, endsOne: this.#bounds.threadsPerChild === 1 || ending === 0 };
    }
    if (idleThreads >= minSpareThreads) {
      this.#spawnRate = 1;
      return { start: 0, endsOne: false };
    }
    const start = Math.min(this.#spawnRate, childrenLimit - total);
    if (start <= 0) {
      this.#spawnRate = 1;
      return { start: 0, endsOne: false, ...this.#reportLimit(total - ending) };
    }
    const rate = this.#spawnRate;
    if (this.#holdOff > 0) this.#holdOff -= 1;
    else this.#spawnRate = Math.min(this.#spawnRate * 2, spawnRateLimit);
    if (rate < spawnRateReported) return { start, endsOne: false };
    const what = this.#bounds.threadsPerChild === 1 ? 'Servers' : 'Threads';
    const text =
      `server seems busy, (you may need to increase StartServers, or Min/MaxSpare${what}), ` +
      `spawning ${start} children, there are ${idleThreads} idle, and ${total} total children`;
    return { start, endsOne: false, message: { level: 'info', text } };
  }

  /** Once in the life of a configuration. Where some only finish their connections the setting is not to blame. */
  #reportLimit(serving: number): Pick<MaintenanceDecision, 'message'> {
    if (this.#hasReportedLimit || serving < this.#bounds.childrenLimit) return {};
    this.#hasReportedLimit = true;
    const text = 'server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting';
    return { message: { level: 'error', text } };
  }
}

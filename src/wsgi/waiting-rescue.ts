/**
 * Takes requests back that wait in a busy process while another one has a free thread. They are there because both were
 * busy when they were sent (pipeline-depth.ts), or because another http child keeps that process busy.
 *
 * A look now and then, while any request is open: what was sent before the last look and, says the process's scoreboard,
 * has not started is asked back, as much as the others have threads for.
 */

import type { Clock } from '../base/clock.js';
import type { GroupConnection, ProcessLink } from './process-link.js';

/** Between two looks; a request waits for one to two of them. */
const lookMs = 10;

interface Waiting {
  readonly link: ProcessLink;
  readonly connection: GroupConnection;
  readonly ids: readonly number[];
}

export class WaitingRescue {
  readonly #clock: Clock;
  readonly #links: ReadonlyMap<unknown, ProcessLink>;
  readonly #countFree: (link: ProcessLink) => number;
  /** The first id that was not sent before the last look. */
  readonly #seenIds = new WeakMap<GroupConnection, number>();
  #isLooking = false;

  /** `countFree`: request threads of a process that are free as far as this http child knows. */
  constructor(clock: Clock, links: ReadonlyMap<unknown, ProcessLink>, countFree: (link: ProcessLink) => number) {
    this.#clock = clock;
    this.#links = links;
    this.#countFree = countFree;
  }

  /** A request is sent: from here on it is looked after. */
  watch(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(lookMs, () => this.#look());
  }

  #look(): void {
    this.#isLooking = false;
    let open = 0;
    const waiting: Waiting[] = [];
    for (const link of this.#links.values()) {
      open += link.openRequests;
      link.isCrowded = false;
      for (const connection of link.connections) {
        const ids = this.#findWaiting(link, connection);
        if (ids.length === 0) continue;
        link.isCrowded = true;
        waiting.push({ link, connection, ids });
      }
    }
    if (open === 0) return;
    this.watch();
    if (waiting.length === 0) return;
    let free = 0;
    for (const link of this.#links.values()) if (!link.isCrowded) free += this.#countFree(link);
    for (const { connection, ids } of waiting) {
      for (const id of ids.slice(0, free)) connection.channel.revoke(id);
      free -= Math.min(free, ids.length);
    }
  }

  /** The ids of what waits since before the last look, in their order. */
  #findWaiting(link: ProcessLink, connection: GroupConnection): readonly number[] {
    const { channel } = connection;
    const seenId = this.#seenIds.get(connection) ?? 0;
    this.#seenIds.set(connection, channel.nextId);
    if (channel.oldestId >= seenId) return [];
    const highestStarted = link.readScoreboard()?.highestStarted.get(connection.number);
    // Of a process that can't be asked nothing is known.
    if (highestStarted === undefined) return [];
    return channel.unstarted(highestStarted).filter((id) => id < seenId);
  }
}

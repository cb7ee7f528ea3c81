/**
 * Which requests are run by a call that the event loop waits for: those that have proved to be over at once. What others
 * of the same method and path took is remembered, and what takes longer goes over the channel until it is fast again.
 */

/** An average above this is not waited for. A processor that has too much to do must not make everything look slow. */
const fastMs = 20;
/** One request counts as this at most, so that a slow one, a script that was loaded, is forgotten in time. */
const countedMs = 100;
/** How much the last request weighs. */
const weight = 0.25;
/** Paths share entries: so many requests can't fill the memory. */
const entries = 1024;

export class DirectChoice {
  /** NaN: nothing is known. */
  readonly #averagesMs = new Float32Array(entries).fill(Number.NaN);

  /** Whether requests of this name have been fast; not where there were none. */
  isFast(name: string): boolean {
    return (this.#averagesMs[entryOf(name)] as number) <= fastMs;
  }

  /** A request of this name was over after so long. */
  note(name: string, ms: number): void {
    const entry = entryOf(name);
    const average = this.#averagesMs[entry] as number;
    const counted = Math.min(ms, countedMs);
    this.#averagesMs[entry] = Number.isNaN(average) ? counted : average + (counted - average) * weight;
  }
}

/** FNV-1a. */
function entryOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % entries;
}

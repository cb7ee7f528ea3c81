/** What every load reports, whoever made it. */

export interface LoadFigures {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly errors: number;
  /** What kind of errors; empty for none. */
  readonly errorText: string;
  /** Figures of one kind of load, by name with unit. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** Counts failures by their text. */
export class ErrorCount {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get text(): string {
    return [...this.#counts].map(([text, count]) => `${count} x ${text}`).join(', ');
  }
}

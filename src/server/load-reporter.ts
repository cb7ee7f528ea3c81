/**
 * Tells the parent how much an http child has to do. As Apache's parent looks at the scoreboard now and then, this looks
 * at the child some time after a change, not at each one: a request that is over soon costs no message.
 */

import type { Clock } from '../base/clock.js';

/** What an http child is doing. */
export interface ChildLoad {
  /** Client connections, also idle ones that are kept open. */
  readonly connections: number;
  /** Requests at hand. */
  readonly requests: number;
}

export const noLoad: ChildLoad = Object.freeze({ connections: 0, requests: 0 });

const lookMs = 250;

export class LoadReporter {
  readonly #clock: Clock;
  readonly #look: () => ChildLoad;
  readonly #report: (load: ChildLoad) => void;
  #isDue = false;
  #reported = noLoad;

  constructor(clock: Clock, look: () => ChildLoad, report: (load: ChildLoad) => void) {
    this.#clock = clock;
    this.#look = look;
    this.#report = report;
  }

  /** Something has begun or ended. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.after(lookMs, () => {
      this.#isDue = false;
      const load = this.#look();
      if (load.connections === this.#reported.connections && load.requests === this.#reported.requests) return;
      this.#reported = load;
      this.#report(load);
    });
  }
}

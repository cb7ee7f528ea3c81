/**
 * What was made of texts that came lately, for texts that come again and again: the heads of an application's responses,
 * the hosts that clients name. Bounded, and given up for a while where texts hardly ever come twice.
 */

const longestText = 1000;
/** As often nothing is looked up after as many texts were kept in vain as may be kept. */
const pauseFactor = 50;

interface Known<T> {
  readonly value: T;
  isAgain: boolean;
}

export class KnownTexts<T> {
  readonly #limit: number;
  readonly #make: (text: string) => T;
  readonly #onAgain: ((value: T) => void) | undefined;
  #known = new Map<string, Known<T>>();
  #hits = 0;
  #pause = 0;

  /** `make` depends on the text alone; what it throws is not kept. `onAgain`: the text of a value has come again. */
  constructor(limit: number, make: (text: string) => T, onAgain?: (value: T) => void) {
    this.#limit = limit;
    this.#make = make;
    this.#onAgain = onAgain;
  }

  get(text: string): T {
    if (this.#pause > 0) {
      this.#pause -= 1;
      return this.#make(text);
    }
    const known = this.#known.get(text);
    if (known !== undefined) {
      this.#hits += 1;
      if (!known.isAgain) {
        known.isAgain = true;
        this.#onAgain?.(known.value);
      }
      return known.value;
    }
    const value = this.#make(text);
    if (text.length > longestText) return value;
    if (this.#known.size >= this.#limit) this.#startAnew();
    this.#known.set(text, { value, isAgain: false });
    return value;
  }

  #startAnew(): void {
    if (this.#hits < this.#limit) this.#pause = this.#limit * pauseFactor;
    this.#hits = 0;
    // Not clear(): what V8 gives up of a Map points to what comes after it, and keeps it (indexed-set.ts).
    this.#known = new Map();
  }
}

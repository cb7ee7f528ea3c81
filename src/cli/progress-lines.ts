/** Shows on standard error how far a command has come, if it takes long enough that somebody wonders. */

const quietMs = 1_000;

/** Shows nothing for a second, then the newest line, then each as it comes. */
export class ProgressLines implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #print: (line: string) => void;
  #newest: string;
  #isShown = false;

  /** @param first what to show where the server has said nothing yet */
  constructor(first: string, print: (line: string) => void = (line) => console.error(line)) {
    this.#newest = first;
    this.#print = print;
    this.#timer = setTimeout(() => {
      this.#isShown = true;
      this.#print(`stillhouse: ${this.#newest}`);
    }, quietMs);
  }

  readonly show = (text: string): void => {
    this.#newest = text;
    if (this.#isShown) this.#print(`stillhouse: ${text}`);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

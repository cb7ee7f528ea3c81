/**
 * What came on a connection and was not made use of yet. What came in one piece stays in it; more of it is copied together,
 * and what is left of it is copied before its memory is used anew.
 */

const none = Buffer.alloc(0);

export class ReceiveBuffer {
  #bytes: Buffer = none;
  #from = 0;
  #to = 0;
  /** `#bytes` was made here, with room behind `#to`. */
  #isOwn = false;

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** What is there lies between `from` and `to` of `bytes`. */
  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#to;
  }

  get length(): number {
    return this.#to - this.#from;
  }

  /** What lies between `from` and `to` of `chunk`. */
  append(chunk: Buffer, from = 0, to = chunk.length): void {
    const { length } = this;
    if (length === 0) {
      this.#bytes = chunk;
      this.#from = from;
      this.#to = to;
      this.#isOwn = false;
      return;
    }
    const bytes = to - from;
    const wanted = length + bytes;
    if (!this.#isOwn || this.#to + bytes > this.#bytes.length) {
      // Twice as much each time, so that what comes byte by byte is not copied as often.
      const larger = Buffer.allocUnsafeSlow(wanted * 2);
      this.#bytes.copy(larger, 0, this.#from, this.#to);
      this.#bytes = larger;
      this.#from = 0;
      this.#to = length;
      this.#isOwn = true;
    }
    chunk.copy(this.#bytes, this.#to, from, to);
    this.#to += bytes;
  }

  /** The memory of what was appended last is used anew: of what is left of it a copy is kept. */
  giveBack(): void {
    if (this.#isOwn || this.length === 0) return;
    this.#bytes = Buffer.from(this.#bytes.subarray(this.#from, this.#to));
    this.#to -= this.#from;
    this.#from = 0;
  }

  /** Everything before `at` has been made use of. */
  consume(at: number): void {
    this.#from = at;
    if (this.#from === this.#to) this.clear();
  }

  clear(): void {
    this.#bytes = none;
    this.#from = 0;
    this.#to = 0;
    this.#isOwn = false;
  }
}

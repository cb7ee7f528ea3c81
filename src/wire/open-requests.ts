/**
 * The requests that are open on one channel, by id. Ids grow, so that a list in the order of sending is a sorted one, and
 * there are few at a time: as many as the process has request threads, plus those whose client has left.
 *
 * Not a Map, for the reason that src/base/indexed-set.ts gives.
 */

export interface OpenRequest<T> {
  readonly id: number;
  /** Undefined once the client has left: the request occupies its process until that has said that it is over. */
  exchange: T | undefined;
  creditBytes: number;
  /** Response bytes to give back to the daemon process that are not worth a frame yet. */
  takenBytes: number;
  /** Response bytes that the daemon process may still send. */
  windowBytes: number;
  hasResponse: boolean;
}

export class OpenRequests<T> {
  #list: OpenRequest<T>[] = [];

  get size(): number {
    return this.#list.length;
  }

  /** Of the one that was sent first. */
  get oldestId(): number | undefined {
    return this.#list[0]?.id;
  }

  /** Its id is higher than any before. */
  add(request: OpenRequest<T>): void {
    this.#list.push(request);
  }

  find(id: number): OpenRequest<T> | undefined {
    const index = this.#indexOf(id);
    return index < 0 ? undefined : this.#list[index];
  }

  delete(id: number): void {
    const index = this.#indexOf(id);
    if (index < 0) return;
    const list = this.#list;
    for (let at = index + 1; at < list.length; at++) list[at - 1] = list[at] as OpenRequest<T>;
    list.pop();
  }

  /** In the order of sending. */
  get all(): readonly OpenRequest<T>[] {
    return this.#list;
  }

  clear(): void {
    this.#list = [];
  }

  #indexOf(id: number): number {
    const list = this.#list;
    let low = 0;
    let high = list.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = (list[middle] as OpenRequest<T>).id;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

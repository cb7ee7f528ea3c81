/**
 * A set whose members know their place in it, for what comes and goes with each request.
 *
 * A Map or Set of such is rebuilt every few requests, and each table that V8 gives up points to the one after it. Once
 * one of them has become old, all that follow survive each scavenge, with every request that they ever held, until the
 * next full collection. An array has no such past.
 */

export interface IndexedMember {
  /** Where it is in its set; -1: in none. For the set alone to change. */
  setIndex: number;
}

export class IndexedSet<T extends IndexedMember> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  /** It must be in no set. */
  add(member: T): void {
    member.setIndex = this.#members.length;
    this.#members.push(member);
  }

  delete(member: T): void {
    const { setIndex } = member;
    if (setIndex < 0) return;
    member.setIndex = -1;
    const last = this.#members.pop() as T;
    if (last === member) return;
    this.#members[setIndex] = last;
    last.setIndex = setIndex;
  }

  /** `tell` may take the member out; what is added meanwhile is not visited. */
  visit(tell: (member: T) => void): void {
    for (let index = this.#members.length - 1; index >= 0; index--) {
      const member = this.#members[index];
      if (member !== undefined) tell(member);
    }
  }
}

/**
 * Header fields in their order, with the operations of Apache's tables (apr_table_t): names without regard to case, and
 * several fields of one name. Rules of mod_headers work on these.
 */

export class HeaderTable {
  /** name, value, name, value */
  #fields: string[];

  /** `fields` is flat: name, value, name, value. */
  constructor(fields: readonly string[] = []) {
    this.#fields = [...fields];
  }

  /** Flat, in order. */
  get fields(): readonly string[] {
    return this.#fields;
  }

  /** The first value. */
  get(name: string): string | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : this.#fields[at + 1];
  }

  /** Every value, in order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#fields.filter((_, at) => at % 2 === 1 && this.#fields[at - 1]?.toLowerCase() === wanted);
  }

  /** Takes the place of the first field of that name; others of it go. */
  set(name: string, value: string): void {
    const at = this.#find(name);
    if (at < 0) {
      this.#fields.push(name, value);
      return;
    }
    const before = this.#fields.slice(0, at);
    const behind = withoutName(this.#fields.slice(at + 2), name);
    this.#fields = [...before, name, value, ...behind];
  }

  add(name: string, value: string): void {
    this.#fields.push(name, value);
  }

  /** Goes on in the first field of that name, behind a comma. */
  merge(name: string, value: string): void {
    const at = this.#find(name);
    if (at < 0) this.#fields.push(name, value);
    else this.#fields[at + 1] = `${this.#fields[at + 1]}, ${value}`;
  }

  unset(name: string): void {
    if (this.#find(name) >= 0) this.#fields = withoutName(this.#fields, name);
  }

  #find(name: string): number {
    const wanted = name.toLowerCase();
    for (let at = 0; at < this.#fields.length; at += 2) {
      const found = this.#fields[at];
      if (found?.length === wanted.length && found.toLowerCase() === wanted) return at;
    }
    return -1;
  }
}

function withoutName(fields: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase();
  const kept: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    if (fields[at]?.toLowerCase() !== wanted) kept.push(fields[at] as string, fields[at + 1] as string);
  }
  return kept;
}

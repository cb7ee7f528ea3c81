/** The names that Define and -D set, and ${NAME} in words. Belongs to one reading; the parser owns it. */

import { MAX_EXPANDED_CHARACTERS } from './limits.js';

/** What ${} ran into while one text was expanded. */
export interface ExpansionReport {
  /** A name that neither Define nor the environment knows; it stays as written. */
  unknown(name: string): void;
  /** The text grew over the limit; the rest of it is left out. */
  tooLong(): void;
  /** What stood at `from` of the text as it was written stands at `to` of the result; told in ascending order. */
  piece?(from: number, to: number): void;
}

/**
 * As in httpd, <IfDefine> compares names exactly but ${} finds values without regard to case, and a name with an empty
 * value has none.
 */
export class Variables {
  readonly #names = new Set<string>();
  readonly #values = new Map<string, string>();
  readonly #environment: (name: string) => string | undefined;

  constructor(defines: ReadonlyMap<string, string>, environment: (name: string) => string | undefined) {
    this.#environment = environment;
    for (const [name, value] of defines) this.define(name, value);
  }

  define(name: string, value: string): void {
    this.#names.add(name);
    if (value !== '') this.#values.set(name.toLowerCase(), value);
  }

  undefine(name: string): void {
    this.#names.delete(name);
    this.#values.delete(name.toLowerCase());
  }

  isDefined(name: string): boolean {
    return this.#names.has(name);
  }

  /** Replaces each ${NAME}, once: what comes out is not looked at again. */
  expand(text: string, report: ExpansionReport): string {
    let dollar = text.indexOf('${');
    if (dollar < 0) return text;
    let result = '';
    let at = 0;
    while (dollar >= 0) {
      const brace = text.indexOf('}', dollar + 2);
      if (brace < 0) break;
      const name = text.slice(dollar + 2, brace);
      const value = this.#values.get(name.toLowerCase()) ?? this.#environment(name);
      // Names with a colon belong to others, RewriteMap for one.
      if (value === undefined && !name.includes(':')) report.unknown(name);
      result += text.slice(at, dollar);
      report.piece?.(dollar, result.length);
      result += value ?? text.slice(dollar, brace + 1);
      report.piece?.(brace + 1, result.length);
      if (result.length > MAX_EXPANDED_CHARACTERS) {
        report.tooLong();
        return result.slice(0, MAX_EXPANDED_CHARACTERS);
      }
      at = brace + 1;
      dollar = text.indexOf('${', at);
    }
    return result + text.slice(at);
  }

  /** Every defined name with its value, '' where it has none. */
  toMap(): ReadonlyMap<string, string> {
    return new Map([...this.#names].map((name) => [name, this.#values.get(name.toLowerCase()) ?? '']));
  }
}

/**
 * Finds, among thousands of sections, the few that could match a text: those whose pattern begins with what the text
 * begins with. A pattern that says nothing of how a text begins is always a candidate.
 */

import type { Section, SectionPattern } from './config.js';

/** Below this trying them one by one is faster. */
export const sectionIndexedFrom = 24;

export class SectionIndex {
  readonly #sections: readonly Section[];
  /** Positions in the list, by the beginning that the pattern asks for, by its length. */
  readonly #byBeginning: ReadonlyMap<number, ReadonlyMap<string, readonly number[]>> | undefined;

  constructor(sections: readonly Section[]) {
    this.#sections = sections;
    if (sections.length < sectionIndexedFrom) return;
    const byBeginning = new Map<number, Map<string, number[]>>();
    for (const [position, { pattern }] of sections.entries()) {
      const beginning = beginningOf(pattern);
      const sameLength = byBeginning.get(beginning.length) ?? new Map<string, number[]>();
      byBeginning.set(beginning.length, sameLength);
      const positions = sameLength.get(beginning) ?? [];
      sameLength.set(beginning, positions);
      positions.push(position);
    }
    this.#byBeginning = byBeginning;
  }

  /** Sections that could match `text`, in their order; all others do not. */
  candidates(text: string): readonly Section[] {
    if (this.#byBeginning === undefined) return this.#sections;
    const found: number[] = [];
    for (const [length, sameLength] of this.#byBeginning) {
      if (length > text.length) continue;
      const positions = sameLength.get(text.slice(0, length));
      if (positions !== undefined) found.push(...positions);
    }
    found.sort((a, b) => a - b);
    return found.flatMap((position) => this.#sections[position] ?? []);
  }
}

/** What every text begins with that the pattern matches; '' where that can't be told. */
export function beginningOf(pattern: SectionPattern): string {
  if (pattern.kind === 'prefix') return pattern.path;
  // A wildcard's is anchored, too, and quotes what stands for itself in the same way.
  const { flags, source } = pattern.regex;
  if (/[im]/.test(flags) || !source.startsWith('^') || source.includes('|')) return '';
  let beginning = '';
  for (let at = 1; at < source.length; ) {
    const escaped = source[at] === '\\';
    const character = source[escaped ? at + 1 : at] ?? '';
    // An escaped letter or digit is a class or a reference.
    if (escaped ? !/^[^A-Za-z0-9]$/.test(character) : /^[.*+?^${}()[\]]?$/.test(character)) break;
    at += escaped ? 2 : 1;
    // The character is there only where nothing says that it may be left out.
    if (/^[*?{]/.test(source.slice(at, at + 1))) break;
    beginning += character;
  }
  return beginning;
}

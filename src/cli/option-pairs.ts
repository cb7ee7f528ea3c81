/** Options of `serve` that take two words. */

import { UsageError } from '../base/errors.js';

/** Options that take two words; commander knows options of one, so the two travel as one. */
const pairOptions = new Set([
  '--url-alias',
  '--setenv',
  '--error-document',
  '--service-script',
  '--service-user',
  '--service-group',
]);
const pairSeparator = '\0';

/** Joins the two words of options that take two. */
export function joinPairs(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    joined.push(word);
    const [first, second] = [words[at + 1], words[at + 2]];
    if (pairOptions.has(word) && first !== undefined && second !== undefined) {
      joined.push(`${first}${pairSeparator}${second}`);
      at += 2;
    }
  }
  return joined;
}

/** @throws UsageError where one of the two words is missing */
export function splitPair(text: string): readonly [string, string] {
  const [first, second] = text.split(pairSeparator);
  if (first === undefined || second === undefined) throw new UsageError(`two words are needed, not only '${text}'`);
  return [first, second];
}

/**
 * What the Options directive says about a folder: parsing of its words and the merge rule of httpd's core (core.c,
 * set_options and merge_core_dir_configs). Pure; the table in core-request-directives.ts and the file handlers use it.
 */

import {
  absoluteSet,
  elementsOf,
  mergeRelativeSets,
  type RelativeSet,
  unchanged,
  withAdded,
  withRemoved,
} from './relative-set.js';

/** `Includes` in the configuration is `Includes` and `IncludesExec` here; `IncludesNOEXEC` is `Includes` alone. */
export type DirectoryOption =
  | 'ExecCGI'
  | 'FollowSymLinks'
  | 'Includes'
  | 'IncludesExec'
  | 'Indexes'
  | 'MultiViews'
  | 'SymLinksIfOwnerMatch';

export type DirectoryOptions = RelativeSet<DirectoryOption>;

/** In force where no Options line applies. */
export const DEFAULT_OPTIONS: ReadonlySet<DirectoryOption> = new Set(['FollowSymLinks']);

/** Lower-case word to what it stands for. `All` leaves MultiViews and SymLinksIfOwnerMatch out, as httpd does. */
const WORDS: ReadonlyMap<string, readonly DirectoryOption[]> = new Map<string, readonly DirectoryOption[]>([
  ['all', ['ExecCGI', 'FollowSymLinks', 'Includes', 'IncludesExec', 'Indexes']],
  ['execcgi', ['ExecCGI']],
  ['followsymlinks', ['FollowSymLinks']],
  ['includes', ['Includes', 'IncludesExec']],
  ['includesnoexec', ['Includes']],
  ['indexes', ['Indexes']],
  ['multiviews', ['MultiViews']],
  ['none', []],
  ['symlinksifownermatch', ['SymLinksIfOwnerMatch']],
]);

export const OPTION_WORDS: readonly string[] = [
  'All',
  'None',
  'ExecCGI',
  'FollowSymLinks',
  'Includes',
  'IncludesNOEXEC',
  'Indexes',
  'MultiViews',
  'SymLinksIfOwnerMatch',
];

/** What a word of an Options line, with or without its sign, stands for; nothing where it is none. */
export function optionsOf(word: string): readonly DirectoryOption[] {
  return WORDS.get(word.replace(/^[+-]/, '').toLowerCase()) ?? [];
}

/** Which word is wrong and why; the table makes it an error with a position. */
export interface OptionsFault {
  readonly index: number;
  readonly message: string;
}

/** Carries out one Options line over what earlier lines of the same scope left. */
export function applyOptionsLine(
  previous: DirectoryOptions | undefined,
  words: readonly string[],
): DirectoryOptions | OptionsFault {
  const relative = /^[+-]/.test(words[0] ?? '');
  let options: DirectoryOptions = relative ? (previous ?? unchanged) : absoluteSet([]);
  let wide = false;
  for (const [index, word] of words.entries()) {
    const sign = /^[+-]/.exec(word)?.[0];
    const name = word.slice(sign === undefined ? 0 : 1);
    const stands = WORDS.get(name.toLowerCase());
    if (stands === undefined) return { index, message: `'${name}' is not an option` };
    if (name.toLowerCase() === 'all' || name.toLowerCase() === 'none') {
      if (sign !== undefined) return { index, message: `Options ${name} takes no ${sign}` };
      if (index > 0) return { index, message: `Options ${name} must be the first word` };
      wide = true;
    }
    // After All or None signs may follow; otherwise all words have one or none has.
    if ((sign !== undefined) !== relative && !(wide && index > 0)) {
      return { index, message: 'either all Options start with + or -, or none does' };
    }
    if (sign === '-') options = withRemoved(options, stands);
    else options = withAdded(options, stands);
  }
  return options;
}

/** An inner scope's Options over an outer one's. */
export function mergeOptions(outer: DirectoryOptions, inner: DirectoryOptions): DirectoryOptions {
  const merged = mergeRelativeSets(outer, inner);
  // +IncludesNOEXEC over an outer Includes takes the right to run programs away.
  const narrows = inner.absolute === undefined && inner.added.has('Includes') && !inner.added.has('IncludesExec');
  return narrows ? withRemoved(merged, ['IncludesExec']) : merged;
}

/** The options in force. */
export function effectiveOptions(options: DirectoryOptions | undefined): ReadonlySet<DirectoryOption> {
  return elementsOf(options, DEFAULT_OPTIONS);
}

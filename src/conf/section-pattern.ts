/** What the argument of a <Directory>, <Files> or <Location> means, and the order in which folders' sections apply. */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { globToRegex, isGlob } from '../base/glob.js';
import type { Section, SectionKind, SectionPattern } from './config.js';
import { DirectiveError } from './directive.js';
import { normalizePath } from './file-paths.js';
import type { Word } from './source.js';

export interface SectionArgument {
  /** The path, name or expression, without `~`. */
  readonly argument: string;
  readonly pattern: SectionPattern;
  /** Something odd that Apache accepts. */
  readonly warning?: string;
}

/** Reads the words of a section. @throws DirectiveError */
export function parseSectionArgument(kind: SectionKind, args: readonly Word[]): SectionArgument {
  const isMatch = kind.endsWith('Match');
  const tilde = !isMatch && args[0]?.text === '~';
  const [word, extra] = tilde ? args.slice(1) : args;
  if (word === undefined || word.text === '') {
    throw new DirectiveError(
      `<${kind}> takes ${tilde || isMatch ? 'a regular expression' : 'a path or name'}`,
      args[0],
    );
  }
  if (extra !== undefined) {
    throw new DirectiveError(
      `<${kind}> takes one argument, '${extra.text}' is one too many (quote names with blanks)`,
      extra,
    );
  }
  const argument = word.text;
  if (isMatch || tilde) return { argument, pattern: Object.freeze({ kind: 'regex', regex: compileWord(word) }) };
  const path = kind === 'Directory' && argument.startsWith('/') ? directoryPath(argument) : argument;
  const relative = kind !== 'Files' && !argument.startsWith('/');
  const pattern: SectionPattern = isGlob(path)
    ? { kind: 'wildcard', glob: path, regex: globToRegex(path, { pathname: true }) }
    : { kind: 'prefix', path };
  Object.freeze(pattern);
  if (!relative || pattern.kind === 'wildcard') return { argument, pattern };
  return { argument, pattern, warning: `'${argument}' does not start with a slash, so <${kind}> never applies` };
}

/** Folders end in a slash, as Apache compares them. */
function directoryPath(path: string): string {
  const normal = normalizePath(path);
  return normal === '/' ? normal : `${normal}/`;
}

/** A regular expression in Apache's notation. @throws DirectiveError that points at the word */
export function compileWord(word: Word, options: { readonly ignoreCase?: boolean } = {}): RegExp {
  try {
    return compileApacheRegex(word.text, options);
  } catch (error) {
    if (error instanceof ApacheRegexError) throw new DirectiveError(`'${word.text}': ${error.message}`, word);
    throw error;
  }
}

/**
 * Directory sections in order of application. The manual says: paths shortest first, then expressions in file order.
 * What httpd 2.4 does, and this with it: plain paths and wildcards together, by their number of slashes; then
 * expressions, by the number of slashes in the expression's text. Equals keep their order, and the main server's
 * sections, which are given first, stand before the virtual host's.
 */
export function orderDirectories(sections: readonly Section[]): readonly Section[] {
  const isRegex = (section: Section) => (section.pattern.kind === 'regex' ? 1 : 0);
  return sections.toSorted(
    (left, right) => isRegex(left) - isRegex(right) || componentCount(left) - componentCount(right),
  );
}

/** Slashes in the pattern: for a plain path or wildcard the number of components of the folders that it can match. */
export function componentCount(section: Section): number {
  const { pattern } = section;
  let text = section.argument;
  if (pattern.kind === 'prefix') text = pattern.path;
  else if (pattern.kind === 'wildcard') text = pattern.glob;
  let count = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) count += 1;
  return count;
}

/** How words of the core's directives are read: closed lists, durations, patterns, paths. Used by the directive tables. */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { type Context, DirectiveError, type DirectiveLine } from '../conf/directive.js';
import { nearestName } from '../conf/edit-distance.js';
import type { Word } from '../conf/source.js';

/** Apache's RSRC_CONF with its check for the main server; what holds for the whole program. */
export const globalContext: readonly Context[] = ['server config'];
/** Apache's RSRC_CONF. */
export const serverContexts: readonly Context[] = ['server config', 'virtual host'];
/** Apache's RSRC_CONF and ACCESS_CONF. */
export const sectionContexts: readonly Context[] = ['server config', 'virtual host', 'directory'];
/** Apache's OR_... */
export const allContexts: readonly Context[] = ['server config', 'virtual host', 'directory', '.htaccess'];

/** One word out of a list, in any case; gives it as the list spells it. @throws DirectiveError */
export function parseChoice<T extends string>(word: Word, what: string, choices: readonly T[]): T {
  const wanted = word.text.toLowerCase();
  const found = choices.find((choice) => choice.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new DirectiveError(`${what} must be one of ${choices.join(', ')}, not '${word.text}'`, word);
}

/** Text for the end of a message: the nearest name, if one is near. */
export function suggestion(text: string, names: Iterable<string>): string {
  const nearest = nearestName(text, names);
  return nearest === undefined ? '' : `; did you mean '${nearest}'?`;
}

/** Unit to milliseconds, as ap_timeout_parameter_parse has them. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, mi: 60_000, min: 60_000, h: 3_600_000 };

/** The longest wait that a timer of Node.js takes. */
const MAX_DURATION_MS = 2_147_483_647;

/** Seconds, or a number with ms, s, min or h; gives milliseconds. @throws DirectiveError */
export function parseDurationMs(word: Word, what: string): number {
  const found = /^(\d+)([a-z]*)$/i.exec(word.text);
  const unit = UNITS[(found?.[2] || 's').toLowerCase()];
  const value = unit === undefined ? Number.NaN : Number(found?.[1]) * unit;
  if (!(value <= MAX_DURATION_MS)) {
    throw new DirectiveError(`${what} must be a whole number with ms, s, min or h, not '${word.text}'`, word);
  }
  return value;
}

/** @throws DirectiveError that says why the pattern does not compile */
export function parsePattern(word: Word, options: { readonly ignoreCase?: boolean } = {}): RegExp {
  try {
    return compileApacheRegex(word.text, options);
  } catch (error) {
    if (!(error instanceof ApacheRegexError)) throw error;
    throw new DirectiveError(`regular expression '${word.text}' could not be compiled: ${error.message}`, word);
  }
}

/** The path made absolute against ServerRoot. A slash at its end is kept: to Alias it matters. @throws DirectiveError */
export function parsePath(word: Word, line: DirectiveLine, what: string): string {
  if (word.text === '') throw new DirectiveError(`${what} must not be empty`, word);
  if (word.text.includes('\0')) throw new DirectiveError(`${what} must not contain a NUL byte`, word);
  const path = line.serverRootRelative(word.text);
  return word.text.endsWith('/') && !path.endsWith('/') ? `${path}/` : path;
}

/** The argument at `index`; the count was checked before `apply` was called. */
export function getWord(line: DirectiveLine, index: number): Word {
  const word = line.args[index];
  if (word === undefined) throw new DirectiveError(`${line.name} takes at least ${index + 1} arguments`);
  return word;
}

/**
 * What a directive is. Each feature exports one table of these; src/server/directive-tables.ts lists the tables, and
 * the parser, `check`, `explain` and docs/directives.md all work from them.
 */

import type { MethodLimit } from '../base/method-limit.js';
import type { Setting, SettingsBuilder } from './settings.js';
import type { Position, Severity, Word } from './source.js';

/** Apache's words. 'directory' stands for every per-directory section: Directory, Files, Location and their kin. */
export type Context = 'server config' | 'virtual host' | 'directory' | '.htaccess';

/** The class that AllowOverride must permit where the directive may stand in .htaccess. */
export type OverrideClass = 'All' | 'AuthConfig' | 'FileInfo' | 'Indexes' | 'Limit' | 'Options';

/** One directive line while it is applied to its scope. */
export interface DirectiveLine {
  readonly name: string;
  readonly args: readonly Word[];
  readonly rawArgs: string;
  /** Of its first character, for `positionAfter`. */
  readonly rawStart?: Position | undefined;
  readonly position: Position;
  /** Where the line stands. */
  readonly context: Context;
  /** The section kinds around it, outermost first: ['VirtualHost', 'Directory']. */
  readonly sections: readonly string[];
  /** Arguments of the innermost section around it: the folder of a <Directory>, for %-less relative rules. */
  readonly sectionArgument: string | undefined;
  /** The methods that the sections <Limit> and <LimitExcept> around it leave; what is no access rule need not look. */
  readonly limitedTo?: MethodLimit | undefined;
  readonly isAccessFile?: boolean;
  /** In .htaccess under AllowOverride Options=...: the only words that Options may have. */
  readonly permittedOptions?: ReadonlySet<string> | undefined;
  /** A path made absolute against ServerRoot. */
  serverRootRelative(path: string): string;
  /** Reports something about this line without giving up on it. */
  report(severity: Severity, message: string, position?: Position): void;
}

export interface DirectiveDefinition {
  readonly name: string;
  /** 'core', 'mod_alias', 'mod_wsgi': what IfModule asks for and the docs group by. */
  readonly module: string;
  /** The line is accepted although its module is not there: IfModule does not find the module for its sake. */
  readonly isModuleAbsent?: true;
  readonly contexts: readonly Context[];
  readonly override?: OverrideClass;
  /** Arguments as the manual shows them, without the name: `url-path file-path|directory-path [option=value ...]`. */
  readonly syntax: string;
  /** How many words; `raw` hands the line over unsplit (`args` is then empty). */
  readonly args: { readonly min: number; readonly max: number } | 'raw';
  /** As the docs show it; absent where there is none. */
  readonly default?: string;
  /** One paragraph for docs/directives.md. */
  readonly summary: string;
  /** How it differs from Apache, where it does. */
  readonly difference?: string;
  /**
   * Carries out one line: parses the words, updates settings of the line's scope.
   * @throws DirectiveError where the line is wrong; the scope is then left as it was.
   */
  readonly apply: (line: DirectiveLine, scope: SettingsBuilder) => void;
}

/** A line that is wrong. `word` is the argument to point at; without it the message points at the directive. */
export class DirectiveError extends Error {
  override readonly name = 'DirectiveError';
  readonly word: Word | undefined;

  constructor(message: string, word?: Word) {
    super(message);
    this.word = word;
  }
}

type Shared = Omit<DirectiveDefinition, 'apply' | 'args'>;

/** A directive of one argument whose last line in a scope wins. */
export function valueDirective<T>(
  setting: Setting<T>,
  shared: Shared,
  parse: (word: Word, line: DirectiveLine) => T,
): DirectiveDefinition {
  return {
    ...shared,
    args: { min: 1, max: 1 },
    apply(line, scope) {
      scope.set(setting, parse(firstWord(line), line), line.position);
    },
  };
}

/** An On|Off directive. */
export function flagDirective(setting: Setting<boolean>, shared: Omit<Shared, 'syntax'>): DirectiveDefinition {
  return valueDirective(setting, { ...shared, syntax: 'On|Off' }, (word, line) => parseFlag(word, line.name));
}

/** A directive whose lines add up to a list within a scope. */
export function listDirective<T>(
  setting: Setting<readonly T[]>,
  shared: Shared & { readonly args: DirectiveDefinition['args'] },
  parse: (line: DirectiveLine) => readonly T[],
): DirectiveDefinition {
  return {
    ...shared,
    apply(line, scope) {
      const items = parse(line);
      scope.update(setting, (previous) => [...(previous ?? []), ...items], line.position);
    },
  };
}

/** The first argument; the argument count was checked before `apply` was called. */
export function firstWord(line: DirectiveLine): Word {
  const word = line.args[0];
  if (word === undefined) throw new DirectiveError(`${line.name} takes an argument`);
  return word;
}

/** On or Off in any case, as Apache takes them. @throws DirectiveError */
export function parseFlag(word: Word, directive: string): boolean {
  const text = word.text.toLowerCase();
  if (text === 'on') return true;
  if (text === 'off') return false;
  throw new DirectiveError(`${directive} must be On or Off, not '${word.text}'`, word);
}

/** A whole number within bounds. @throws DirectiveError */
export function parseInteger(word: Word, what: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = /^[+-]?\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new DirectiveError(`${what} must be a whole number ${range}, not '${word.text}'`, word);
  }
  return value;
}

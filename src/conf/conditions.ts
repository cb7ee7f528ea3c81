/** The sections that httpd decides while it reads: IfDefine, IfModule, IfVersion and their kin. The parser's own. */

import { ApacheRegexError, compileApacheRegex } from '../base/apache-regex.js';
import { canonicalModule, isApacheModuleForm, isMpm } from './known-directives.js';
import type { Word } from './source.js';
import type { Variables } from './variables.js';
import type { Vocabulary } from './vocabulary.js';

/** The Apache that we answer for where a configuration asks. */
export const ANSWERED_VERSION = '2.4.62';

export interface ConditionContext {
  readonly variables: Variables;
  readonly vocabulary: Vocabulary;
  /** The canonical name of the multi-processing module that is loaded, if one is. */
  readonly askMpm: () => string | undefined;
  /** Takes a path as written. */
  readonly fileExists: (path: string) => boolean;
  readonly warn: (message: string, word: Word) => void;
}

/** A condition that can't be read; its section is skipped. */
export class ConditionError extends Error {
  readonly word: Word | undefined;

  constructor(message: string, word?: Word) {
    super(message);
    this.word = word;
  }
}

type Condition = (args: readonly Word[], context: ConditionContext) => boolean;

const CONDITIONS: ReadonlyMap<string, Condition> = new Map<string, Condition>([
  ['ifdefine', named((name, { variables }) => variables.isDefined(name))],
  ['ifmodule', named(hasModule)],
  ['ifversion', versionHolds],
  ['ifdirective', named((name, { vocabulary }) => vocabulary.hasDirective(name))],
  ['ifsection', named((name, { vocabulary }) => vocabulary.hasSection(name))],
  ['iffile', named((path, { fileExists }) => fileExists(path))],
]);

/** The condition of a section by its name, in any case; undefined for sections that belong to the tree. */
export function findCondition(name: string): Condition | undefined {
  return CONDITIONS.get(name.toLowerCase());
}

/** The common form: one name, a leading `!` turns the answer around. */
function named(test: (name: string, context: ConditionContext, word: Word) => boolean): Condition {
  return (args, context) => {
    const [word, extra] = args;
    if (word === undefined || word.text === '') throw new ConditionError('takes a name');
    if (extra !== undefined) throw new ConditionError(`takes one name, '${extra.text}' is one too many`, extra);
    const negated = word.text.startsWith('!');
    const name = negated ? word.text.slice(1) : word.text;
    return test(name, context, word) !== negated;
  };
}

/** Apache itself knows `mod_x.c` and `x_module`; for other forms it finds nothing, which nobody means who writes them. */
function hasModule(name: string, context: ConditionContext, word: Word): boolean {
  const module = canonicalModule(name);
  const present = isMpm(module) ? context.askMpm() === module : context.vocabulary.hasModule(name);
  if (present && !isApacheModuleForm(name)) {
    const form = isMpm(module) ? `${module}_module` : `${module}.c`;
    context.warn(`Apache does not find a module under '${name}'; it is taken as ${form}, write that`, word);
  }
  return present;
}

/** `[!]operator version`, `/regex/` or a version alone, which then must be equal. */
function versionHolds(args: readonly Word[]): boolean {
  const [first, second, extra] = args;
  if (first === undefined) throw new ConditionError('takes an operator and a version');
  if (extra !== undefined) throw new ConditionError(`'${extra.text}' is one argument too many`, extra);
  const negated = first.text.startsWith('!');
  const operator = negated ? first.text.slice(1) : first.text;
  if (second === undefined) return compareVersion(negated ? '!=' : '=', operator, first) !== false;
  return compareVersion(operator, second.text, second, first) !== negated;
}

function compareVersion(operator: string, operand: string, word: Word, operatorWord: Word = word): boolean {
  if (operator === '~') return matchesVersion(operand, word);
  const slashed = /^\/(.*)\/$/s.exec(operand);
  if (slashed !== null && (operator === '=' || operator === '==' || operator === '!=')) {
    return matchesVersion(slashed[1] ?? '', word) !== (operator === '!=');
  }
  const version = /^(\d+)(?:\.(\d+)(?:\.(\d+))?)?$/.exec(operand);
  if (version === null) {
    throw new ConditionError(`version '${operand}' must have the form major[.minor[.patch]]`, word);
  }
  let order = 0;
  ANSWERED_VERSION.split('.').forEach((part, index) => {
    if (order === 0) order = Math.sign(Number(part) - Number(version[index + 1] ?? 0));
  });
  switch (operator) {
    case '=':
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    default:
      throw new ConditionError(`operator '${operatorWord.text}' is none of = == > >= < <= ~`, operatorWord);
  }
}

function matchesVersion(pattern: string, word: Word): boolean {
  try {
    return compileApacheRegex(pattern).test(ANSWERED_VERSION);
  } catch (error) {
    if (error instanceof ApacheRegexError) throw new ConditionError(`'${pattern}' ${error.message}`, word);
    throw error;
  }
}

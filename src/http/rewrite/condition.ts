/** RewriteCond: how its pattern is read, and how a test string is held against it. */

import { compileApacheRegex } from '../../base/apache-regex.js';
import { fromByteString } from '../../base/byte-string.js';
import { compileExpression, type Expression, ExpressionSyntaxError } from '../expression/expression.js';
import { type Flag, parseFlagList, parseTemplateArgument } from './flag-list.js';
import type { RewriteServices } from './rewrite-request.js';
import { RewriteSyntaxError } from './syntax-error.js';
import type { Template } from './template.js';
import { toByteString } from './uri-escapes.js';

export type FileTest = 'd' | 'f' | 'F' | 'l' | 's' | 'U' | 'x';
type Order = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export type ConditionPattern =
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'file'; readonly test: FileTest }
  | { readonly kind: 'number'; readonly order: Order; readonly value: number }
  | { readonly kind: 'string'; readonly order: Order; readonly value: string; readonly ignoreCase: boolean };

export interface RewriteCondition {
  /** Where the line stands, for the record of steps. */
  readonly label: string;
  /** The pattern as written. */
  readonly patternText: string;
  readonly test: Template;
  readonly negated: boolean;
  readonly pattern: ConditionPattern;
  /** OR: enough if this one or the next holds. */
  readonly orNext: boolean;
  /** NV: the response's Vary does not mention the headers that this condition looked at. */
  readonly noVary: boolean;
}

const fileTests: Readonly<Record<string, FileTest>> = {
  '-d': 'd',
  '-f': 'f',
  '-F': 'F',
  '-h': 'l',
  '-l': 'l',
  '-L': 'l',
  '-s': 's',
  '-U': 'U',
  '-x': 'x',
};

const stringOrders: readonly (readonly [string, Order])[] = [
  ['<=', 'le'],
  ['>=', 'ge'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['=', 'eq'],
];

/** The arguments of one RewriteCond line. @throws RewriteSyntaxError */
export function parseCondition(args: readonly string[], label: string): RewriteCondition {
  const [test = '', patternText = '', list] = args;
  const flags = list === undefined ? [] : parseFlagList(list, 2);
  const options = { ignoreCase: false, orNext: false, noVary: false };
  for (const flag of flags) applyFlag(flag, options);
  const negated = patternText.startsWith('!');
  const bare = toByteString(negated ? patternText.slice(1) : patternText);
  return Object.freeze({
    label,
    patternText,
    test: parseTemplateArgument(toByteString(test), 0),
    negated,
    pattern: test.toLowerCase() === 'expr' ? parseExpression(bare) : parsePattern(bare, options.ignoreCase),
    orNext: options.orNext,
    noVary: options.noVary,
  });
}

/** `RewriteCond expr "..."`. As in Apache a '!' at its start is the condition's, whatever follows. */
function parseExpression(text: string): ConditionPattern {
  try {
    return { kind: 'expression', expression: compileExpression(fromByteString(text)) };
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) throw new RewriteSyntaxError(`expression: ${error.message}`, 1);
    throw error;
  }
}

function applyFlag(flag: Flag, options: { ignoreCase: boolean; orNext: boolean; noVary: boolean }): void {
  if (flag.name === 'NC' || flag.name === 'NOCASE') options.ignoreCase = true;
  else if (flag.name === 'OR' || flag.name === 'ORNEXT') options.orNext = true;
  else if (flag.name === 'NV' || flag.name === 'NOVARY') options.noVary = true;
  else throw new RewriteSyntaxError(`'${flag.name}' is not a flag of RewriteCond; there are NC, OR and NV`, 2);
}

function parsePattern(pattern: string, ignoreCase: boolean): ConditionPattern {
  const test = fileTests[pattern];
  if (test !== undefined) return { kind: 'file', test };
  const comparison = /^-(eq|ne|lt|le|gt|ge)(.*)$/s.exec(pattern);
  if (comparison !== null) {
    const [, order = '', value = ''] = comparison;
    if (!/^\s*[+-]?\d+$/.test(value)) {
      throw new RewriteSyntaxError(
        `'-${order}' compares with a whole number, not '${value}'; for a regular expression write '\\${pattern}'`,
        1,
      );
    }
    return { kind: 'number', order: order as Order, value: Number(value) };
  }
  // One such character alone is a regular expression, as in Apache.
  for (const [prefix, order] of pattern.length > 1 ? stringOrders : []) {
    if (!pattern.startsWith(prefix)) continue;
    const value = pattern.slice(prefix.length);
    return { kind: 'string', order, value: order === 'eq' && value === '""' ? '' : value, ignoreCase };
  }
  return { kind: 'regex', regex: compileRegex(pattern, ignoreCase, 1) };
}

/** A regular expression of a directive's argument. @throws RewriteSyntaxError */
export function compileRegex(pattern: string, ignoreCase: boolean, argument: number): RegExp {
  try {
    return compileApacheRegex(pattern, { ignoreCase });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RewriteSyntaxError(`can't use the regular expression '${pattern}': ${reason}`, argument);
  }
}

/** Whether anything but an expression of either kind holds for a test string; '!' is not yet applied. */
export function holds(
  pattern: Exclude<ConditionPattern, { kind: 'expression' | 'regex' }>,
  input: string,
  services: RewriteServices,
): boolean {
  if (pattern.kind === 'number') return inOrder(pattern.order, leadingInteger(input) - pattern.value);
  if (pattern.kind === 'string') return inOrder(pattern.order, compare(input, pattern.value, pattern.ignoreCase));
  switch (pattern.test) {
    case 'l':
      return services.isSymbolicLink(input);
    case 'U':
      return input !== '' && services.lookupStatus('url', input) < 400;
    case 'F':
      return input !== '' && services.lookupStatus('file', input) < 300 && services.fileTest(input)?.kind !== undefined;
  }
  const facts = services.fileTest(input);
  if (facts === undefined) return false;
  if (pattern.test === 'x') return facts.executable;
  if (pattern.test === 'd') return facts.kind === 'directory';
  return facts.kind === 'file' && (pattern.test === 'f' || facts.size > 0);
}

function inOrder(order: Order, difference: number): boolean {
  switch (order) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
  }
}

/** Apache's order: the longer string is the greater one; only strings of one length are compared byte by byte. */
function compare(left: string, right: string, ignoreCase: boolean): number {
  if (ignoreCase) return compareText(left.toLowerCase(), right.toLowerCase());
  return left.length === right.length ? compareText(left, right) : left.length - right.length;
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** As C's atoi: leading blanks, a sign, digits; what follows is ignored, and no digits at all count as 0. */
function leadingInteger(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0);
}

/**
 * What Header and RequestHeader lines do to header fields (mod_headers.c, do_headers_fixup). Pure; the rules come from
 * server/headers-directives.ts.
 */

import type { Expression } from './expression/expression.js';
import { substituteGroups } from './group-substitution.js';
import type { HeaderFacts, HeaderFormat } from './header-format.js';
import type { HeaderTable } from './header-table.js';

export type HeaderAction =
  /** `name: value`, in place of what is there. */
  | {
      readonly kind: 'set' | 'setifempty' | 'add' | 'append' | 'merge';
      readonly name: string;
      readonly value: HeaderFormat;
    }
  | { readonly kind: 'unset'; readonly name: string }
  | {
      readonly kind: 'edit';
      readonly name: string;
      readonly pattern: RegExp;
      readonly replacement: HeaderFormat;
      readonly everyMatch: boolean;
    }
  /** Copies fields of the request whose name matches. */
  | { readonly kind: 'echo'; readonly pattern: RegExp }
  /** Copies a field to a note of the request, for logs. */
  | { readonly kind: 'note'; readonly name: string; readonly note: HeaderFormat };

/** env=: the variable is there, or with `absent` it is not; or an expression that holds. */
export type HeaderCondition =
  | { readonly kind: 'variable'; readonly variable: string; readonly absent: boolean }
  | { readonly kind: 'expression'; readonly expression: Expression };

export interface HeaderRule {
  readonly action: HeaderAction;
  /** Where it does not hold nothing is done. */
  readonly condition: HeaderCondition | undefined;
}

/** Beyond what values tell: where fields and notes come from and go to. */
export interface HeaderRuleFacts extends HeaderFacts {
  /** Flat: name, value, name, value. */
  readonly requestHeaders: readonly string[];
  readonly setNote: (name: string, value: string) => void;
}

/**
 * The head of a response as Apache keeps it. Fields in `always` are sent with errors, too; where both tables have a name,
 * both fields are sent. The type is kept apart from both.
 */
export interface ResponseFields {
  readonly always: HeaderTable;
  readonly success: HeaderTable;
  contentType: string | undefined;
}

/** Carries out the rules in their order on one table of a response. */
export function applyResponseRules(
  rules: readonly HeaderRule[],
  fields: ResponseFields,
  condition: 'always' | 'success',
  facts: HeaderRuleFacts,
): void {
  const table = fields[condition];
  for (const rule of rules) {
    if (!holds(rule, facts)) continue;
    const { action } = rule;
    if (action.kind === 'echo') echo(action.pattern, fields.success, facts);
    else {
      if (action.kind !== 'note' && action.name.toLowerCase() === 'content-type')
        changeType(action, fields, table, facts);
      change(action, table, facts);
    }
  }
}

/** Carries out the rules in their order on the fields of a request. */
export function applyRequestRules(rules: readonly HeaderRule[], table: HeaderTable, facts: HeaderRuleFacts): void {
  for (const rule of rules) {
    if (rule.action.kind !== 'echo' && holds(rule, facts)) change(rule.action, table, facts);
  }
}

function holds({ condition }: HeaderRule, facts: HeaderRuleFacts): boolean {
  if (condition === undefined) return true;
  if (condition.kind === 'expression') return condition.expression.holds(facts.subject());
  return (facts.environment(condition.variable) === undefined) === condition.absent;
}

type FieldAction = Exclude<HeaderAction, { kind: 'echo' }>;

/** The type is no field of a table, and so append, merge and add do nothing to it. */
function changeType(action: FieldAction, fields: ResponseFields, table: HeaderTable, facts: HeaderFacts): void {
  switch (action.kind) {
    case 'set':
      fields.contentType = action.value(facts);
      return;
    case 'setifempty':
      // Apache looks into the table, where no type ever is.
      if (table.get(action.name) === undefined) fields.contentType = action.value(facts);
      return;
    case 'unset':
      fields.contentType = undefined;
      return;
    case 'edit':
      if (fields.contentType !== undefined) fields.contentType = edit(action, fields.contentType, facts);
      return;
    default:
      return;
  }
}

function change(action: FieldAction, table: HeaderTable, facts: HeaderRuleFacts): void {
  const { name } = action;
  switch (action.kind) {
    case 'set':
      table.set(name, action.value(facts));
      return;
    case 'setifempty':
      if (table.get(name) === undefined) table.set(name, action.value(facts));
      return;
    case 'add':
      table.add(name, action.value(facts));
      return;
    case 'append':
      table.merge(name, action.value(facts));
      return;
    case 'merge': {
      const value = action.value(facts);
      if (!hasElement(table.get(name), value)) table.merge(name, value);
      return;
    }
    case 'unset':
      table.unset(name);
      return;
    case 'edit': {
      const values = table.getAll(name);
      if (values.length === 0) return;
      table.unset(name);
      for (const value of values) table.add(name, edit(action, value, facts));
      return;
    }
    case 'note': {
      const value = table.get(name);
      if (value !== undefined) facts.setNote(action.note(facts), value);
      return;
    }
  }
}

function edit(action: Extract<HeaderAction, { kind: 'edit' }>, value: string, facts: HeaderFacts): string {
  const { pattern, everyMatch } = action;
  const replacement = action.replacement(facts);
  const found = everyMatch
    ? [...value.matchAll(globally(pattern))]
    : [pattern.exec(value)].filter((one) => one !== null);
  let edited = '';
  let at = 0;
  for (const match of found) {
    edited += value.slice(at, match.index) + substituteGroups(replacement, match);
    at = match.index + match[0].length;
  }
  return edited + value.slice(at);
}

const globalPatterns = new WeakMap<RegExp, RegExp>();

function globally(pattern: RegExp): RegExp {
  let found = globalPatterns.get(pattern);
  if (found === undefined) {
    found = new RegExp(pattern.source, `${pattern.flags}g`);
    globalPatterns.set(pattern, found);
  }
  return found;
}

/** Whether a comma-separated list has this element; commas in quotes separate nothing. */
function hasElement(list: string | undefined, element: string): boolean {
  if (list === undefined) return false;
  return [...list.matchAll(/\s*((?:"[^"]*"?|[^",])*),?/g)].some((found) => found[0] !== '' && found[1] === element);
}

function echo(pattern: RegExp, table: HeaderTable, { requestHeaders }: HeaderRuleFacts): void {
  for (let at = 0; at + 1 < requestHeaders.length; at += 2) {
    const name = requestHeaders[at] as string;
    if (pattern.test(name)) table.add(name, requestHeaders[at + 1] as string);
  }
}

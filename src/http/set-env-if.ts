/**
 * What SetEnvIf and BrowserMatch do with a request: rules in, changes to the environment out (mod_setenvif.c,
 * match_headers). Pure; the table in env-directives.ts makes the rules.
 */

import type { Expression, ExpressionSubject } from './expression/expression.js';
import { substituteGroups } from './group-substitution.js';

export type RequestAttribute =
  | 'Remote_Addr'
  | 'Remote_Host'
  | 'Request_Method'
  | 'Request_Protocol'
  | 'Request_URI'
  | 'Server_Addr';

export const REQUEST_ATTRIBUTES: readonly RequestAttribute[] = [
  'Remote_Addr',
  'Remote_Host',
  'Request_Method',
  'Request_Protocol',
  'Request_URI',
  'Server_Addr',
];

/** What a rule looks at. */
export type SetEnvIfSubject =
  | { readonly kind: 'attribute'; readonly attribute: RequestAttribute }
  /** A header, or where the request has none of that name a variable that is already set. */
  | { readonly kind: 'name'; readonly name: string }
  /** The last header whose name matches. */
  | { readonly kind: 'header-pattern'; readonly pattern: RegExp };

export interface VariableChange {
  readonly name: string;
  /** Undefined takes the variable away. */
  readonly value: string | undefined;
}

/** SetEnvIf, BrowserMatch and their kin. */
export interface PatternRule {
  readonly kind?: undefined;
  readonly subject: SetEnvIfSubject;
  readonly pattern: RegExp;
  /** Whether $0 to $9 in values stand for groups: not where the pattern is plain text, as in Apache. */
  readonly substitutes: boolean;
  readonly changes: readonly VariableChange[];
}

/** SetEnvIfExpr. */
export interface ExpressionRule {
  readonly kind: 'expression';
  readonly expression: Expression;
  readonly changes: readonly VariableChange[];
}

export type SetEnvIfRule = PatternRule | ExpressionRule;

/** The request as the rules see it. */
export interface SetEnvIfRequest {
  readonly clientAddress: string;
  readonly serverAddress: string;
  readonly method: string;
  readonly protocol: string;
  /** The decoded path without the query. */
  readonly path: string;
  /** In the order of arrival, names in any case; repeated headers already joined. */
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** What expressions are asked about; without it none holds. */
  expressionSubject?(): ExpressionSubject;
}

/** Carries out the rules in order on `environment`; later ones see what earlier ones set. */
export function applySetEnvIf(
  rules: readonly SetEnvIfRule[],
  request: SetEnvIfRequest,
  environment: Map<string, string>,
): void {
  for (const rule of rules) {
    const match =
      rule.kind === 'expression' ? matchExpression(rule, request) : matchPattern(rule, request, environment);
    if (match === undefined) continue;
    for (const { name, value } of rule.changes) {
      if (value === undefined) environment.delete(name);
      else environment.set(name, match.length > 0 ? substituteGroups(value, match) : value);
    }
  }
}

/** Undefined: does not match. Without an entry: groups are not filled in. */
type Match = readonly (string | undefined)[] | undefined;

function matchPattern(rule: PatternRule, request: SetEnvIfRequest, environment: ReadonlyMap<string, string>): Match {
  // What is missing is the empty string, so that ^$ matches it.
  const match = rule.pattern.exec(subjectText(rule.subject, request, environment) ?? '');
  if (match === null) return undefined;
  return rule.substitutes ? match : [];
}

function matchExpression(rule: ExpressionRule, request: SetEnvIfRequest): Match {
  const subject = request.expressionSubject?.();
  const match = subject === undefined ? undefined : rule.expression.match(subject);
  // Without groups $1 is empty; in Apache it is whatever an earlier rule has left.
  return match?.length === 0 ? [''] : match;
}

/** Whether Apache compares this pattern as plain text: no metacharacter but escaped ones. */
export function isPlainPattern(pattern: string): boolean {
  return /^(?:[^\\^.$|()[\]*+?{}]|\\[\\^.$|()[\]*+?{}])*$/.test(pattern);
}

function subjectText(
  subject: SetEnvIfSubject,
  request: SetEnvIfRequest,
  environment: ReadonlyMap<string, string>,
): string | undefined {
  switch (subject.kind) {
    case 'attribute':
      return attributeText(subject.attribute, request);
    case 'name':
      return findHeader(subject.name, request) ?? environment.get(subject.name);
    case 'header-pattern': {
      let found: string | undefined;
      for (const [name, value] of request.headers) if (subject.pattern.test(name)) found = value;
      return found;
    }
  }
}

function attributeText(attribute: RequestAttribute, request: SetEnvIfRequest): string {
  switch (attribute) {
    // Names are never looked up (HostnameLookups), so the host is the address, as with Apache's lookups off.
    case 'Remote_Addr':
    case 'Remote_Host':
      return request.clientAddress;
    case 'Request_Method':
      return request.method;
    case 'Request_Protocol':
      return request.protocol;
    case 'Request_URI':
      return request.path;
    case 'Server_Addr':
      return request.serverAddress;
  }
}

function findHeader(wanted: string, request: SetEnvIfRequest): string | undefined {
  const lower = wanted.toLowerCase();
  for (const [name, value] of request.headers) if (name.toLowerCase() === lower) return value;
  return undefined;
}

/**
 * Who may have a resource: Apache 2.4's Require rules (mod_authz_core, mod_authz_host, mod_authz_user, mod_authz_groupfile) and the older Order, Allow, Deny
 * and Satisfy (mod_access_compat), as values, and the decision over them. server/access-directives.ts makes the values,
 * the http child asks `decideAccess` for each request.
 */

import { unreachable } from '../base/assert.js';
import { holdsForMethod, type MethodLimit } from '../base/method-limit.js';
import type { Expression, ExpressionSubject } from './expression/expression.js';
import { findIpAddress, type IpAddress, type IpNetwork, isInNetwork, isLoopback, isSameAddress } from './ip-network.js';

/** What a rule may look at. */
export interface AccessFacts {
  readonly remoteAddress: string;
  /** The address that the client connected to, for `Require local`. */
  readonly localAddress?: string;
  readonly method: string;
  environment(name: string): string | undefined;
  /** The verified name of the address; without it, and where it answers undefined, no host rule matches. */
  hostOf?(address: string): string | undefined;
  /** Who has been authenticated, a byte string; undefined before that. */
  readonly user?: string | undefined;
  /** What expressions are asked about; without it none holds. */
  subject?(): ExpressionSubject;
  /** The user's groups, as far as they have been looked up, in lower case. */
  readonly groups?: Readonly<Partial<Record<GroupSource, ReadonlySet<string>>>>;
}

/** Where groups come from: AuthGroupFile or WSGIAuthGroupScript. */
export type GroupSource = 'file' | 'script';

export type AccessCondition =
  | { readonly kind: 'all'; readonly granted: boolean }
  | { readonly kind: 'ip'; readonly networks: readonly IpNetwork[] }
  | { readonly kind: 'local' }
  /** HEAD counts as GET. */
  | { readonly kind: 'method'; readonly methods: ReadonlySet<string> }
  | { readonly kind: 'env'; readonly variables: readonly string[] }
  /** Host names, or the ends of names, in lower case. */
  | { readonly kind: 'host'; readonly names: readonly string[] }
  | { readonly kind: 'valid-user' }
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** Byte strings. */
  | { readonly kind: 'user'; readonly names: ReadonlySet<string> }
  /** Byte strings in lower case: Apache compares groups without regard to case. */
  | { readonly kind: 'group'; readonly source: GroupSource; readonly names: ReadonlySet<string> };

/** A Require line or a container of them. `negated`: `Require not`, and RequireNone, which is a negated 'any'. */
export type RequireRule =
  | {
      readonly kind: 'condition';
      readonly condition: AccessCondition;
      readonly negated: boolean;
      /** Of a line inside <Limit> or <LimitExcept>. */
      readonly limitedTo?: MethodLimit;
    }
  | {
      readonly kind: 'group';
      readonly operator: 'all' | 'any';
      readonly negated: boolean;
      readonly rules: readonly RequireRule[];
    };

/** What one scope says with Require and AuthMerging. */
export interface RequireRules {
  /** undefined where AuthMerging does not stand in the scope, which acts like Off once the scope has a rule. */
  readonly merging: 'off' | 'and' | 'or' | undefined;
  readonly rule: RequireRule | undefined;
}

export type HostRule = (
  | { readonly kind: 'all' }
  | { readonly kind: 'ip'; readonly networks: readonly [IpNetwork] }
  | { readonly kind: 'host'; readonly names: readonly [string] }
  | { readonly kind: 'env'; readonly variable: string; readonly absent: boolean }
) & {
  /** Of a line inside <Limit> or <LimitExcept>. */
  readonly limitedTo?: MethodLimit;
};

type CompatOrder = 'deny,allow' | 'allow,deny' | 'mutual-failure';
type CompatSatisfy = 'all' | 'any';

/** An Order or Satisfy line inside <Limit> or <LimitExcept>. */
export interface LimitedCompatWord {
  readonly limitedTo: MethodLimit;
  readonly order?: CompatOrder;
  readonly satisfy?: CompatSatisfy;
}

/** What one scope says with Order, Allow, Deny and Satisfy. An inner scope that says any of it replaces all of it. */
export interface CompatRules {
  readonly order: CompatOrder;
  readonly allow: readonly HostRule[];
  readonly deny: readonly HostRule[];
  readonly satisfy: CompatSatisfy;
  /** What some methods have in place of `order` and `satisfy`; the last one that holds for a method counts. */
  readonly limited?: readonly LimitedCompatWord[];
}

/** What holds where no line of mod_access_compat applies, and what its first line in a scope starts from. */
export const defaultCompatRules: CompatRules = { order: 'deny,allow', allow: [], deny: [], satisfy: 'all' };

export interface AccessRules {
  readonly require?: RequireRules | undefined;
  readonly compat?: CompatRules | undefined;
}

export type AccessDecision =
  | { readonly allowed: true }
  /** Answered with 403; `module` is whose rule denied it, for the log line. */
  | { readonly allowed: false; readonly module: 'authz_core' | 'access_compat' };

const granted: AccessDecision = { allowed: true };
const deniedByRequire: AccessDecision = { allowed: false, module: 'authz_core' };
const deniedByCompat: AccessDecision = { allowed: false, module: 'access_compat' };

/**
 * Both kinds of rules must let the request through; under Satisfy Any one is enough. Where a kind is silent it lets
 * everything through, so that Satisfy Any without Order, Allow or Deny switches Require off, as it does in Apache.
 */
export function decideAccess(rules: AccessRules, facts: AccessFacts): AccessDecision {
  const isAny = satisfiesByAny(rules, facts.method);
  const compatAllows = isAllowedByCompat(rules, facts);
  if (isAny && compatAllows) return granted;
  if (!isAny && !compatAllows) return deniedByCompat;
  const rule = rules.require?.rule;
  return rule === undefined || evaluateRequire(rule, facts) === 'granted' ? granted : deniedByRequire;
}

/** Whether every request is let through, whatever it is. False also where that can't be told by looking at the rules. */
export function isOpenToAll({ compat, require }: AccessRules): boolean {
  return compat === undefined && (require?.rule === undefined || alwaysGrants(require.rule));
}

function alwaysGrants(rule: RequireRule): boolean {
  if (rule.negated) return false;
  if (rule.kind === 'group') return rule.rules.length > 0 && rule.rules.every(alwaysGrants);
  return rule.limitedTo === undefined && rule.condition.kind === 'all' && rule.condition.granted;
}

/** What Order, Allow and Deny say; yes, where they say nothing. */
export function isAllowedByCompat({ compat }: AccessRules, facts: AccessFacts): boolean {
  return compat === undefined || isAllowedByOrder(compat, facts);
}

/** Whether Satisfy Any is in force for the method. */
export function satisfiesByAny({ compat = defaultCompatRules }: AccessRules, method: string): boolean {
  const limited = compat.limited?.findLast((one) => one.satisfy !== undefined && holdsForMethod(one.limitedTo, method));
  return (limited?.satisfy ?? compat.satisfy) === 'any';
}

/** Whether a rule can only be decided when the user is known. */
export function asksForUser(rule: RequireRule): boolean {
  if (rule.kind === 'group') return rule.rules.some(asksForUser);
  const { kind } = rule.condition;
  if (kind === 'expression') return rule.condition.expression.asksForUser;
  return kind === 'valid-user' || kind === 'user' || kind === 'group';
}

/** The error-log message of a denial; people search for these words. */
export function accessDeniedMessage(path: string): string {
  return `client denied by server configuration: ${path}`;
}

/** An inner scope's Require rules over an outer one's, under the inner scope's AuthMerging. */
export function mergeRequireRules(outer: RequireRules, inner: RequireRules): RequireRules {
  // Off said aloud forgets the outer rules even where the inner scope has none of its own.
  if (inner.merging === 'off') return inner;
  if (inner.rule === undefined) return { merging: inner.merging, rule: outer.rule };
  if (inner.merging === undefined || outer.rule === undefined) return inner;
  const operator = inner.merging === 'and' ? 'all' : 'any';
  return {
    merging: inner.merging,
    rule: { kind: 'group', operator, negated: false, rules: [outer.rule, inner.rule] },
  };
}

/**
 * 'denied-no-user': a user may change that. 'needs-file' and 'needs-script': the user's groups have to be looked up, and
 * then the rule evaluated again.
 */
export type RequireOutcome = 'granted' | 'denied' | 'denied-no-user' | 'neutral' | `needs-${GroupSource}`;

/**
 * A negated rule can deny but never grant: what it does not deny it leaves open ('neutral'). A rule that is limited to
 * other methods grants where all of its group must and says nothing where one is enough; so where a scope has only such
 * rules everybody is let in.
 */
export function evaluateRequire(
  rule: RequireRule,
  facts: AccessFacts,
  groupOperator: 'all' | 'any' = 'all',
): RequireOutcome {
  if (!concernsMethod(rule, facts.method)) return groupOperator === 'all' ? 'granted' : 'neutral';
  const outcome =
    rule.kind === 'condition'
      ? evaluateCondition(rule.condition, facts)
      : evaluateGroup(rule.operator, rule.rules, facts);
  if (!rule.negated || needsGroups(outcome)) return outcome;
  return outcome === 'granted' ? 'denied' : 'neutral';
}

function concernsMethod(rule: RequireRule, method: string): boolean {
  if (rule.kind === 'group') return rule.rules.some((one) => concernsMethod(one, method));
  return holdsForMethod(rule.limitedTo, method);
}

function needsGroups(outcome: RequireOutcome): outcome is `needs-${GroupSource}` {
  return outcome === 'needs-file' || outcome === 'needs-script';
}

/** mod_authz_core's apply_authz_sections: a user who is not there yet may still decide, unless another rule has. */
function evaluateGroup(operator: 'all' | 'any', rules: readonly RequireRule[], facts: AccessFacts): RequireOutcome {
  const decisive = operator === 'all' ? 'denied' : 'granted';
  let outcome: RequireOutcome = 'neutral';
  for (const rule of rules) {
    const one = evaluateRequire(rule, facts, operator);
    if (one === decisive || needsGroups(one)) return one;
    if (one !== 'neutral' && outcome !== 'denied-no-user') outcome = one;
  }
  return outcome;
}

function evaluateCondition(condition: AccessCondition, facts: AccessFacts): RequireOutcome {
  if (condition.kind === 'valid-user' || condition.kind === 'user' || condition.kind === 'group') {
    if (facts.user === undefined) return 'denied-no-user';
  }
  if (condition.kind === 'expression') {
    const subject = facts.subject?.();
    if (subject !== undefined && condition.expression.holds(subject)) return 'granted';
    return condition.expression.asksForUser ? 'denied-no-user' : 'denied';
  }
  if (condition.kind !== 'group') return holds(condition, facts) ? 'granted' : 'denied';
  const groups = facts.groups?.[condition.source];
  if (groups === undefined) return `needs-${condition.source}`;
  for (const name of condition.names) if (groups.has(name)) return 'granted';
  return 'denied';
}

function holds(condition: Exclude<AccessCondition, { kind: 'expression' | 'group' }>, facts: AccessFacts): boolean {
  switch (condition.kind) {
    case 'valid-user':
      return facts.user !== undefined;
    case 'user':
      return facts.user !== undefined && condition.names.has(facts.user);
    case 'all':
      return condition.granted;
    case 'ip':
      return isRemoteIn(condition.networks, facts);
    case 'local':
      return isLocal(facts);
    case 'method':
      return condition.methods.has(facts.method === 'HEAD' ? 'GET' : facts.method);
    case 'env':
      return condition.variables.some((name) => facts.environment(name) !== undefined);
    case 'host':
      return isRemoteNamed(condition.names, facts);
    default:
      return unreachable(condition);
  }
}

function isAllowedByOrder(rules: CompatRules, facts: AccessFacts): boolean {
  const isAllowed = (): boolean => rules.allow.some((rule) => matches(rule, facts));
  const isDenied = (): boolean => rules.deny.some((rule) => matches(rule, facts));
  // The second word of Order wins where both match and holds where neither does.
  return orderFor(rules, facts.method) === 'deny,allow' ? isAllowed() || !isDenied() : isAllowed() && !isDenied();
}

function orderFor({ limited, order }: CompatRules, method: string): CompatOrder {
  return limited?.findLast((one) => one.order !== undefined && holdsForMethod(one.limitedTo, method))?.order ?? order;
}

function matches(rule: HostRule, facts: AccessFacts): boolean {
  if (!holdsForMethod(rule.limitedTo, facts.method)) return false;
  switch (rule.kind) {
    case 'all':
      return true;
    case 'ip':
      return isRemoteIn(rule.networks, facts);
    case 'host':
      return isRemoteNamed(rule.names, facts);
    case 'env':
      return (facts.environment(rule.variable) === undefined) === rule.absent;
    default:
      return unreachable(rule);
  }
}

function isRemoteIn(networks: readonly IpNetwork[], facts: AccessFacts): boolean {
  const address = findIpAddress(facts.remoteAddress);
  return address !== undefined && networks.some((network) => isInNetwork(address, network));
}

function isLocal(facts: AccessFacts): boolean {
  const remote = findIpAddress(facts.remoteAddress);
  if (remote === undefined) return false;
  const local: IpAddress | undefined = facts.localAddress === undefined ? undefined : findIpAddress(facts.localAddress);
  return isLoopback(remote) || (local !== undefined && isSameAddress(remote, local));
}

/** `example.org` is that host and all below it; `.org` all below. */
function isRemoteNamed(names: readonly string[], facts: AccessFacts): boolean {
  const host = facts.hostOf?.(facts.remoteAddress)?.toLowerCase();
  if (host === undefined) return false;
  return names.some((name) => host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`));
}

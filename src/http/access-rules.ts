/**
 * Who may have a resource: Apache 2.4's Require rules (mod_authz_core, mod_authz_host) and the older Order, Allow, Deny
 * and Satisfy (mod_access_compat), as values, and the decision over them. server/access-directives.ts makes the values,
 * the http child asks `decideAccess` for each request.
 */

import { unreachable } from '../base/assert.js';
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
}

export type AccessCondition =
  | { readonly kind: 'all'; readonly granted: boolean }
  | { readonly kind: 'ip'; readonly networks: readonly IpNetwork[] }
  | { readonly kind: 'local' }
  /** HEAD counts as GET. */
  | { readonly kind: 'method'; readonly methods: ReadonlySet<string> }
  | { readonly kind: 'env'; readonly variables: readonly string[] }
  /** Host names, or the ends of names, in lower case. */
  | { readonly kind: 'host'; readonly names: readonly string[] };

/** A Require line or a container of them. `negated`: `Require not`, and RequireNone, which is a negated 'any'. */
export type RequireRule =
  | { readonly kind: 'condition'; readonly condition: AccessCondition; readonly negated: boolean }
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

export type HostRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'ip'; readonly networks: readonly [IpNetwork] }
  | { readonly kind: 'host'; readonly names: readonly [string] }
  | { readonly kind: 'env'; readonly variable: string; readonly absent: boolean };

/** What one scope says with Order, Allow, Deny and Satisfy. An inner scope that says any of it replaces all of it. */
export interface CompatRules {
  readonly order: 'deny,allow' | 'allow,deny' | 'mutual-failure';
  readonly allow: readonly HostRule[];
  readonly deny: readonly HostRule[];
  readonly satisfy: 'all' | 'any';
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
  const compat = rules.compat ?? defaultCompatRules;
  const compatAllows = rules.compat === undefined || isAllowedByOrder(rules.compat, facts);
  if (compat.satisfy === 'any' && compatAllows) return granted;
  if (compat.satisfy === 'all' && !compatAllows) return deniedByCompat;
  const rule = rules.require?.rule;
  return rule === undefined || evaluate(rule, facts) === 'granted' ? granted : deniedByRequire;
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

type Outcome = 'granted' | 'denied' | 'neutral';

/** A negated rule can deny but never grant: what it does not deny it leaves open ('neutral'). */
function evaluate(rule: RequireRule, facts: AccessFacts): Outcome {
  const outcome =
    rule.kind === 'condition'
      ? holds(rule.condition, facts)
        ? 'granted'
        : 'denied'
      : evaluateGroup(rule.operator, rule.rules, facts);
  if (!rule.negated) return outcome;
  return outcome === 'granted' ? 'denied' : 'neutral';
}

function evaluateGroup(operator: 'all' | 'any', rules: readonly RequireRule[], facts: AccessFacts): Outcome {
  const decisive = operator === 'all' ? 'denied' : 'granted';
  let outcome: Outcome = 'neutral';
  for (const rule of rules) {
    const one = evaluate(rule, facts);
    if (one === decisive) return one;
    if (one !== 'neutral') outcome = one;
  }
  return outcome;
}

function holds(condition: AccessCondition, facts: AccessFacts): boolean {
  switch (condition.kind) {
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
  return rules.order === 'deny,allow' ? isAllowed() || !isDenied() : isAllowed() && !isDenied();
}

function matches(rule: HostRule, facts: AccessFacts): boolean {
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

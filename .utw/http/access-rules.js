/**
 * Who may have a resource: Apache 2.4's Require rules (mod_authz_core, mod_authz_host) and the older Order, Allow, Deny
 * and Satisfy (mod_access_compat), as values, and the decision over them. server/access-directives.ts makes the values,
 * the http child asks `decideAccess` for each request.
 */
import { unreachable } from '../base/assert.js';
import { findIpAddress, isInNetwork, isLoopback, isSameAddress } from './ip-network.js';
/** What holds where no line of mod_access_compat applies, and what its first line in a scope starts from. */
export const defaultCompatRules = { order: 'deny,allow', allow: [], deny: [], satisfy: 'all' };
const granted = { allowed: true };
const deniedByRequire = { allowed: false, module: 'authz_core' };
const deniedByCompat = { allowed: false, module: 'access_compat' };
/**
 * Both kinds of rules must let the request through; under Satisfy Any one is enough. Where a kind is silent it lets
 * everything through, so that Satisfy Any without Order, Allow or Deny switches Require off, as it does in Apache.
 */
export function decideAccess(rules, facts) {
    const compat = rules.compat ?? defaultCompatRules;
    const compatAllows = rules.compat === undefined || isAllowedByOrder(rules.compat, facts);
    if (compat.satisfy === 'any' && compatAllows)
        return granted;
    if (compat.satisfy === 'all' && !compatAllows)
        return deniedByCompat;
    const rule = rules.require?.rule;
    return rule === undefined || evaluate(rule, facts) === 'granted' ? granted : deniedByRequire;
}
/** The error-log message of a denial; people search for these words. */
export function accessDeniedMessage(path) {
    return `client denied by server configuration: ${path}`;
}
/** An inner scope's Require rules over an outer one's, under the inner scope's AuthMerging. */
export function mergeRequireRules(outer, inner) {
    // Off said aloud forgets the outer rules even where the inner scope has none of its own.
    if (inner.merging === 'off')
        return inner;
    if (inner.rule === undefined)
        return { merging: inner.merging, rule: outer.rule };
    if (inner.merging === undefined || outer.rule === undefined)
        return inner;
    const operator = inner.merging === 'and' ? 'all' : 'any';
    return {
        merging: inner.merging,
        rule: { kind: 'group', operator, negated: false, rules: [outer.rule, inner.rule] },
    };
}
/** A negated rule can deny but never grant: what it does not deny it leaves open ('neutral'). */
function evaluate(rule, facts) {
    const outcome = rule.kind === 'condition'
        ? holds(rule.condition, facts)
            ? 'granted'
            : 'denied'
        : evaluateGroup(rule.operator, rule.rules, facts);
    if (!rule.negated)
        return outcome;
    return outcome === 'granted' ? 'denied' : 'neutral';
}
function evaluateGroup(operator, rules, facts) {
    const decisive = operator === 'all' ? 'denied' : 'granted';
    let outcome = 'neutral';
    for (const rule of rules) {
        const one = evaluate(rule, facts);
        if (one === decisive)
            return one;
        if (one !== 'neutral')
            outcome = one;
    }
    return outcome;
}
function holds(condition, facts) {
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
function isAllowedByOrder(rules, facts) {
    const isAllowed = () => rules.allow.some((rule) => matches(rule, facts));
    const isDenied = () => rules.deny.some((rule) => matches(rule, facts));
    // The second word of Order wins where both match and holds where neither does.
    return rules.order === 'deny,allow' ? isAllowed() || !isDenied() : isAllowed() && !isDenied();
}
function matches(rule, facts) {
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
function isRemoteIn(networks, facts) {
    const address = findIpAddress(facts.remoteAddress);
    return address !== undefined && networks.some((network) => isInNetwork(address, network));
}
function isLocal(facts) {
    const remote = findIpAddress(facts.remoteAddress);
    if (remote === undefined)
        return false;
    const local = facts.localAddress === undefined ? undefined : findIpAddress(facts.localAddress);
    return isLoopback(remote) || (local !== undefined && isSameAddress(remote, local));
}
/** `example.org` is that host and all below it; `.org` all below. */
function isRemoteNamed(names, facts) {
    const host = facts.hostOf?.(facts.remoteAddress)?.toLowerCase();
    if (host === undefined)
        return false;
    return names.some((name) => host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`));
}
//# sourceMappingURL=access-rules.js.map
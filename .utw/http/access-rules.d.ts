/**
 * Who may have a resource: Apache 2.4's Require rules (mod_authz_core, mod_authz_host) and the older Order, Allow, Deny
 * and Satisfy (mod_access_compat), as values, and the decision over them. server/access-directives.ts makes the values,
 * the http child asks `decideAccess` for each request.
 */
import { type IpNetwork } from './ip-network.js';
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
export type AccessCondition = {
    readonly kind: 'all';
    readonly granted: boolean;
} | {
    readonly kind: 'ip';
    readonly networks: readonly IpNetwork[];
} | {
    readonly kind: 'local';
}
/** HEAD counts as GET. */
 | {
    readonly kind: 'method';
    readonly methods: ReadonlySet<string>;
} | {
    readonly kind: 'env';
    readonly variables: readonly string[];
}
/** Host names, or the ends of names, in lower case. */
 | {
    readonly kind: 'host';
    readonly names: readonly string[];
};
/** A Require line or a container of them. `negated`: `Require not`, and RequireNone, which is a negated 'any'. */
export type RequireRule = {
    readonly kind: 'condition';
    readonly condition: AccessCondition;
    readonly negated: boolean;
} | {
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
export type HostRule = {
    readonly kind: 'all';
} | {
    readonly kind: 'ip';
    readonly networks: readonly [IpNetwork];
} | {
    readonly kind: 'host';
    readonly names: readonly [string];
} | {
    readonly kind: 'env';
    readonly variable: string;
    readonly absent: boolean;
};
/** What one scope says with Order, Allow, Deny and Satisfy. An inner scope that says any of it replaces all of it. */
export interface CompatRules {
    readonly order: 'deny,allow' | 'allow,deny' | 'mutual-failure';
    readonly allow: readonly HostRule[];
    readonly deny: readonly HostRule[];
    readonly satisfy: 'all' | 'any';
}
/** What holds where no line of mod_access_compat applies, and what its first line in a scope starts from. */
export declare const defaultCompatRules: CompatRules;
export interface AccessRules {
    readonly require?: RequireRules | undefined;
    readonly compat?: CompatRules | undefined;
}
export type AccessDecision = {
    readonly allowed: true;
}
/** Answered with 403; `module` is whose rule denied it, for the log line. */
 | {
    readonly allowed: false;
    readonly module: 'authz_core' | 'access_compat';
};
/**
 * Both kinds of rules must let the request through; under Satisfy Any one is enough. Where a kind is silent it lets
 * everything through, so that Satisfy Any without Order, Allow or Deny switches Require off, as it does in Apache.
 */
export declare function decideAccess(rules: AccessRules, facts: AccessFacts): AccessDecision;
/** The error-log message of a denial; people search for these words. */
export declare function accessDeniedMessage(path: string): string;
/** An inner scope's Require rules over an outer one's, under the inner scope's AuthMerging. */
export declare function mergeRequireRules(outer: RequireRules, inner: RequireRules): RequireRules;

/**
 * One run through a rule set: the loop over the rules, with the order of steps that mod_rewrite's rules rely on. Both
 * modes (server-rewrite.ts, directory-rewrite.ts) run one and then make their own result of where it ended.
 */
import type { RewriteMap } from './rewrite-map.js';
import type { RewriteOutcome, RewriteResult } from './rewrite-outcome.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RewriteRule, RuleSet } from './rule.js';
import { type ExpansionScope } from './template.js';
/** Where a pass ended. */
export type PassEnd = {
    readonly kind: 'unchanged';
} | {
    readonly kind: 'changed';
    readonly noEscape: boolean;
    readonly passThrough: boolean;
} | {
    readonly kind: 'status';
    readonly status: number;
};
export declare class RewritePass implements ExpansionScope {
    #private;
    readonly request: RewriteRequest;
    readonly services: RewriteServices;
    /** What happened, for `explain`; undefined where nobody asked, so that no line is even built. */
    readonly steps: string[] | undefined;
    filename: string;
    pathInfo: string;
    query: string | undefined;
    ruleMatch: readonly (string | undefined)[] | undefined;
    conditionMatch: readonly (string | undefined)[] | undefined;
    /** The status of a redirect: that of the last rule which asked for one. */
    redirectStatus: number;
    /** The rule whose substitution the path is. */
    lastSubstitution: RewriteRule | undefined;
    constructor(set: RuleSet, request: RewriteRequest, services: RewriteServices, start: {
        readonly filename: string;
        readonly directory: string | undefined;
        readonly trace: boolean;
    });
    run(): PassEnd;
    /** A result with what the pass did beside rewriting the path. */
    outcome(result: RewriteResult): RewriteOutcome;
    environment(name: string): string | undefined;
    /** Host is never named in Vary: caches tell hosts apart anyway. */
    noteHeader(name: string): void;
    findMap(name: string): RewriteMap | undefined;
}

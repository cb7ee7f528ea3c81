/**
 * Per-server rules: run before the URL is mapped to a file. They see the decoded URL path, and their result is a URL
 * path or a file path; which of the two, Apache decides by looking at the file system.
 */
import type { RewriteOutcome, RewriteResult } from './rewrite-outcome.js';
import { RewritePass } from './rewrite-pass.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RuleSet } from './rule.js';
export interface ServerRewriteOptions {
    readonly trace?: boolean;
    /** RewriteOptions AllowAnyURI: also look at request targets such as `*` that are no URL path. */
    readonly allowAnyUri?: boolean;
}
/** Applies the rules of a server or virtual host whose RewriteEngine is on. */
export declare function rewriteForServer(set: RuleSet, request: RewriteRequest, services: RewriteServices, options?: ServerRewriteOptions): RewriteOutcome;
/** The redirect to another URL, a refusal of its query string, or undefined where the path is a local one. */
export declare function redirectResult(pass: RewritePass, noEscape: boolean, adjust?: (uri: string) => string): RewriteResult | undefined;

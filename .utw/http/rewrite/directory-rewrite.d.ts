/**
 * Per-directory rules: run after the URL was mapped to a file, on the part of its path below the directory. The result
 * is made a URL path again and the request starts over with it.
 */
import type { RewriteOutcome } from './rewrite-outcome.js';
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
import type { RuleSet } from './rule.js';
export interface DirectoryRewriteOptions {
    /** The section's directory, or that of the .htaccess file. */
    readonly directory: string;
    /** RewriteBase. */
    readonly base: string | undefined;
    /** RewriteOptions AllowNoSlash: also rewrite requests for the directory itself that lack the trailing slash. */
    readonly allowNoSlash?: boolean;
    /** RewriteOptions IgnoreContextInfo: leave aliases out when making a URL of the result. */
    readonly ignoreContextInfo?: boolean;
    readonly trace?: boolean;
}
/**
 * Applies the rules of a directory whose RewriteEngine is on. Not to be called after an outcome with `end`, nor where
 * Options permits neither FollowSymLinks nor SymLinksIfOwnerMatch (Apache then answers 403).
 */
export declare function rewriteForDirectory(set: RuleSet, request: RewriteRequest, services: RewriteServices, options: DirectoryRewriteOptions): RewriteOutcome;

/** The flags of RewriteRule: what each one means, under its short and its long name. */
import type { Template } from './template.js';
import type { BackReferenceEscape } from './uri-escapes.js';
export interface RuleFlags {
    /** B and its kin; undefined where back-references go in as they are. */
    readonly backReferences: BackReferenceEscape | undefined;
    readonly chain: boolean;
    readonly cookies: readonly Template[];
    readonly discardPathInfo: boolean;
    readonly end: boolean;
    readonly environment: readonly Template[];
    readonly handler: Template | undefined;
    readonly ignoreCase: boolean;
    readonly last: boolean;
    /** N: how many rounds are allowed; undefined without N. */
    readonly maxRounds: number | undefined;
    readonly mimeType: Template | undefined;
    readonly noEscape: boolean;
    readonly noSubrequests: boolean;
    readonly passThrough: boolean;
    readonly queryAppend: boolean;
    readonly queryDiscard: boolean;
    readonly queryLast: boolean;
    /** R, with any status: not applied to subrequests. */
    readonly redirect: boolean;
    /** The status of a redirect, whether R or the substitution asks for it. */
    readonly redirectStatus: number;
    readonly skip: number;
    /** F, G and R with a status outside 3xx: the request ends with it. */
    readonly status: number | undefined;
    readonly unsafeAllow3F: boolean;
    readonly unsafePrefixStat: boolean;
}
/** The third argument of RewriteRule; undefined where it is absent. @throws RewriteSyntaxError */
export declare function parseRuleFlags(list: string | undefined): RuleFlags;

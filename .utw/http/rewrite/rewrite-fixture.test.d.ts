/**
 * What the tests of this folder share: configuration lines in, outcome out, over an imaginary file system. Holds no
 * tests itself; it is named like one to stay out of the package.
 */
import type { RewriteOutcome } from './rewrite-outcome.js';
import type { RequestFact, RewriteRequest, RewriteServices } from './rewrite-request.js';
import { type RuleSet } from './rule.js';
/** RewriteCond, RewriteRule and RewriteMap lines as a rule set. */
export declare function ruleSet(text: string): RuleSet;
export declare const mapText = "# comment\na  1\nb 2 three\n spaced 9\nnoval\nC 3\ndup x\ndup y\ndynamic grahamd-1|grahamd-2\ntab\tt #z\nempty \"\"\n";
export interface Situation {
    readonly url?: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly facts?: Partial<Record<RequestFact, string>>;
    readonly scheme?: 'http' | 'https';
    readonly isSubrequest?: boolean;
    readonly filename?: string;
    readonly pathInfo?: string;
    readonly random?: number;
    readonly services?: Partial<RewriteServices>;
    readonly trace?: boolean;
}
export declare function requestOf(situation: Situation): RewriteRequest;
export declare function servicesOf(situation: Situation): RewriteServices;
/** The outcome of a server's rules. */
export declare function onServer(lines: string, situation?: Situation): RewriteOutcome;
/** The outcome of the rules of /srv/www/app, which the URL /app leads to. */
export declare function inDirectory(lines: string, situation?: Situation, base?: string): RewriteOutcome;
/** The parts of an outcome that say where the request goes, in one line. */
export declare function where(outcome: RewriteOutcome): string;
/** A variable as the outcome leaves it: undefined where it was unset or never set. */
export declare function variable(outcome: RewriteOutcome, name: string): string | undefined;

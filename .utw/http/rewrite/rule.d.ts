/** RewriteRule: one parsed rule with its conditions, and the set of rules that a scope runs. */
import { type RewriteCondition } from './condition.js';
import type { RewriteMap } from './rewrite-map.js';
import { type RuleFlags } from './rule-flags.js';
import type { Template } from './template.js';
export interface RewriteRule {
    /** Where the line stands, for the record of steps. */
    readonly label: string;
    /** Pattern and substitution as written. */
    readonly patternText: string;
    readonly substitutionText: string;
    readonly negated: boolean;
    readonly regex: RegExp;
    readonly conditions: readonly RewriteCondition[];
    /** Undefined for `-`: the path stays. */
    readonly substitution: Template | undefined;
    readonly flags: RuleFlags;
}
/** Rules ready to run, with the maps that they may look into. */
export interface RuleSet {
    readonly rules: readonly RewriteRule[];
    readonly maps: ReadonlyMap<string, RewriteMap>;
}
/** The arguments of one RewriteRule line, with the RewriteCond lines before it. @throws RewriteSyntaxError */
export declare function parseRule(args: readonly string[], conditions: readonly RewriteCondition[], label: string): RewriteRule;
/** Joins rules and maps for running. The rules are compiled already, so this costs nothing per rule. */
export declare function compileRules(rules: readonly RewriteRule[], maps?: ReadonlyMap<string, RewriteMap>): RuleSet;
/** Names of maps that the rules mention and nobody defined; Apache silently uses the default in their place. */
export declare function unknownMaps(set: RuleSet): readonly string[];

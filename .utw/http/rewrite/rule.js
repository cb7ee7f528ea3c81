/** RewriteRule: one parsed rule with its conditions, and the set of rules that a scope runs. */
import { compileRegex } from './condition.js';
import { parseTemplateArgument } from './flag-list.js';
import { parseRuleFlags } from './rule-flags.js';
import { toByteString } from './uri-escapes.js';
/** The arguments of one RewriteRule line, with the RewriteCond lines before it. @throws RewriteSyntaxError */
export function parseRule(args, conditions, label) {
    const [patternText = '', substitutionText = '', list] = args;
    const flags = parseRuleFlags(list === undefined ? undefined : toByteString(list));
    const negated = patternText.startsWith('!');
    const bare = toByteString(negated ? patternText.slice(1) : patternText);
    // A rule that ends the request with a status has no use for its substitution.
    const keepsPath = substitutionText === '-' || flags.status !== undefined;
    return Object.freeze({
        label,
        patternText,
        substitutionText: toByteString(substitutionText),
        negated,
        regex: compileRegex(bare, flags.ignoreCase, 0),
        conditions: Object.freeze([...conditions]),
        substitution: keepsPath ? undefined : parseTemplateArgument(toByteString(substitutionText), 1),
        flags,
    });
}
/** Joins rules and maps for running. The rules are compiled already, so this costs nothing per rule. */
export function compileRules(rules, maps = new Map()) {
    return Object.freeze({ rules, maps });
}
/** Names of maps that the rules mention and nobody defined; Apache silently uses the default in their place. */
export function unknownMaps(set) {
    const names = new Set();
    for (const rule of set.rules) {
        const templates = [...rule.flags.environment, ...rule.flags.cookies, ...rule.conditions.map(({ test }) => test)];
        for (const template of [rule.substitution, rule.flags.handler, rule.flags.mimeType, ...templates]) {
            for (const name of template?.maps ?? [])
                if (!set.maps.has(name))
                    names.add(name);
        }
    }
    return [...names];
}
//# sourceMappingURL=rule.js.map
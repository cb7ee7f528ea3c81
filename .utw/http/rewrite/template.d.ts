/**
 * The strings with $1, %1, %{VARIABLE} and ${map:key|default} in them: substitutions, test strings and the values of
 * the flags E, CO, H and T. Taken apart once, when the line is read.
 */
import { type RewriteMap } from './rewrite-map.js';
import { type BackReferenceEscape } from './uri-escapes.js';
import { type VariableReader, type VariableScope } from './variables.js';
/** The parts of a running pass that templates read. */
export interface ExpansionScope extends VariableScope {
    /** The groups of the rule's pattern; undefined after a pattern with '!'. */
    readonly ruleMatch: readonly (string | undefined)[] | undefined;
    /** The groups of the last condition that matched. */
    readonly conditionMatch: readonly (string | undefined)[] | undefined;
    findMap(name: string): RewriteMap | undefined;
}
type Part = {
    readonly kind: 'text';
    readonly text: string;
} | {
    readonly kind: 'rule-group' | 'condition-group';
    readonly group: number;
} | {
    readonly kind: 'variable';
    readonly read: VariableReader;
} | {
    readonly kind: 'map';
    readonly map: string;
    readonly key: Template;
    readonly fallback: Template | undefined;
};
export interface Template {
    readonly parts: readonly Part[];
    /** Names of the maps that it looks into, for a check that they exist. */
    readonly maps: readonly string[];
}
/** Takes a string apart. @throws Error with a reason, where it holds a variable that can't be supported. */
export declare function parseTemplate(source: string): Template;
/** The string with everything filled in; `escaping` applies to back-references (flag B). */
export declare function expand(template: Template, scope: ExpansionScope, escaping?: BackReferenceEscape): string;
export {};

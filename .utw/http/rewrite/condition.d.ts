/** RewriteCond: how its pattern is read, and how a test string is held against it. */
import type { RewriteServices } from './rewrite-request.js';
import type { Template } from './template.js';
export type FileTest = 'd' | 'f' | 'F' | 'l' | 's' | 'U' | 'x';
type Order = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type ConditionPattern = {
    readonly kind: 'regex';
    readonly regex: RegExp;
} | {
    readonly kind: 'file';
    readonly test: FileTest;
} | {
    readonly kind: 'number';
    readonly order: Order;
    readonly value: number;
} | {
    readonly kind: 'string';
    readonly order: Order;
    readonly value: string;
    readonly ignoreCase: boolean;
};
export interface RewriteCondition {
    /** Where the line stands, for the record of steps. */
    readonly label: string;
    /** The pattern as written. */
    readonly patternText: string;
    readonly test: Template;
    readonly negated: boolean;
    readonly pattern: ConditionPattern;
    /** OR: enough if this one or the next holds. */
    readonly orNext: boolean;
    /** NV: the response's Vary does not mention the headers that this condition looked at. */
    readonly noVary: boolean;
}
/** The arguments of one RewriteCond line. @throws RewriteSyntaxError */
export declare function parseCondition(args: readonly string[], label: string): RewriteCondition;
/** A regular expression of a directive's argument. @throws RewriteSyntaxError */
export declare function compileRegex(pattern: string, ignoreCase: boolean, argument: number): RegExp;
/** Whether anything but a regular expression holds for a test string; '!' is not yet applied. */
export declare function holds(pattern: Exclude<ConditionPattern, {
    kind: 'regex';
}>, input: string, services: RewriteServices): boolean;
export {};

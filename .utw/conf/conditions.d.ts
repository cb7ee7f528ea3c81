/** The sections that httpd decides while it reads: IfDefine, IfModule, IfVersion and their kin. The parser's own. */
import type { Word } from './source.js';
import type { Variables } from './variables.js';
import type { Vocabulary } from './vocabulary.js';
/** The Apache that we answer for where a configuration asks. */
export declare const ANSWERED_VERSION = "2.4.62";
export interface ConditionContext {
    readonly variables: Variables;
    readonly vocabulary: Vocabulary;
    /** Takes a path as written. */
    readonly fileExists: (path: string) => boolean;
    readonly warn: (message: string, word: Word) => void;
}
/** A condition that can't be read; its section is skipped. */
export declare class ConditionError extends Error {
    readonly word: Word | undefined;
    constructor(message: string, word?: Word);
}
type Condition = (args: readonly Word[], context: ConditionContext) => boolean;
/** The condition of a section by its name, in any case; undefined for sections that belong to the tree. */
export declare function findCondition(name: string): Condition | undefined;
export {};

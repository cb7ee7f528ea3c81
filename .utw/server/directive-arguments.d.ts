/** How words of the core's directives are read: closed lists, durations, patterns, paths. Used by the directive tables. */
import { type Context, type DirectiveLine } from '../conf/directive.js';
import type { Word } from '../conf/source.js';
/** Apache's RSRC_CONF with its check for the main server; what holds for the whole program. */
export declare const globalContext: readonly Context[];
/** Apache's RSRC_CONF. */
export declare const serverContexts: readonly Context[];
/** Apache's RSRC_CONF and ACCESS_CONF. */
export declare const sectionContexts: readonly Context[];
/** Apache's OR_... */
export declare const allContexts: readonly Context[];
/** One word out of a list, in any case; gives it as the list spells it. @throws DirectiveError */
export declare function parseChoice<T extends string>(word: Word, what: string, choices: readonly T[]): T;
/** Text for the end of a message: the nearest name, if one is near. */
export declare function suggestion(text: string, names: Iterable<string>): string;
/** Seconds, or a number with ms, s, min or h; gives milliseconds. @throws DirectiveError */
export declare function parseDurationMs(word: Word, what: string): number;
/** @throws DirectiveError that says why the pattern does not compile */
export declare function parsePattern(word: Word, options?: {
    readonly ignoreCase?: boolean;
}): RegExp;
/** The path made absolute against ServerRoot. A slash at its end is kept: to Alias it matters. @throws DirectiveError */
export declare function parsePath(word: Word, line: DirectiveLine, what: string): string;
/** The argument at `index`; the count was checked before `apply` was called. */
export declare function getWord(line: DirectiveLine, index: number): Word;

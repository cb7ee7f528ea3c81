/**
 * Text to logical lines, and lines to words, as httpd 2.4 reads them. Knows nothing of directives. Used by the parser;
 * features with directives of raw arguments use `splitWords`.
 */
import type { Position } from './source.js';
/** Where a stretch of a logical line stands in the file. */
interface Stretch {
    readonly offset: number;
    readonly line: number;
    readonly column: number;
}
/** One line after continuations are joined and blanks at both ends are gone. */
export declare class LogicalLine {
    #private;
    readonly text: string;
    /** `trimmed`: how many leading blanks `text` has lost. */
    constructor(text: string, trimmed: number, stretches: readonly Stretch[]);
    /** A `#` counts only as the first character that is no blank. */
    get isComment(): boolean;
    /** Line and column of a character of `text`; its length is allowed, for "expected here". */
    locate(offset: number): {
        readonly line: number;
        readonly column: number;
    };
    position(file: string, offset: number, includedFrom: Position | undefined): Position;
}
/** Cuts a text into logical lines. */
export declare class LineReader {
    #private;
    constructor(text: string);
    /** The next logical line, empty ones and comments included; undefined at the end. */
    next(): LogicalLine | undefined;
}
/** What keeps a line from being read at all, with the offset to point at. */
export declare function lineFault(text: string): {
    readonly offset: number;
    readonly message: string;
} | undefined;
/** One word; quotes and their escapes are resolved in `text`, ${VAR} is not. */
export interface LexedWord {
    readonly text: string;
    /** Offset of its first character, the quote included. */
    readonly start: number;
    /** Where the next word may start. */
    readonly next: number;
}
/**
 * The word at or after `from`, as ap_getword_conf cuts it. A word that opens with a quote ends at its partner, whatever
 * follows (`"a"b` is two words), or with the line; a quote inside an unquoted word is plain text. A backslash escapes
 * itself everywhere and the quote inside quotes; before anything else it stays.
 */
export declare function nextWord(text: string, from: number): LexedWord | undefined;
/** All words from `from` on. */
export declare function splitWords(text: string, from?: number): readonly LexedWord[];
export {};

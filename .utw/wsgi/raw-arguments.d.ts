/**
 * mod_wsgi's own reading of a line: words, then `name=value` options whose value may be quoted on its own
 * (`display-name="a b"`), which Apache's splitting into words would tear apart. Used by the WSGI tables.
 */
import { DirectiveError, type DirectiveLine } from '../conf/directive.js';
import type { Word } from '../conf/source.js';
/** One `name=value`. The position of `value` is that of the value. */
export interface OptionWord {
    readonly name: Word;
    readonly value: Word;
}
export interface RawArguments {
    readonly words: readonly Word[];
    readonly options: readonly OptionWord[];
}
/**
 * Splits a line into at most `wordCount` words and options behind them. `what` names the directive in messages: "WSGI
 * daemon process".
 * @throws DirectiveError where something behind the words is no option
 */
export declare function splitRawArguments(line: DirectiveLine, wordCount: number, what: string): RawArguments;
/** The message for an option that does not exist, with the nearest that does. */
export declare function unknownOption(option: OptionWord, what: string, known: readonly string[]): DirectiveError;

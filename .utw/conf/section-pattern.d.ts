/** What the argument of a <Directory>, <Files> or <Location> means, and the order in which folders' sections apply. */
import type { Section, SectionKind, SectionPattern } from './config.js';
import type { Word } from './source.js';
export interface SectionArgument {
    /** The path, name or expression, without `~`. */
    readonly argument: string;
    readonly pattern: SectionPattern;
    /** Something odd that Apache accepts. */
    readonly warning?: string;
}
/** Reads the words of a section. @throws DirectiveError */
export declare function parseSectionArgument(kind: SectionKind, args: readonly Word[]): SectionArgument;
/** A regular expression in Apache's notation. @throws DirectiveError that points at the word */
export declare function compileWord(word: Word, options?: {
    readonly ignoreCase?: boolean;
}): RegExp;
/**
 * Directory sections in order of application. The manual says: paths shortest first, then expressions in file order.
 * What httpd 2.4 does, and this with it: plain paths and wildcards together, by their number of slashes; then
 * expressions, by the number of slashes in the expression's text. Equals keep their order, and the main server's
 * sections stand before the virtual host's.
 */
export declare function orderDirectories(main: readonly Section[], own: readonly Section[]): readonly Section[];
/** Slashes in the pattern: for a plain path or wildcard the number of components of the folders that it can match. */
export declare function componentCount(section: Section): number;

/**
 * Apache's patterns are Perl-compatible (PCRE), ours are JavaScript's. This file rewrites the spellings that differ and
 * refuses what JavaScript can't do, instead of letting it match something else. Patterns work on byte strings, so no
 * `u` flag. Apache's RegexDefaultOptions (DOTALL, DOLLAR_ENDONLY) are JavaScript's `s` flag and its plain `$`.
 *
 * Two differences stay: a group inside a repetition is emptied at each turn, where PCRE keeps the last capture; and a
 * back-reference to a group that took no part matches the empty string, where PCRE fails.
 */
/**
 * The JavaScript form of a PCRE pattern.
 * @throws Error whose message says what is wrong, fit to follow the pattern in a configuration message.
 */
export declare function translateRegex(pattern: string, ignoreCase: boolean): RegExp;

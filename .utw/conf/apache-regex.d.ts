/**
 * Regular expressions as Apache writes them (PCRE, bytes, not UTF) made into JavaScript's. Where both agree on a
 * meaning it is translated; where JavaScript has no counterpart this says so instead of matching something else.
 */
/** A pattern that can't be used. `offset` is the character of the pattern to point at. */
export declare class ApacheRegexError extends Error {
    readonly name = "ApacheRegexError";
    readonly offset: number;
    constructor(message: string, offset: number);
}
/**
 * Compiles one pattern. Groups keep their numbers and names. Leading (?i), (?s) and (?m) are taken over.
 * @throws ApacheRegexError
 */
export declare function compileApacheRegex(pattern: string, options?: {
    readonly ignoreCase?: boolean;
}): RegExp;

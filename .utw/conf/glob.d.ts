/**
 * Shell patterns as apr_fnmatch reads them, made into regular expressions: * ? [a-z] [!a] and backslash. Used for
 * Include, and for wildcard arguments of Directory, Files and Location.
 */
export interface GlobOptions {
    /** `*`, `?` and brackets do not match a slash. */
    readonly pathname: boolean;
    /** A dot at the start is only matched by a dot: how Include spares hidden files. */
    readonly leadingDot?: boolean;
}
/** Whether the text is a pattern at all; `[` counts only with a `]` behind it. */
export declare function isGlob(text: string): boolean;
/** A regular expression that matches the whole of what the pattern matches. */
export declare function globToRegex(glob: string, options: GlobOptions): RegExp;

/** POSIX paths as text, without asking the file system. Used by Include, ServerRoot and <Directory>. */
/** `path` against `base`; neither is looked at further. */
export declare function absolutePath(base: string, path: string): string;
/** An absolute path without empty, `.` and `..` components; a slash at the end goes too, but for the root's own. */
export declare function normalizePath(path: string): string;

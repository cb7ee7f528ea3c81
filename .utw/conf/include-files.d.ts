/** Which files an Include or IncludeOptional line means: wildcards and folders carried out in httpd's order. */
/** What Include needs of the file system. */
export interface IncludeFileSystem {
    /** Names in a folder, in any order; throws an errno-like error. */
    readonly listDirectory: (path: string) => readonly string[];
    readonly isDirectory: (path: string) => boolean;
}
export interface IncludeResult {
    /** In the order in which they are read. */
    readonly files: readonly string[];
    /** Why there are none, or not all. */
    readonly fault?: string;
}
/**
 * The files that `path` (absolute) means. A wildcard may stand in any component; `*` spares names with a leading dot,
 * a folder does not. Nothing found is a fault unless `optional`.
 */
export declare function findIncludeFiles(path: string, optional: boolean, fileSystem: IncludeFileSystem): IncludeResult;
/** The `code` of an errno-like error. */
export declare function systemErrorCode(error: unknown): string | undefined;
/** An errno-like error in words. */
export declare function describeSystemError(error: unknown): string;

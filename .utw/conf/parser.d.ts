/**
 * Files to a tree, carrying out in order what httpd carries out while it reads: ${VAR}, Define, the conditional
 * sections, Include and ServerRoot. Called by the server at start and reload and by `check`; the resolver goes on from
 * the tree. It never recurses over sections or files and never stops at the first problem.
 */
import { type Problem } from './source.js';
import type { ConfigTree } from './tree.js';
import type { Vocabulary } from './vocabulary.js';
export interface ParseOptions {
    /** The first file; relative names in messages stay as given here. */
    readonly file: string;
    /** A file's content; throws an errno-like error (`code: 'ENOENT'`). */
    readonly readFile: (path: string) => string | Uint8Array;
    /** Names in a folder. Without it wildcards and folders in Include find nothing. */
    readonly listDirectory?: (path: string) => readonly string[];
    readonly isDirectory?: (path: string) => boolean;
    /** For <IfFile>; without it the file is read. */
    readonly fileExists?: (path: string) => boolean;
    readonly vocabulary: Vocabulary;
    /** Names from -D; '' where there is no value. */
    readonly defines?: ReadonlyMap<string, string>;
    /** Looks up ${NAME} after the defines. */
    readonly environment?: (name: string) => string | undefined;
    /** In force until a ServerRoot line; '/' if absent. */
    readonly serverRoot?: string;
}
export interface ParseResult {
    /** What could be read; complete where `problems` has no error. */
    readonly tree: ConfigTree;
    readonly problems: readonly Problem[];
}
/** Reads a configuration from its first file on. Throws nothing that a file's content could cause. */
export declare function parseConfig(options: ParseOptions): ParseResult;

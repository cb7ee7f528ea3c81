/**
 * Which sections apply to a request, in Apache's order, and their settings laid over each other. Pure; the http child
 * calls it once per request after it knows the file.
 */
import type { Section, ServerScope } from './config.js';
import type { Settings } from './settings.js';
/** What a request means to the sections. */
export interface MatchTarget {
    /** The decoded URL path. */
    readonly urlPath: string;
    /** The deepest existing folder on the way to the file; undefined where the request has no file. */
    readonly directory?: string | undefined;
    /** The whole path that the URL maps to, without what is path info; a folder ends in a slash if the URL did. */
    readonly filename?: string | undefined;
    /** The resolved .htaccess of a folder (with slash at the end), if it has one and AllowOverride lets it count. */
    readonly accessFile?: (directory: string) => Section | undefined;
}
/** Every section that applies, in order of application: folders with .htaccess, expressions, files, locations. */
export declare function matchSections(server: ServerScope, target: MatchTarget): readonly Section[];
/**
 * The folder walk: for each folder from the root down first the Directory sections (plain and wildcard), then its
 * .htaccess; last the expressions, which see the whole `filename` and not the folders.
 */
export declare function matchDirectories(server: ServerScope, directory: string, filename: string, accessFile?: (directory: string) => Section | undefined): readonly Section[];
/** Files sections by the last component of `filename`: the server's first, then those inside the matched `folders`. */
export declare function matchFiles(server: ServerScope, folders: readonly Section[], filename: string): readonly Section[];
/** Location sections in file order. Slashes that follow each other count as one (MergeSlashes On, Apache's default). */
export declare function matchLocations(server: ServerScope, urlPath: string): readonly Section[];
/** Merged settings that a SettingsMerger keeps; then it starts anew. */
export declare const MAX_MERGED_SETTINGS = 1000;
/** Lays sections over a server's settings and remembers the result by the list, so that a request costs little. */
export declare class SettingsMerger {
    #private;
    constructor(server: ServerScope);
    /** How many results are remembered. */
    get size(): number;
    /** The server's settings under those of `sections`, which stand in order of application. */
    merge(sections: readonly Section[]): Settings;
}

/**
 * What the Options directive says about a folder: parsing of its words and the merge rule of httpd's core (core.c,
 * set_options and merge_core_dir_configs). Pure; the table in core-request-directives.ts and the file handlers use it.
 */
import { type RelativeSet } from './relative-set.js';
/** `Includes` in the configuration is `Includes` and `IncludesExec` here; `IncludesNOEXEC` is `Includes` alone. */
export type DirectoryOption = 'ExecCGI' | 'FollowSymLinks' | 'Includes' | 'IncludesExec' | 'Indexes' | 'MultiViews' | 'SymLinksIfOwnerMatch';
export type DirectoryOptions = RelativeSet<DirectoryOption>;
/** In force where no Options line applies. */
export declare const DEFAULT_OPTIONS: ReadonlySet<DirectoryOption>;
export declare const OPTION_WORDS: readonly string[];
/** Which word is wrong and why; the table makes it an error with a position. */
export interface OptionsFault {
    readonly index: number;
    readonly message: string;
}
/** Carries out one Options line over what earlier lines of the same scope left. */
export declare function applyOptionsLine(previous: DirectoryOptions | undefined, words: readonly string[]): DirectoryOptions | OptionsFault;
/** An inner scope's Options over an outer one's. */
export declare function mergeOptions(outer: DirectoryOptions, inner: DirectoryOptions): DirectoryOptions;
/** The options in force. */
export declare function effectiveOptions(options: DirectoryOptions | undefined): ReadonlySet<DirectoryOption>;

/**
 * mod_alias: paths of the URL space that lie elsewhere on the disk, and paths that have moved. The lists are searched
 * in order and the first match wins; those of a virtual host before those of the main server.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import type { Position } from '../conf/source.js';
/** One Alias or AliasMatch line. `target` of a regex may hold $0 to $9. */
export type AliasEntry = {
    readonly kind: 'prefix';
    readonly urlPath: string;
    readonly target: string;
    readonly position: Position;
} | {
    readonly kind: 'regex';
    /** As written. */
    readonly pattern: string;
    readonly regex: RegExp;
    readonly target: string;
    readonly position: Position;
};
export declare const aliasSettings: Readonly<{
    aliases: Setting<readonly AliasEntry[]>;
}>;
export declare const aliasDirectives: readonly DirectiveDefinition[];

/**
 * Tree to frozen values: finds each line's definition, checks where it stands and how many words it has, has the
 * feature carry it out, and collects what the scopes set. Called by the server after parseConfig, and by `check`.
 */
import type { Config, Section } from './config.js';
import { type OverrideClass } from './directive.js';
import type { Problem } from './source.js';
import type { ConfigTree } from './tree.js';
import type { Vocabulary } from './vocabulary.js';
export interface ResolveOptions {
    /** Relative paths stand against it where no ServerRoot line says otherwise; '/' if absent. */
    readonly serverRoot?: string;
}
export interface ResolveResult {
    /** Frozen; fit for use where neither `problems` nor the parser's has an error. */
    readonly config: Config;
    readonly problems: readonly Problem[];
}
/** Resolves a whole configuration. Throws only what a feature throws besides DirectiveError. */
export declare function resolveConfig(tree: ConfigTree, vocabulary: Vocabulary, options?: ResolveOptions): ResolveResult;
export interface AccessFileOptions {
    readonly serverRoot: string;
    /** The folder that the file lies in. */
    readonly directory: string;
    /** What AllowOverride permits there. */
    readonly allowed: ReadonlySet<OverrideClass>;
}
/**
 * Resolves one .htaccess file to a section that matchDirectories places behind the folder's own. Its lines must stand
 * in a class that `allowed` has.
 */
export declare function resolveAccessFile(tree: ConfigTree, vocabulary: Vocabulary, options: AccessFileOptions): {
    readonly section: Section;
    readonly problems: readonly Problem[];
};

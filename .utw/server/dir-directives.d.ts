/** mod_dir's directives: what a request for a folder gets. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
export declare const dirSettings: Readonly<{
    /** File names, or URL paths where they start with '/', in order of preference. Inner scopes replace the list. */
    directoryIndex: Setting<readonly string[]>;
    directorySlash: Setting<boolean>;
}>;
export declare const defaultDirectoryIndex: readonly string[];
export declare const dirDirectives: readonly DirectiveDefinition[];

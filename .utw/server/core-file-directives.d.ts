/** How files of a folder may be served. Directives of httpd's core. */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { type DirectoryOptions } from '../http/directory-options.js';
import { type RelativeSet } from '../http/relative-set.js';
/** What an ETag is made of. */
export type ETagComponent = 'Digest' | 'INode' | 'MTime' | 'Size';
export declare const fileSettings: Readonly<{
    options: Setting<DirectoryOptions>;
    /** Classes that .htaccess files may use, lower case; empty for None. */
    allowOverride: Setting<readonly string[]>;
    allowOverrideList: Setting<readonly string[]>;
    fileETag: Setting<RelativeSet<ETagComponent>>;
    enableSendfile: Setting<boolean>;
    enableMmap: Setting<boolean>;
}>;
/** The components in force; empty for no ETag. */
export declare function effectiveFileETag(set: RelativeSet<ETagComponent> | undefined): ReadonlySet<ETagComponent>;
export declare const coreFileDirectives: readonly DirectiveDefinition[];

/**
 * The directives that say what a file is: mod_mime's AddType and its kin, the core's ForceType and AddDefaultCharset.
 * They become the rules of http/media-type.ts.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import { type ExtensionRules, type MediaTypeRules, type MimeTypes } from '../http/media-type.js';
export declare const mimeSettings: Readonly<{
    extensions: Setting<ExtensionRules>;
    /** The absolute path of the file of types. */
    typesConfig: Setting<string>;
    /** undefined for None. */
    forceType: Setting<string | undefined>;
    /** undefined for Off. */
    defaultCharset: Setting<string | undefined>;
}>;
/** The rules in force; `types` is what the file of TypesConfig says, where there is one. */
export declare function mediaTypeRulesOf(settings: Settings, types?: MimeTypes): MediaTypeRules;
export declare const mimeDirectives: readonly DirectiveDefinition[];

/**
 * The directives of access rules: Require, its containers and AuthMerging (mod_authz_core), Order, Allow, Deny and
 * Satisfy (mod_access_compat). They become the values of http/access-rules.ts.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { SectionDefinition } from '../conf/section-definition.js';
import type { Setting, Settings } from '../conf/settings.js';
import { type AccessRules, type CompatRules, type RequireRules } from '../http/access-rules.js';
export declare const requireRules: Setting<RequireRules>;
/** Without a merge function, as in Apache: an inner scope's lines replace all of the outer one's. */
export declare const compatRules: Setting<CompatRules>;
/** What `decideAccess` needs, from the settings in force for a request. */
export declare function accessRulesOf(settings: Settings): AccessRules;
/** mod_authz_core's and mod_authz_host's directives. */
export declare const requireDirectives: readonly DirectiveDefinition[];
/** The containers of Require rules, nested to any depth. */
export declare const requireSections: readonly SectionDefinition[];
/** mod_access_compat's directives. */
export declare const accessCompatDirectives: readonly DirectiveDefinition[];

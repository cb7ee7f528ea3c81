/**
 * mod_rewrite's directives: how their lines become rules, and how the rules of nested scopes meet. The engine that runs
 * them is src/http/rewrite/; the handlers that call it take their rules from `findServerRewrite` and
 * `findDirectoryRewrite`.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import { type RewriteCondition } from '../http/rewrite/condition.js';
import { type RewriteMap } from '../http/rewrite/rewrite-map.js';
import { type RewriteRule, type RuleSet } from '../http/rewrite/rule.js';
/** The words of RewriteOptions, in lower case. */
type RewriteOption = 'allowanyuri' | 'allownoslash' | 'ignorecontextinfo' | 'ignoreinherit' | 'inherit' | 'inheritbefore' | 'inheritdown' | 'inheritdownbefore' | 'mergebase';
/** What both kinds of scope hold. */
interface RewriteScope {
    /** RewriteEngine; undefined where no line of the scope says. */
    readonly enabled: boolean | undefined;
    /** RewriteOptions; undefined where no line of the scope says. */
    readonly options: ReadonlySet<RewriteOption> | undefined;
    readonly rules: readonly RewriteRule[];
    /** RewriteCond lines whose RewriteRule has not come yet. */
    readonly pending: readonly RewriteCondition[];
}
export interface ServerRewrite extends RewriteScope {
    readonly maps: ReadonlyMap<string, RewriteMap>;
    /** Whether a line of a virtual host had a part in it; one without any runs no rules at all. */
    readonly isVirtualHost: boolean;
}
export interface DirectoryRewrite extends RewriteScope {
    /** The argument of the section, or the folder of the .htaccess file. */
    readonly directory: string;
    /** RewriteBase. */
    readonly base: string | undefined;
}
export declare const serverRewrite: Setting<ServerRewrite>;
export declare const directoryRewrite: Setting<DirectoryRewrite>;
export declare const rewriteSettings: {
    readonly server: Setting<ServerRewrite>;
    readonly directory: Setting<DirectoryRewrite>;
};
/** What rewriteForServer needs, or undefined where no rules run. */
export interface ServerRules {
    readonly set: RuleSet;
    readonly options: {
        readonly allowAnyUri: boolean;
    };
}
/** What rewriteForDirectory needs, or undefined where no rules run. */
export interface DirectoryRules {
    readonly set: RuleSet;
    readonly options: {
        readonly directory: string;
        readonly base: string | undefined;
        readonly allowNoSlash: boolean;
        readonly ignoreContextInfo: boolean;
    };
}
/** The rules of a server scope. `settings` are those of the scope, laid over the main server's for a virtual host. */
export declare function findServerRewrite(settings: Settings, isVirtualHost: boolean): ServerRules | undefined;
/** The rules of the sections that a request fell into. The maps are the server's: directories can't define any. */
export declare function findDirectoryRewrite(settings: Settings, server: Settings): DirectoryRules | undefined;
export declare const rewriteDirectives: readonly DirectiveDefinition[];
export {};

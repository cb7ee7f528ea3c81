/**
 * Variables for applications, logs and rules: SetEnv, PassEnv, UnsetEnv (mod_env, set last, before the handler runs) and
 * SetEnvIf with its kin (mod_setenvif, set first; those of sections once the sections are known).
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting } from '../conf/settings.js';
import { type SetEnvIfRule } from '../http/set-env-if.js';
/** What SetEnv, PassEnv and UnsetEnv of one scope amount to. */
export interface EnvironmentChanges {
    readonly set: ReadonlyMap<string, string>;
    /** Taken away from what outer scopes set. */
    readonly unset: ReadonlySet<string>;
}
/** An inner scope's UnsetEnv works on what outer scopes set, not on what the same scope sets after it. */
export declare function mergeEnvironmentChanges(outer: EnvironmentChanges, inner: EnvironmentChanges): EnvironmentChanges;
export declare const environmentSettings: Readonly<{
    environment: Setting<EnvironmentChanges>;
    /** Rules of the main server and of the virtual host, for the start of a request. */
    serverRules: Setting<readonly SetEnvIfRule[]>;
    /** Rules of sections, for when the sections of a request are known. */
    sectionRules: Setting<readonly SetEnvIfRule[]>;
}>;
/** mod_env's table; `environment` is what PassEnv takes from. */
export declare function envDirectivesOf(environment: Readonly<Record<string, string | undefined>>): readonly DirectiveDefinition[];
export declare const envDirectives: readonly DirectiveDefinition[];
export declare const setEnvIfDirectives: readonly DirectiveDefinition[];

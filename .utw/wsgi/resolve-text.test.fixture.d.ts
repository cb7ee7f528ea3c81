/** For tests of directive tables: a configuration as text, read by the real parser and resolver over some tables. */
import type { Config } from '../conf/config.js';
import type { DirectiveDefinition } from '../conf/directive.js';
import type { Settings } from '../conf/settings.js';
import type { Problem } from '../conf/source.js';
export interface ResolvedText {
    readonly config: Config;
    /** Of the main server. */
    readonly settings: Settings;
    readonly problems: readonly Problem[];
    /** `severity: message`, in order. */
    readonly messages: readonly string[];
}
export declare function resolveText(text: string, ...tables: readonly (readonly DirectiveDefinition[])[]): ResolvedText;

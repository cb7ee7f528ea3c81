/** For tests of directive tables: applies lines to a scope as the resolver does, without parsing a file. */
import type { DirectiveDefinition } from '../conf/directive.js';
import type { SectionDefinition } from '../conf/section-definition.js';
import { type Settings } from '../conf/settings.js';
import type { Word } from '../conf/source.js';
import type { ConfigNode } from '../conf/tree.js';
/** Words of a line: blanks separate, double quotes group. */
export declare function wordsOf(text: string): Word[];
/** Nodes from lines such as `Require local`, `<RequireAll>` and `</RequireAll>`. */
export declare function nodesOf(text: string): ConfigNode[];
/** The settings that `text` makes under these tables; `reports` collects what the directives report. */
export declare function settingsOf(text: string, directives: readonly DirectiveDefinition[], sections?: readonly SectionDefinition[], reports?: string[]): Settings;

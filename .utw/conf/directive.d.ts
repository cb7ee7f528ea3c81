/**
 * What a directive is. Each feature exports one table of these; src/server/directive-tables.ts lists the tables, and
 * the parser, `check`, `explain` and docs/directives.md all work from them.
 */
import type { Setting, SettingsBuilder } from './settings.js';
import type { Position, Severity, Word } from './source.js';
/** Apache's words. 'directory' stands for every per-directory section: Directory, Files, Location and their kin. */
export type Context = 'server config' | 'virtual host' | 'directory' | '.htaccess';
/** The class that AllowOverride must permit where the directive may stand in .htaccess. */
export type OverrideClass = 'All' | 'AuthConfig' | 'FileInfo' | 'Indexes' | 'Limit' | 'Options';
/** One directive line while it is applied to its scope. */
export interface DirectiveLine {
    readonly name: string;
    readonly args: readonly Word[];
    readonly rawArgs: string;
    readonly position: Position;
    /** Where the line stands. */
    readonly context: Context;
    /** The section kinds around it, outermost first: ['VirtualHost', 'Directory']. */
    readonly sections: readonly string[];
    /** Arguments of the innermost section around it: the folder of a <Directory>, for %-less relative rules. */
    readonly sectionArgument: string | undefined;
    /** A path made absolute against ServerRoot. */
    serverRootRelative(path: string): string;
    /** Reports something about this line without giving up on it. */
    report(severity: Severity, message: string, position?: Position): void;
}
export interface DirectiveDefinition {
    readonly name: string;
    /** 'core', 'mod_alias', 'mod_wsgi': what IfModule asks for and the docs group by. */
    readonly module: string;
    readonly contexts: readonly Context[];
    readonly override?: OverrideClass;
    /** Arguments as the manual shows them, without the name: `url-path file-path|directory-path [option=value ...]`. */
    readonly syntax: string;
    /** How many words; `raw` hands the line over unsplit (`args` is then empty). */
    readonly args: {
        readonly min: number;
        readonly max: number;
    } | 'raw';
    /** As the docs show it; absent where there is none. */
    readonly default?: string;
    /** One paragraph for docs/directives.md. */
    readonly summary: string;
    /** How it differs from Apache, where it does. */
    readonly difference?: string;
    /**
     * Carries out one line: parses the words, updates settings of the line's scope.
     * @throws DirectiveError where the line is wrong; the scope is then left as it was.
     */
    readonly apply: (line: DirectiveLine, scope: SettingsBuilder) => void;
}
/** A line that is wrong. `word` is the argument to point at; without it the message points at the directive. */
export declare class DirectiveError extends Error {
    readonly name = "DirectiveError";
    readonly word: Word | undefined;
    constructor(message: string, word?: Word);
}
type Shared = Omit<DirectiveDefinition, 'apply' | 'args'>;
/** A directive of one argument whose last line in a scope wins. */
export declare function valueDirective<T>(setting: Setting<T>, shared: Shared, parse: (word: Word, line: DirectiveLine) => T): DirectiveDefinition;
/** An On|Off directive. */
export declare function flagDirective(setting: Setting<boolean>, shared: Omit<Shared, 'syntax'>): DirectiveDefinition;
/** A directive whose lines add up to a list within a scope. */
export declare function listDirective<T>(setting: Setting<readonly T[]>, shared: Shared & {
    readonly args: DirectiveDefinition['args'];
}, parse: (line: DirectiveLine) => readonly T[]): DirectiveDefinition;
/** The first argument; the argument count was checked before `apply` was called. */
export declare function firstWord(line: DirectiveLine): Word;
/** On or Off in any case, as Apache takes them. @throws DirectiveError */
export declare function parseFlag(word: Word, directive: string): boolean;
/** A whole number within bounds. @throws DirectiveError */
export declare function parseInteger(word: Word, what: string, min: number, max?: number): number;
export {};

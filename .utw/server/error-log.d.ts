/**
 * The error log: Apache 2.4's line form and its levels, for the whole server and per module. Every process has one of
 * these per log file; lines below the level in force are not even formatted.
 */
import type { Clock } from '../base/clock.js';
/** From the gravest; the index is what comparisons use. */
export declare const logLevelNames: readonly ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug', 'trace1', 'trace2', 'trace3', 'trace4', 'trace5', 'trace6', 'trace7', 'trace8'];
export type LogLevelName = (typeof logLevelNames)[number];
/** What LogLevel sets: a level for all, and others for modules by short name (`wsgi`, `authz_core`). */
export interface LogLevels {
    readonly default: LogLevelName | undefined;
    readonly modules: ReadonlyMap<string, LogLevelName>;
}
/** Apache's default. */
export declare const defaultLogLevel: LogLevelName;
export declare const noLogLevels: LogLevels;
/** Inner over outer: modules that the inner scope does not name keep the outer's level. */
export declare function mergeLogLevels(outer: LogLevels, inner: LogLevels): LogLevels;
/** The level called `name` in any case, or undefined. */
export declare function findLogLevel(name: string): LogLevelName | undefined;
/** `wsgi`, `mod_wsgi`, `wsgi_module` and `mod_wsgi.c` are one module; `core.c` is core. */
export declare function moduleShortName(name: string): string;
/** Whether a message of this level and module is written under `levels`. */
export declare function isLogged(levels: LogLevels, level: LogLevelName, module: string): boolean;
export interface ErrorLogDetails {
    /** `address:port` of the client that the message is about. */
    readonly client?: string;
    /** Where the message came from another process or thread. */
    readonly pid?: number;
    readonly tid?: number;
    /** Levels in force for the request, where a section set others than the server's. */
    readonly levels?: LogLevels;
}
/** Where the lines go: a LogFile, or an array in tests. */
export interface LogSink {
    write(line: string): void;
}
export declare class ErrorLog {
    #private;
    constructor(sink: LogSink, levels: LogLevels, clock: Clock);
    /** Whether `log` would write; for messages that are costly to make. */
    isLogged(level: LogLevelName, module: string, levels?: LogLevels): boolean;
    /** Writes one line, `[time] [module:level] [pid n:tid n] [client a:p] message`, if the level in force allows it. */
    log(level: LogLevelName, module: string, message: string, details?: ErrorLogDetails): void;
}
/** `Fri Nov 20 18:59:33.123456 2026`, local time. */
export declare function formatErrorLogTime(epochMs: number): string;

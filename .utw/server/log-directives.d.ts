/**
 * The directives of the logs: LogFormat, CustomLog and TransferLog (mod_log_config), ErrorLog and LogLevel (core).
 * Nicknames are looked up when the configuration is complete, as in Apache, so a LogFormat line may follow its use.
 */
import { type DirectiveDefinition } from '../conf/directive.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { type CompiledLogFormat } from '../http/log-format.js';
import { type LogLevels } from './error-log.js';
/** One CustomLog or TransferLog line. */
export interface LogLine {
    /** Absolute. */
    readonly path: string;
    /** A nickname or a format string; undefined for the default format. */
    readonly format: string | undefined;
    /** Only requests that have (or with `absent` lack) this environment variable. */
    readonly condition: LogCondition | undefined;
    readonly position: Position;
}
export interface LogCondition {
    readonly variable: string;
    readonly absent: boolean;
}
/** An access log ready for use. */
export interface AccessLog {
    readonly path: string;
    readonly format: CompiledLogFormat;
    readonly condition: LogCondition | undefined;
}
/** Nickname to format string. */
export declare const logFormats: Setting<ReadonlyMap<string, string>>;
/** What TransferLog writes: a format string or nickname. */
export declare const defaultLogFormat: Setting<string>;
/** A virtual host with log lines of its own does not write to the main server's logs. */
export declare const logLines: Setting<readonly LogLine[]>;
export declare const errorLogPath: Setting<string>;
export declare const logLevels: Setting<LogLevels>;
/**
 * The access logs of one server scope. A name without '%' that no LogFormat defines is an error here; Apache writes the
 * name itself as every line of the log.
 */
export declare function resolveAccessLogs(settings: Settings): {
    readonly logs: readonly AccessLog[];
    readonly problems: readonly Problem[];
};
/** Whether a request with this environment goes to a log with this condition. */
export declare function isLogConditionMet(condition: LogCondition | undefined, environment: (name: string) => string | undefined): boolean;
/** mod_log_config's directives. */
export declare const logDirectives: readonly DirectiveDefinition[];
/** The core's directives of the error log. */
export declare const errorLogDirectives: readonly DirectiveDefinition[];

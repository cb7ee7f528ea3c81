/**
 * The directives of an access-log format, one per letter, as mod_log_config and mod_logio define them. log-format.ts
 * compiles a format string to a list of these. A field without a value is '-'.
 */
import type { LogRecord } from './log-record.js';
/** Writes one field of a line. */
export type LogItem = (record: LogRecord) => string;
/** How a letter is compiled: `argument` is the text in braces, undefined without; `final` is %>, not %<. */
type LogItemMaker = (argument: string | undefined, final: boolean | undefined) => LogItem;
/** Why an argument is refused; log-format.ts adds where it stands. */
export declare class LogItemError extends Error {
    readonly name = "LogItemError";
}
/** By letter; those with '^' have two letters more. */
export declare const logItemMakers: Readonly<Record<string, LogItemMaker>>;
export {};

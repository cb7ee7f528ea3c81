/**
 * Access-log format strings (LogFormat, CustomLog), compiled once to a function that runs for every request.
 * server/log-directives.ts compiles them, the http child calls them. The directives themselves are in log-items.ts.
 */
import { StillhouseError } from '../base/errors.js';
import type { LogRecord } from './log-record.js';
/** Writes one line, without the newline. */
export type CompiledLogFormat = (record: LogRecord) => string;
/** The nicknames that stand ready without a LogFormat line; those of Apache's own configuration files. */
export declare const standardLogFormats: Readonly<Record<string, string>>;
/** A format string that can't be compiled. `offset` counts characters from 0. */
export declare class LogFormatError extends StillhouseError {
    readonly offset: number;
    constructor(message: string, offset: number);
}
/** @throws LogFormatError */
export declare function compileLogFormat(format: string): CompiledLogFormat;

/**
 * The %t directive of access logs. Formatting a date costs more than the rest of a line together, so each compiled
 * item remembers the text of the second that it wrote last.
 */
import type { LogRecord } from './log-record.js';
/** Compiles what stands in the braces of %{...}t; '' is the common log form. */
export declare function logTimeItem(argument: string): (record: LogRecord) => string;

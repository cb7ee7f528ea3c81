/** Collects problems up to a limit, so that a file of garbage yields a page, not a flood. Used by parser and resolver. */
import type { Position, Problem, Severity } from './source.js';
export declare class ProblemList {
    #private;
    /** True after the last error that is kept: the caller stops reading. */
    get isFull(): boolean;
    get errorCount(): number;
    report(severity: Severity, position: Position, message: string, directive?: string): void;
    /** Reports a last error; nothing is kept after it. */
    stop(position: Position, message: string): void;
    /** What was reported, in the order of reporting. */
    list(): readonly Problem[];
}

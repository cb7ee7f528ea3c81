/** Where a piece of configuration stands. Every node of the tree and every message carries one of these. */
export interface Position {
    readonly file: string;
    /** From 1. */
    readonly line: number;
    /** From 1, in characters. */
    readonly column: number;
    /** The Include line that brought this file in; absent in the file named on the command line. */
    readonly includedFrom?: Position;
}
/** One argument of a directive after quotes and ${VAR} are gone. `position` is that of its first character. */
export interface Word {
    readonly text: string;
    readonly position: Position;
}
export type Severity = 'error' | 'warning' | 'note';
/** One message about the configuration. All of them are collected; none stops the reading. */
export interface Problem {
    readonly severity: Severity;
    readonly position: Position;
    /** Lower case: what is wrong, on which value, and what happens or what to write instead. */
    readonly message: string;
    readonly directive?: string;
}
/** `file:line:column`, the form that editors and terminals make clickable. */
export declare function formatPosition(position: Position): string;
/** One problem as printed: position, severity, message, then the include chain, innermost first. */
export declare function formatProblem(problem: Problem): string;

/**
 * The server variables of %{NAME}. A name is resolved once, when the line is read, to a function that takes its value
 * from the running pass. Names are compared without regard to case; an unknown one is the empty string, as in Apache.
 */
import type { RewriteRequest, RewriteServices } from './rewrite-request.js';
/** The parts of a running pass that variables read. */
export interface VariableScope {
    readonly request: RewriteRequest;
    readonly services: RewriteServices;
    /** As rewritten so far. */
    readonly filename: string;
    readonly pathInfo: string;
    readonly query: string | undefined;
    /** With the changes that earlier rules made. */
    environment(name: string): string | undefined;
    /** Remembers that the outcome depends on a request header. */
    noteHeader(name: string): void;
}
export type VariableReader = (scope: VariableScope) => string;
/** The reader of one variable. @throws Error with a reason, where the variable can't be supported. */
export declare function compileVariable(name: string): VariableReader;

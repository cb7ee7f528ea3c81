/** Prints what is wrong with a configuration. */
import { type Problem } from '../conf/source.js';
export declare function hasErrors(problems: readonly Problem[]): boolean;
/** In the order of files and lines as they were met; notes only where asked for. */
export declare function printProblems(problems: readonly Problem[], severities: readonly Problem['severity'][]): void;

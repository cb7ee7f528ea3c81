/** Prints what is wrong with a configuration. */

import { formatProblem, type Problem } from '../conf/source.js';

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** In the order of files and lines as they were met; notes only where asked for. */
export function printProblems(problems: readonly Problem[], severities: readonly Problem['severity'][]): void {
  for (const problem of problems) {
    if (severities.includes(problem.severity)) console.error(formatProblem(problem));
  }
}

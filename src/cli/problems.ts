/** Prints what is wrong with a configuration. */

import { formatProblem, formatProblemAtStart, type Problem, severityAtStart } from '../conf/source.js';

/** Whether it keeps the server from starting. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => severityAtStart(problem) === 'error');
}

/** As the start sees them: what fails with its requests only is a warning. */
export function printProblems(problems: readonly Problem[], severities: readonly Problem['severity'][]): void {
  for (const problem of problems) {
    if (severities.includes(severityAtStart(problem))) console.error(formatProblemAtStart(problem));
  }
}

/** As `check` sees them. */
export function printFindings(problems: readonly Problem[]): void {
  for (const problem of problems) console.error(formatProblem(problem));
}

/** Prints what is wrong with a configuration. */
import { formatProblem } from '../conf/source.js';
export function hasErrors(problems) {
    return problems.some((problem) => problem.severity === 'error');
}
/** In the order of files and lines as they were met; notes only where asked for. */
export function printProblems(problems, severities) {
    for (const problem of problems) {
        if (severities.includes(problem.severity))
            console.error(formatProblem(problem));
    }
}
//# sourceMappingURL=problems.js.map
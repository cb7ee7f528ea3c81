/** `stillhouse check`: everything that is wrong with a configuration, at once. */
import { loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';
/** @returns the exit status */
export function check(flags) {
    const { allProblems } = loadFromFlags(flags);
    printProblems(allProblems, flags.quiet === true ? ['error'] : ['error', 'warning']);
    const errors = allProblems.filter((problem) => problem.severity === 'error').length;
    if (errors > 0)
        console.error(`${flags.config}: ${errors} ${errors === 1 ? 'error' : 'errors'}`);
    else
        console.log('Syntax OK');
    return hasErrors(allProblems) ? 1 : 0;
}
//# sourceMappingURL=check.js.map
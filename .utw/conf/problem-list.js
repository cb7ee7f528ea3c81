/** Collects problems up to a limit, so that a file of garbage yields a page, not a flood. Used by parser and resolver. */
import { MAX_ERRORS, MAX_REMARKS } from './limits.js';
export class ProblemList {
    #problems = [];
    #errors = 0;
    #remarks = 0;
    #stopped = false;
    /** True after the last error that is kept: the caller stops reading. */
    get isFull() {
        return this.#stopped;
    }
    get errorCount() {
        return this.#errors;
    }
    report(severity, position, message, directive) {
        if (this.#stopped)
            return;
        if (severity !== 'error') {
            this.#remarks += 1;
            if (this.#remarks > MAX_REMARKS)
                return;
            this.#push(severity, position, message, directive);
            if (this.#remarks === MAX_REMARKS)
                this.#push('note', position, 'further warnings and notes are not shown', undefined);
            return;
        }
        this.#errors += 1;
        this.#push(severity, position, message, directive);
        if (this.#errors >= MAX_ERRORS)
            this.stop(position, `${MAX_ERRORS} errors, reading ends here`);
    }
    /** Reports a last error; nothing is kept after it. */
    stop(position, message) {
        if (this.#stopped)
            return;
        this.#push('error', position, message, undefined);
        this.#stopped = true;
    }
    /** What was reported, in the order of reporting. */
    list() {
        return Object.freeze([...this.#problems]);
    }
    #push(severity, position, message, directive) {
        this.#problems.push(Object.freeze(directive === undefined ? { severity, position, message } : { severity, position, message, directive }));
    }
}
//# sourceMappingURL=problem-list.js.map
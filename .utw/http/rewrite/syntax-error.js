/** What the parsers of this folder throw. The directive table turns it into a message with file, line and column. */
import { StillhouseError } from '../../base/errors.js';
/** A RewriteRule, RewriteCond or RewriteMap line that can't be used as it is written. */
export class RewriteSyntaxError extends StillhouseError {
    /** Which argument of the directive is wrong, from 0. */
    argument;
    constructor(message, argument) {
        super('config', message);
        this.argument = argument;
    }
}
//# sourceMappingURL=syntax-error.js.map
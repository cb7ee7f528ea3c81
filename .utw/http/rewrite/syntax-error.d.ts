/** What the parsers of this folder throw. The directive table turns it into a message with file, line and column. */
import { StillhouseError } from '../../base/errors.js';
/** A RewriteRule, RewriteCond or RewriteMap line that can't be used as it is written. */
export declare class RewriteSyntaxError extends StillhouseError {
    /** Which argument of the directive is wrong, from 0. */
    readonly argument: number;
    constructor(message: string, argument: number);
}

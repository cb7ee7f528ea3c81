/** Messages for names that the program does not carry out: Apache's, mod_wsgi's former ones, and slips. */
import type { Severity } from './source.js';
import { type Vocabulary } from './vocabulary.js';
export interface UnknownName {
    readonly severity: Severity;
    readonly message: string;
}
/** What to say of a directive that the vocabulary does not have. Features that read their own children use it too. */
export declare function describeUnknownDirective(name: string, vocabulary: Vocabulary): UnknownName;
/** The same for a section; its lines are not looked at. */
export declare function describeUnknownSection(name: string, vocabulary: Vocabulary): UnknownName;

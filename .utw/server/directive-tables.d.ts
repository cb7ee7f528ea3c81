/** The one list of everything that may stand in a configuration. A feature joins by its table being named here. */
import { Vocabulary } from '../conf/vocabulary.js';
export declare const vocabulary: Vocabulary;

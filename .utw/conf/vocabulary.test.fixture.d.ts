/** A small vocabulary for the tests of this folder: one directive for each thing that the resolver must tell apart. */
import type { Setting } from './settings.js';
import { Vocabulary } from './vocabulary.js';
/** Collects the values of Mark lines over all scopes, so that a test sees the order of merging. */
export declare const marks: Setting<readonly string[]>;
export declare const serverName: Setting<string>;
export declare const documentRoot: Setting<string>;
export declare const processGroup: Setting<string>;
export declare const requirements: Setting<readonly string[]>;
export declare const testVocabulary: Vocabulary;

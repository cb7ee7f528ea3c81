/** The flags that say which configuration is meant, shared by run, check and info. */
import type { Problem } from '../conf/source.js';
import { type LoadedConfig } from '../server/config-source.js';
export interface ConfigFlags {
    readonly config: string;
    readonly define?: readonly string[];
    readonly serverRoot?: string;
}
/** Reads and checks it. @throws StillhouseError where the file itself is missing */
export declare function loadFromFlags(flags: ConfigFlags): LoadedConfig & {
    readonly allProblems: readonly Problem[];
};

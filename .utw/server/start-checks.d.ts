/**
 * What the lines of a configuration don't show one by one: groups that nobody defined, scripts that would run in a mode
 * or an interpreter that this build does not have. Asked by `check` and before every start.
 */
import type { Config } from '../conf/config.js';
import type { Problem } from '../conf/source.js';
/** Problems of the configuration as a whole. */
export declare function checkConfig(config: Config): readonly Problem[];
/** One line for the log where scripts rely on the default application group, which is one interpreter for each mount point. */
export declare function describeDefaultApplicationGroup(config: Config): string | undefined;

/** `stillhouse check`: everything that is wrong with a configuration, at once. */
import { type ConfigFlags } from './config-flags.js';
export interface CheckFlags extends ConfigFlags {
    readonly quiet?: boolean;
}
/** @returns the exit status */
export declare function check(flags: CheckFlags): number;

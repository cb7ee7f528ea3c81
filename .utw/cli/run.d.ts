/** `stillhouse run`: serves a configuration in the foreground until it is told to stop. */
import type { LoadedConfig } from '../server/config-source.js';
import { type ConfigFlags } from './config-flags.js';
/** @returns the exit status */
export declare function run(flags: ConfigFlags): Promise<number>;
/** Starts the server, prints what runs, and stops it at the first signal; a second one ends it at once. */
export declare function runParent(loaded: Pick<LoadedConfig, 'config' | 'snapshot'>, mayStayRoot: boolean): Promise<number>;

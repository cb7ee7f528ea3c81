/** `stillhouse stop`: ends a running server, and waits until it is gone. */
import { type ControlFlags } from './control-client.js';
/** @returns the exit status */
export declare function stop(flags: ControlFlags): Promise<number>;

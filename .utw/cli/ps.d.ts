/** `stillhouse ps`: the processes of running servers, the role of every thread, and what it is doing. */
import { type ControlFlags } from './control-client.js';
export interface PsFlags extends ControlFlags {
    readonly json?: boolean;
}
/** @returns the exit status: 1 where no server runs */
export declare function ps(flags: PsFlags): Promise<number>;

/** Finds running servers and sends them commands over their control sockets. */
import { type ConfigFlags } from './config-flags.js';
/** Which server is meant: the configuration it was started with may name another runtime folder. */
export interface ControlFlags extends Partial<ConfigFlags> {
    /** Of the parent. */
    readonly pid?: number;
}
/** The control sockets of the servers that are meant; of all that run where nothing is said. */
export declare function findControlSockets(flags: ControlFlags): readonly string[];
/** The one server that is meant. @throws ProcessError where there is none, UsageError where there are several */
export declare function getControlSocket(flags: ControlFlags): string;
/** Sends one command. @throws ProcessError where the server does not answer or refuses */
export declare function sendCommand(socketPath: string, command: string): Promise<Record<string, unknown>>;

/** The parent's view of one http child: a Node process that runs http-child-main.js and inherits sockets and logs. */
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
import type { BootMessage, ToChild } from './child-messages.js';
/** A boot message before the inherited descriptors have their numbers in the child. */
export interface HttpChildBoot extends Omit<BootMessage, 'type' | 'listeners' | 'logs'> {
    readonly listeners: readonly {
        readonly descriptor: number;
        readonly address: BootMessage['listeners'][number]['address'];
    }[];
    readonly logs: ReadonlyMap<string, number>;
    /** Descriptor of the main error log. */
    readonly errorLog: number;
}
export declare class HttpChildHandle implements ChildProcess {
    #private;
    constructor(boot: HttpChildBoot, report: {
        ready(): void;
        exited(exit: ChildExit): void;
    });
    get pid(): number | undefined;
    send(message: ToChild): void;
    terminate(): void;
    kill(): void;
}

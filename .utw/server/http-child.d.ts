/** What an http child consists of, put together from its boot message. http-child-main.ts is the process around it. */
import type { Clock } from '../base/clock.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import type { BootMessage } from './child-messages.js';
export declare class HttpChild {
    #private;
    constructor(boot: BootMessage, clock: Clock);
    listen(): Promise<void>;
    setProcesses(group: string, processes: readonly DaemonAddress[]): void;
    /** Accepts no more; resolves when what was begun is over. The parent bounds it. */
    stop(): Promise<void>;
}

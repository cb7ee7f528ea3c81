/** The parent's view of all http children: keeps StartServers of them alive and passes on which daemon processes there are. */
import type { Clock } from '../base/clock.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { type HttpChildBoot } from './http-child-handle.js';
export interface HttpChildrenOptions {
    readonly count: number;
    readonly clock: Clock;
    readonly bootFor: (connectionNumber: number) => HttpChildBoot;
    readonly report: (level: 'info' | 'error' | 'alert', message: string) => void;
    readonly onCannotStart: (reason: string) => void;
}
export declare class HttpChildren {
    #private;
    constructor(options: HttpChildrenOptions);
    get pids(): readonly number[];
    /** Resolves when each accepts connections or has failed once. */
    start(): Promise<void>;
    stop(): Promise<void>;
    killNow(): void;
    /** These processes of the group take requests now; children started later are told too. */
    setProcesses(group: string, processes: readonly DaemonAddress[]): void;
}

/**
 * The parent's view of a daemon process group: keeps its fixed number of processes alive and tells, whenever that
 * changes, which of them take requests. One per WSGIDaemonProcess line.
 */
import type { Clock } from '../base/clock.js';
import type { DaemonAddress } from './daemon-connection.js';
import { type DaemonSpawn } from './daemon-handle.js';
import type { DaemonProcessGroup } from './daemon-process-group.js';
export interface DaemonGroupOptions {
    readonly definition: DaemonProcessGroup;
    readonly clock: Clock;
    /** How to start one; `id` names it over the parent's life. */
    readonly spawnFor: (id: number) => DaemonSpawn;
    readonly nextId: () => number;
    readonly report: (level: 'info' | 'warn' | 'error' | 'alert', message: string) => void;
    /** The processes that take requests are others than before. */
    readonly onProcesses: (processes: readonly DaemonAddress[]) => void;
    /** A process can't run as configured. While the server starts this ends it; later it is tried again. */
    readonly onCannotStart: (reason: string) => void;
}
export declare class DaemonGroup {
    #private;
    readonly definition: DaemonProcessGroup;
    constructor(options: DaemonGroupOptions);
    /** The processes that take requests now. */
    get processes(): readonly DaemonAddress[];
    /** Starts the processes; resolves when each is ready or has failed once. */
    start(): Promise<void>;
    /** Stops them; resolves when all have ended, which is bounded by the stop limit. */
    stop(): Promise<void>;
    killNow(): void;
}

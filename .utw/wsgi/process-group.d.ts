/**
 * A daemon process group as one http child sees it: the connections to its processes, the requests that wait, and
 * which process gets which request. The parent tells it which processes there are.
 *
 * A request goes to the process with the fewest open requests, and no process is given more than it has request
 * threads: what waits, waits here, where every process that becomes free can take it.
 */
import type { Clock } from '../base/clock.js';
import { type DaemonAddress, DaemonConnection, type DaemonConnectionEvents } from './daemon-connection.js';
/** What the group needs of a connection; tests have one without a socket. */
export type GroupConnection = Pick<DaemonConnection, 'address' | 'channel' | 'isUsable' | 'destroy'>;
/** One request that wants a process of the group. */
export interface GroupRequest {
    /** Sends the request over this connection; called again with another one if it comes back unstarted. */
    send(connection: GroupConnection): void;
    /** It can't be served: 503 or 504 with the reason. */
    fail(status: number, reason: string): void;
}
export interface ProcessGroupLimits {
    readonly threads: number;
    /** How long a request waits for a process to be there at all (connect-timeout). */
    readonly connectTimeoutMs: number;
    /** How long a request may wait for a free thread (queue-timeout); 0: no limit but its own. */
    readonly queueTimeoutMs: number;
    /** Requests that may wait in this http child. */
    readonly queueRequestsLimit: number;
}
export type ProcessGroupReport = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
export declare class ProcessGroup {
    #private;
    readonly name: string;
    constructor(options: {
        readonly name: string;
        readonly limits: ProcessGroupLimits;
        readonly clock: Clock;
        /** Names this http child's connections in the scoreboards. */
        readonly connectionNumber: number;
        readonly report: ProcessGroupReport;
        /** Opens a connection; a socket where it is not given. */
        readonly connect?: (address: DaemonAddress, events: DaemonConnectionEvents) => GroupConnection;
    });
    get waiting(): number;
    get openRequests(): number;
    /** These processes there are now; connections to others end when their requests have. */
    setProcesses(addresses: readonly DaemonAddress[]): void;
    /** Gives the request to a process, now or as soon as one is free. */
    submit(request: GroupRequest): void;
    /** It came back unstarted: first in line for another process, behind what came back before it. */
    resubmit(request: GroupRequest): void;
    /** The client left while its request waited. */
    withdraw(request: GroupRequest): void;
    /** A request ended: somebody else may go. */
    dispatch(): void;
    /** Fails what has waited too long. Called once a second. */
    sweep(): void;
    /** No more requests: fails those that wait and ends the connections. */
    close(): void;
}

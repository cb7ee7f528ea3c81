/**
 * An http child's connection to one daemon process: the socket under a ChannelClient, and the scoreboard that tells,
 * should the process die, which of the requests it held had started.
 *
 *   connecting ──connected──▶ open ──goodbye──▶ leaving ──closed──▶ gone
 */
import { ChannelClient, type ChannelExchange } from '../wire/channel-client.js';
/** How the parent announces a daemon process to the http children. */
export interface DaemonAddress {
    /** Unique over the parent's life. */
    readonly id: number;
    readonly pid: number;
    readonly socket: string;
    readonly scoreboard: string;
}
export interface DaemonConnectionEvents {
    opened(): void;
    /** A request whose client had left is over: the process has room for another. */
    freed(): void;
    /**
     * The connection is gone. `unstarted` may be given to another process; `started` ran, or may have run, in this one.
     */
    closed(unstarted: readonly ChannelExchange[], started: readonly ChannelExchange[], reason: string): void;
}
export declare class DaemonConnection {
    #private;
    readonly address: DaemonAddress;
    readonly channel: ChannelClient;
    constructor(address: DaemonAddress, connectionNumber: number, events: DaemonConnectionEvents);
    /** Requests may be sent. */
    get isUsable(): boolean;
    /** Ends the connection; what was open is reported by `closed`. */
    destroy(reason: string): void;
}

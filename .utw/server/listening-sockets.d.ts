/**
 * Bound sockets of the Listen addresses. The parent binds them (it may be root, and they outlive its children) and
 * never accepts; each http child inherits the descriptors and listens on them.
 *
 * Node has no public call that binds without listening, so this uses the one that node:cluster is built on
 * (net._createServerHandle); it is confined to this file.
 */
export interface BoundAddress {
    /** As configured; undefined: every address. */
    readonly host: string | undefined;
    /** The real port, also where any free one was asked for. */
    readonly port: number;
}
export declare class ListeningSocket implements Disposable {
    #private;
    readonly address: BoundAddress;
    /** @throws ListenError with the reason and who may fix it */
    constructor(host: string | undefined, port: number);
    get descriptor(): number;
    [Symbol.dispose](): void;
}
/** `127.0.0.1:8000`, `[::1]:8000`, `*:8000` */
export declare function formatAddress(address: BoundAddress): string;

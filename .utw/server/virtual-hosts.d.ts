/**
 * Which virtual host a request belongs to, as Apache decides: first by the address and port of the connection's own
 * end (an exact address before '*', an exact port before any), then among those hosts by name, the first of them being
 * the default. Where no virtual host has the address, the main server answers.
 */
import type { Config, ServerScope } from '../conf/config.js';
export declare class VirtualHosts {
    #private;
    /** `resolveName` gives the numeric addresses of a host name in <VirtualHost name:port>. */
    constructor(config: Config, resolveName: (name: string) => readonly string[]);
    /** `name`: of the Host field or the absolute target, lower case, without port; undefined where there was none. */
    find(localAddress: string, localPort: number, name: string | undefined): ServerScope;
}

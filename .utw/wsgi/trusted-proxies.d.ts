/**
 * WSGITrustedProxyHeaders and WSGITrustedProxies (wsgi_process_proxy_headers, reference 6.6): what a proxy in front says of
 * client, scheme and host takes the place of what the connection shows, if the proxy is believed; if it is not, what it
 * says is not passed on. Pure; asked for each request where the directive is in force.
 */
import { type IpNetwork } from '../http/ip-network.js';
export interface ProxyRules {
    /** In the directive's order, as keys of environ. */
    readonly headers: readonly string[];
    /** Undefined: every peer is believed. */
    readonly proxies: readonly IpNetwork[] | undefined;
}
export interface ProxyFacts {
    /** Keys that other headers of a named meaning have; they are not passed on. */
    readonly removed: ReadonlySet<string>;
    /** Written over what the environ has by then. */
    readonly changed: ReadonlyMap<string, string>;
}
export declare function applyProxyHeaders(rules: ProxyRules, rawHeaders: readonly string[], remoteAddress: string): ProxyFacts;

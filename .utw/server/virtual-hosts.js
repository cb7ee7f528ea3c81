/**
 * Which virtual host a request belongs to, as Apache decides: first by the address and port of the connection's own
 * end (an exact address before '*', an exact port before any), then among those hosts by name, the first of them being
 * the default. Where no virtual host has the address, the main server answers.
 */
import { isIP } from 'node:net';
import { serverSettings } from './core-server-directives.js';
export class VirtualHosts {
    #main;
    #hosts;
    /** By `address:port` of the connection's own end; bounded by the addresses that the machine has. */
    #byAddress = new Map();
    /** `resolveName` gives the numeric addresses of a host name in <VirtualHost name:port>. */
    constructor(config, resolveName) {
        this.#main = config.main;
        this.#hosts = config.servers.slice(1).map((scope) => ({
            scope,
            addresses: scope.addresses.flatMap((address) => numericAddresses(address, resolveName)),
        }));
    }
    /** `name`: of the Host field or the absolute target, lower case, without port; undefined where there was none. */
    find(localAddress, localPort, name) {
        const key = `${localAddress}:${localPort}`;
        let hosts = this.#byAddress.get(key);
        if (hosts === undefined) {
            hosts = new AddressHosts(this.#hostsAt(localAddress, localPort));
            this.#byAddress.set(key, hosts);
        }
        return hosts.find(name) ?? this.#main;
    }
    #hostsAt(localAddress, localPort) {
        let best = -1;
        let found = [];
        for (const { scope, addresses } of this.#hosts) {
            const score = Math.max(-1, ...addresses.map((address) => scoreOf(address, localAddress, localPort)));
            if (score > best) {
                best = score;
                found = [];
            }
            if (score === best && score >= 0)
                found.push(scope);
        }
        return found;
    }
}
/** -1: does not answer there. An exact address counts more than an exact port. */
function scoreOf(address, localAddress, localPort) {
    if (address.port !== 0 && address.port !== localPort)
        return -1;
    if (address.host !== '*' && address.host !== localAddress)
        return -1;
    return (address.host === '*' ? 0 : 2) + (address.port === 0 ? 0 : 1);
}
function numericAddresses(address, resolveName) {
    if (address.host === '*' || isIP(address.host) !== 0)
        return [address];
    const resolved = resolveName(address.host);
    // A name that nobody knows: Apache ignores the host; we let it answer by name (and said so at start).
    if (resolved.length === 0)
        return [{ host: '*', port: address.port }];
    return resolved.map((host) => ({ host, port: address.port }));
}
/** Names remembered for one address; they come from clients. */
const namesLimit = 1000;
/** The hosts that answer at one address, and which name means which. */
class AddressHosts {
    #hosts;
    #byName = new Map();
    constructor(hosts) {
        this.#hosts = hosts;
    }
    find(name) {
        if (name === undefined || this.#hosts.length <= 1)
            return this.#hosts[0];
        let scope = this.#byName.get(name);
        if (scope === undefined) {
            scope = this.#hosts.find((host) => answersTo(host, name)) ?? this.#hosts[0];
            if (this.#byName.size >= namesLimit)
                this.#byName.clear();
            this.#byName.set(name, scope);
        }
        return scope;
    }
}
function answersTo(scope, name) {
    if (scope.settings.find(serverSettings.serverName)?.host.toLowerCase() === name)
        return true;
    return scope.settings.get(serverSettings.serverAliases, []).some((alias) => matchesAlias(alias, name));
}
function matchesAlias(alias, name) {
    return alias.pattern === undefined ? alias.name === name : alias.pattern.test(name);
}
//# sourceMappingURL=virtual-hosts.js.map
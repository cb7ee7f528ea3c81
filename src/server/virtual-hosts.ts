/**
 * Which virtual host a request belongs to, as Apache decides: first by the address and port of the connection's own
 * end (an exact address before '*', an exact port before any), then among those hosts by name, the first of them being
 * the default. Where no virtual host has the address, the main server answers.
 */

import { isIP } from 'node:net';
import type { Config, HostAddress, ServerScope } from '../conf/config.js';
import { type ServerAlias, serverSettings } from './core-server-directives.js';

/**
 * 'name' and 'alias': of ServerName and ServerAlias. 'default': the first at the address, as none there has the name.
 * 'only': there is no other at the address. 'main server': no virtual host is at the address.
 */
export interface HostChoice {
  readonly scope: ServerScope;
  readonly by: 'name' | 'alias' | 'default' | 'only' | 'main server';
  readonly hostsAtAddress: number;
}

export class VirtualHosts {
  readonly #main: ServerScope;
  readonly #hosts: readonly HostEntry[];
  /** By port and address of the connection's own end; bounded by the addresses that the machine has. */
  readonly #byPort = new Map<number, Map<string, AddressHosts>>();

  /** `resolveName` gives the numeric addresses of a host name in <VirtualHost name:port>. */
  constructor(config: Config, resolveName: (name: string) => readonly string[]) {
    this.#main = config.main;
    this.#hosts = config.servers.slice(1).map((scope) => ({
      scope,
      addresses: scope.addresses.flatMap((address) => numericAddresses(address, resolveName)),
    }));
  }

  /** `name`: of the Host field or the absolute target, lower case, without port; undefined where there was none. */
  find(localAddress: string, localPort: number, name: string | undefined): ServerScope {
    return this.#at(localAddress, localPort).find(name) ?? this.#main;
  }

  /** How `find` comes to its answer. */
  explain(localAddress: string, localPort: number, name: string | undefined): HostChoice {
    const hosts = this.#at(localAddress, localPort);
    const { by, scope } = hosts.choose(name);
    return { scope: scope ?? this.#main, by, hostsAtAddress: hosts.size };
  }

  #at(localAddress: string, localPort: number): AddressHosts {
    let byAddress = this.#byPort.get(localPort);
    if (byAddress === undefined) {
      byAddress = new Map();
      this.#byPort.set(localPort, byAddress);
    }
    let hosts = byAddress.get(localAddress);
    if (hosts === undefined) {
      hosts = new AddressHosts(this.#hostsAt(localAddress, localPort));
      byAddress.set(localAddress, hosts);
    }
    return hosts;
  }

  #hostsAt(localAddress: string, localPort: number): readonly ServerScope[] {
    let best = -1;
    let found: ServerScope[] = [];
    for (const { scope, addresses } of this.#hosts) {
      const score = Math.max(-1, ...addresses.map((address) => scoreOf(address, localAddress, localPort)));
      if (score > best) {
        best = score;
        found = [];
      }
      if (score === best && score >= 0) found.push(scope);
    }
    return found;
  }
}

interface HostEntry {
  readonly scope: ServerScope;
  readonly addresses: readonly HostAddress[];
}

/** -1: does not answer there. An exact address counts more than an exact port. */
function scoreOf(address: HostAddress, localAddress: string, localPort: number): number {
  if (address.port !== 0 && address.port !== localPort) return -1;
  if (address.host !== '*' && address.host !== localAddress) return -1;
  return (address.host === '*' ? 0 : 2) + (address.port === 0 ? 0 : 1);
}

function numericAddresses(address: HostAddress, resolveName: (name: string) => readonly string[]): HostAddress[] {
  if (address.host === '*' || isIP(address.host) !== 0) return [address];
  const resolved = resolveName(address.host);
  // A name that nobody knows: Apache ignores the host; we let it answer by name (and said so at start).
  if (resolved.length === 0) return [{ host: '*', port: address.port }];
  return resolved.map((host) => ({ host, port: address.port }));
}

/** Names remembered for one address; they come from clients. */
const namesLimit = 1000;

/** The hosts that answer at one address, and which name means which. */
class AddressHosts {
  readonly #hosts: readonly ServerScope[];
  readonly #byName = new Map<string, ServerScope | undefined>();

  constructor(hosts: readonly ServerScope[]) {
    this.#hosts = hosts;
  }

  get size(): number {
    return this.#hosts.length;
  }

  find(name: string | undefined): ServerScope | undefined {
    if (name === undefined || this.#hosts.length <= 1) return this.#hosts[0];
    let scope = this.#byName.get(name);
    if (scope === undefined) {
      scope = this.choose(name).scope;
      if (this.#byName.size >= namesLimit) this.#byName.clear();
      this.#byName.set(name, scope);
    }
    return scope;
  }

  choose(name: string | undefined): { readonly scope: ServerScope | undefined; readonly by: HostChoice['by'] } {
    const [first] = this.#hosts;
    if (first === undefined) return { scope: undefined, by: 'main server' };
    if (name !== undefined) {
      for (const scope of this.#hosts) {
        const by = wayToName(scope, name);
        if (by !== undefined) return { scope, by };
      }
    }
    return { scope: first, by: this.#hosts.length === 1 ? 'only' : 'default' };
  }
}

function wayToName(scope: ServerScope, name: string): 'name' | 'alias' | undefined {
  if (scope.settings.find(serverSettings.serverName)?.host.toLowerCase() === name) return 'name';
  const aliases = scope.settings.get(serverSettings.serverAliases, []);
  return aliases.some((alias: ServerAlias) => matchesAlias(alias, name)) ? 'alias' : undefined;
}

function matchesAlias(alias: ServerAlias, name: string): boolean {
  return alias.pattern === undefined ? alias.name === name : alias.pattern.test(name);
}

/** The numeric addresses of host names in <VirtualHost name:port>. */

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Config } from '../conf/config.js';

/** By name; none where nobody knows it. */
export async function resolveHostNames(config: Config): Promise<Record<string, readonly string[]>> {
  const names = new Set(
    config.servers
      .flatMap((scope) => scope.addresses.map((address) => address.host))
      .filter((host) => host !== '*' && isIP(host) === 0),
  );
  const resolved: Record<string, readonly string[]> = {};
  for (const name of names) {
    try {
      resolved[name] = (await lookup(name, { all: true })).map((entry) => entry.address);
    } catch {
      resolved[name] = []; // the start checks have warned about it: the host then answers by name on any address
    }
  }
  return resolved;
}

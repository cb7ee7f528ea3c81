/**
 * Who the client of a request is when proxies stand in front: mod_remoteip's way through the list that they hand on
 * (remoteip_modify_request). Pure; asked for each request of a server with RemoteIPHeader.
 */

import { findIpAddress, type IpAddress, type IpNetwork, isInNetwork } from './ip-network.js';

export interface ProxyNetwork {
  readonly network: IpNetwork;
  /** It may speak for clients with private addresses, and is not named among the proxies. */
  readonly isInternal: boolean;
}

export interface RemoteIpRules {
  /** Lower case. */
  readonly header: string;
  /** In which the trusted proxies are told; undefined for none. */
  readonly proxiesHeader: string | undefined;
  /** Empty: every peer is trusted, as one that is not internal. */
  readonly proxies: readonly ProxyNetwork[];
}

export interface RemoteIp {
  readonly clientAddress: string;
  /** What is left of the header; undefined where all of it was used. */
  readonly rest: string | undefined;
  /** The proxies that were passed on the way, from the innermost, without internal ones; undefined for none. */
  readonly proxies: string | undefined;
}

/** Undefined where the connection's own end stays the client. */
export function findRemoteIp(rules: RemoteIpRules, value: string, peerAddress: string): RemoteIp | undefined {
  let rest: string | undefined = value;
  let address = findIpAddress(peerAddress);
  let clientAddress = peerAddress;
  let hasFound = false;
  const proxies: string[] = [];
  let isInternal = false;
  while (rest !== undefined && address !== undefined) {
    const here: IpAddress = address;
    const proxy = rules.proxies.find(({ network }) => isInNetwork(here, network));
    if (rules.proxies.length > 0 && proxy === undefined) break;
    isInternal = proxy?.isInternal ?? false;
    const comma: number = rest.lastIndexOf(',');
    const text = rest.slice(comma + 1).replace(/^ +| +$/g, '');
    const next = findIpAddress(text);
    if (next === undefined || (!isInternal && isPrivate(next))) break;
    if (!isInternal) proxies.push(clientAddress);
    rest = comma < 0 ? undefined : rest.slice(0, comma);
    address = next;
    clientAddress = formatAddress(next, text);
    hasFound = true;
  }
  if (!hasFound) return undefined;
  return { clientAddress, rest, proxies: proxies.length === 0 ? undefined : proxies.join(', ') };
}

/** An IPv4 address in IPv6 clothes is written without them. */
function formatAddress(address: IpAddress, text: string): string {
  if (address.family === 6 || !text.includes(':')) return text;
  return [24, 16, 8, 0].map((shift) => (address.value >>> shift) & 0xff).join('.');
}

/** What nobody outside can be: only an internal proxy may say so. IPv6: all but 2000::/3, as in Apache. */
function isPrivate(address: IpAddress): boolean {
  if (address.family === 6) return address.value >> 125n !== 1n;
  const first = address.value >>> 24;
  const second = (address.value >>> 16) & 0xff;
  return (
    first === 10 ||
    first === 127 ||
    (first === 169 && second === 254) ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168)
  );
}

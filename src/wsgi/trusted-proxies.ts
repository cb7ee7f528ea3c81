/**
 * WSGITrustedProxyHeaders and WSGITrustedProxies (wsgi_process_proxy_headers, reference 6.6): what a proxy in front says of
 * client, scheme and host takes the place of what the connection shows, if the proxy is believed; if it is not, what it
 * says is not passed on. Pure; asked for each request where the directive is in force.
 */

import { findIpAddress, type IpNetwork, isInNetwork } from '../http/ip-network.js';
import { toEnvironName, trustedHeaderMeanings } from './trusted-headers.js';

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

type Meaning = keyof typeof trustedHeaderMeanings;

const meanings = Object.entries(trustedHeaderMeanings) as [Meaning, readonly string[]][];
const on = new Set(['on', 'true', '1']);
const off = new Set(['off', 'false', '0']);

export function applyProxyHeaders(rules: ProxyRules, rawHeaders: readonly string[], remoteAddress: string): ProxyFacts {
  const { headers, proxies } = rules;
  const isBelieved = proxies === undefined || isTrusted(proxies, remoteAddress);
  const removed = new Set<string>();
  const changed = new Map<string, string>();
  const winners = new Map<readonly string[], string>();
  for (const key of headers) {
    const meaning = meanings.find(([, keys]) => keys.includes(key))?.[0];
    if (meaning === undefined) continue;
    const synonyms = synonymsOf(meaning);
    for (const synonym of synonyms) removed.add(synonym);
    const value = isBelieved ? findHeader(rawHeaders, key) : undefined;
    if (value === undefined || value === '') continue;
    winners.set(synonyms, key);
    applyHeader(meaning, key, value, proxies, changed);
  }
  for (const key of winners.values()) removed.delete(key);
  return { removed, changed };
}

/** The scheme can be said by name or by a flag: of all of these only one is passed on. */
const schemeHeaders = [...trustedHeaderMeanings.schemeText, ...trustedHeaderMeanings.schemeFlag];

function synonymsOf(meaning: Meaning): readonly string[] {
  return meaning === 'schemeText' || meaning === 'schemeFlag' ? schemeHeaders : trustedHeaderMeanings[meaning];
}

function applyHeader(
  meaning: Meaning,
  key: string,
  value: string,
  proxies: readonly IpNetwork[] | undefined,
  changed: Map<string, string>,
): void {
  const word = value.toLowerCase();
  switch (meaning) {
    case 'client':
      if (key === 'HTTP_X_FORWARDED_FOR') applyForwardedFor(value, proxies, changed);
      else changed.set('REMOTE_ADDR', value);
      return;
    // HTTPS never reaches the application: it becomes wsgi.url_scheme there.
    case 'schemeText':
      if (word === 'https' || word === 'http') changed.set('HTTPS', word === 'https' ? '1' : '0');
      return;
    case 'schemeFlag':
      if (on.has(word) || off.has(word)) changed.set('HTTPS', on.has(word) ? '1' : '0');
      return;
    case 'host':
      changed.set('HTTP_HOST', value);
      return;
    case 'server':
      changed.set('SERVER_NAME', value);
      return;
    case 'port':
      changed.set('SERVER_PORT', value);
      return;
    case 'mount':
      changed.set('SCRIPT_NAME', value);
      changed.set('mod_wsgi.mount_point', value);
  }
}

/** Which of the addresses is the client: the one that the outermost proxy we trust has seen. */
function applyForwardedFor(
  value: string,
  proxies: readonly IpNetwork[] | undefined,
  changed: Map<string, string>,
): void {
  const entries = value.split(',').map((entry) => entry.trim());
  const addresses = entries.filter((entry) => entry !== '');
  const [first] = addresses;
  if (first === undefined) return;
  if (proxies === undefined) {
    changed.set('REMOTE_ADDR', first);
    return;
  }
  let at = addresses.length - 1;
  while (at > 0 && isTrusted(proxies, addresses[at] as string)) at -= 1;
  changed.set('REMOTE_ADDR', addresses[at] as string);
  changed.set('HTTP_X_FORWARDED_FOR', addresses.slice(at).join(', '));
}

function isTrusted(proxies: readonly IpNetwork[], text: string): boolean {
  const address = findIpAddress(text);
  return address !== undefined && proxies.some((network) => isInNetwork(address, network));
}

/** The value of a header by its key in environ, repeated ones joined; names with underscore are nobody's. */
function findHeader(rawHeaders: readonly string[], key: string): string | undefined {
  const found: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (/^[a-z0-9-]+$/i.test(name) && toEnvironName(name) === key) found.push(rawHeaders[at + 1] as string);
  }
  return found.length === 0 ? undefined : found.join(', ');
}

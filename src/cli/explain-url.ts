/** Where a request for a URL arrives: at which address and port of the configuration, over TLS or not, and for whom. */

import { isIP } from 'node:net';
import { StillhouseError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { type ListenAddress, processSettings } from '../server/core-process-directives.js';
import { schemeAt } from '../server/tls-material.js';
import type { VirtualHosts } from '../server/virtual-hosts.js';

export interface ExplainedPlace {
  readonly localAddress: string;
  readonly localPort: number;
  readonly listenerHost: string | undefined;
  readonly tls: { readonly serverName: string | undefined } | undefined;
  /** Path and query as they go over the wire. */
  readonly target: string;
  /** What the Host field says. */
  readonly host: string;
}

/**
 * @param url absolute, or a path, which is asked for at the first listener as localhost
 * @param to an address of this machine, where several are possible
 * @throws StillhouseError where it is no URL, or nothing listens there
 */
export function parseExplainUrl(
  url: string,
  config: Config,
  hosts: VirtualHosts,
  to: string | undefined,
): ExplainedPlace {
  const listeners = config.main.settings.get(processSettings.listen, []);
  const [first] = listeners;
  if (first === undefined) throw failure('the configuration has no Listen line: no request can arrive');
  if (to !== undefined && isIP(to) === 0) throw failure(`--to ${to}: that is no numeric address`);
  if (url.startsWith('/')) {
    const isTls = schemeAt(config.servers, first.port) === 'https';
    const place = placeAt(first, to);
    return {
      ...place,
      tls: isTls ? { serverName: 'localhost' } : undefined,
      target: checkTarget(url),
      host: 'localhost',
    };
  }
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (scheme === '' || authority === '') {
    throw failure(`'${hideUser(url)}' is no URL: write http://name/path, https://name/path or /path`);
  }
  if (authority.includes('@')) {
    throw failure("the URL has a user in it: write --header 'Authorization: Basic ...' in its place");
  }
  const { name, port } = parseAuthority(authority, scheme.toLowerCase() === 'https' ? 443 : 80);
  const here = listeners.filter((one) => one.port === port || one.port === 0);
  const address = to ?? (isIP(name) === 0 ? undefined : name);
  const listener = here.find(({ host }) => host === undefined || address === undefined || host === address);
  if (listener === undefined) {
    const known = listeners.map(formatListener).join(', ');
    throw failure(`nothing listens at ${address ?? 'any address'} port ${port}: the Listen lines say ${known}`);
  }
  const place = placeAt(listener, address ?? findHostAddress(config, hosts, name, port), port);
  const path = rest.replace(/#.*$/s, '');
  return {
    ...place,
    tls: scheme.toLowerCase() === 'https' ? { serverName: isIP(name) === 0 ? name : undefined } : undefined,
    target: checkTarget(path.startsWith('/') ? path : `/${path}`),
    host: authority,
  };
}

function parseAuthority(authority: string, defaultPort: number): { readonly name: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{0,5}))?$/.exec(authority) ?? [];
  const name = bracketed ?? plain;
  const port = digits === undefined || digits === '' ? defaultPort : Number(digits);
  if (name === undefined || port > 65_535) throw failure(`'${authority}' is no host with a port`);
  return { name: name.toLowerCase(), port };
}

/** As a browser sends it: without blanks and line breaks, and what is beyond ASCII percent-encoded. */
function checkTarget(target: string): string {
  const encoded = target.replace(/[^!-~]/gu, (character) => encodeURIComponent(character));
  return encoded.replace(/#.*$/s, '');
}

/** Of virtual hosts at single addresses, the address of the one that has the name: DNS would lead there. */
function findHostAddress(config: Config, hosts: VirtualHosts, name: string, port: number): string | undefined {
  for (const { addresses } of config.servers) {
    for (const { host, port: own } of addresses) {
      if (isIP(host) === 0 || (own !== 0 && own !== port)) continue;
      const { by } = hosts.explain(host, port, name);
      if (by === 'name' || by === 'alias') return host;
    }
  }
  return undefined;
}

function placeAt(
  listener: ListenAddress,
  address: string | undefined,
  port = listener.port,
): Pick<ExplainedPlace, 'listenerHost' | 'localAddress' | 'localPort'> {
  const anywhere = listener.host === undefined || listener.host === '0.0.0.0' || listener.host === '::';
  const localAddress = anywhere ? (address ?? '127.0.0.1') : (listener.host ?? '127.0.0.1');
  return { localAddress, localPort: port, listenerHost: listener.host };
}

function formatListener({ host, port }: ListenAddress): string {
  if (host === undefined) return String(port);
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function hideUser(url: string): string {
  return url.replace(/^([a-z][a-z+.-]*:\/\/)[^/@]*@/i, '$1');
}

function failure(message: string): StillhouseError {
  return new StillhouseError('request', message);
}

/**
 * The Host field and the authority of a URL, checked as strictly as Apache 2.4 does under HttpProtocolOptions Strict.
 * The http child picks the virtual host by the name that comes out of here.
 */

import { isIPv6 } from 'node:net';
import { RequestError } from '../base/errors.js';
import { KnownTexts } from '../base/known-texts.js';

export interface Host {
  /** Lower case, without a dot at the end; an IPv6 address without its brackets. */
  readonly name: string;
  /** undefined where none was given. */
  readonly port: number | undefined;
}

const maxPort = 65_535;

/**
 * The Host of a request; undefined where an HTTP/1.0 request names none.
 * @param values the values of all Host fields of the request
 * @param isHttp11 whether the request's version is 1.1 or later, which must name a host (RFC 9112 section 3.2)
 * @throws RequestError 400
 */
export function parseHostHeader(values: readonly string[], isHttp11: boolean): Host | undefined {
  const value = values.length === 1 ? values[0]?.replace(/^[ \t]+|[ \t]+$/g, '') : undefined;
  if (values.length > 1) throw new RequestError(400, 'client sent several Host headers');
  if (value === undefined || value === '') {
    if (!isHttp11) return undefined;
    throw new RequestError(400, 'client sent HTTP/1.1 request without hostname (see RFC 9112 section 3.2)');
  }
  const host = findHost(value);
  if (host?.port === 0) throw malformed(value);
  if (host === undefined) throw malformed(value);
  return host;
}

/** The values of the Host fields among the fields of a request. */
export function hostFieldsOf(rawHeaders: readonly string[]): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}

/** Clients of a server name the same few hosts in every request. */
const knownHosts = new KnownTexts(1000, readHost);

/** `name`, `name:port`, `[address]:port`; undefined where the text is malformed. */
export function findHost(text: string): Host | undefined {
  return knownHosts.get(text);
}

function readHost(text: string): Host | undefined {
  const found = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d+))?$/.exec(text);
  if (found === null) return undefined;
  const port = found[3] === undefined ? undefined : Number(found[3]);
  if (port !== undefined && port > maxPort) return undefined;
  const address = found[1];
  if (address !== undefined) {
    // A zone (%25eth0) means nothing to anybody but the client.
    return isIPv6(address) && !address.includes('%') ? { name: address.toLowerCase(), port } : undefined;
  }
  const name = (found[2] ?? '').toLowerCase();
  return isHostName(name) ? { name: name.replace(/\.$/, ''), port } : undefined;
}

/**
 * Letters, digits, hyphens, underscores and single dots. What ends in a number must be an IPv4 address without leading
 * zeros; as in Apache its numbers are not bounded.
 */
function isHostName(name: string): boolean {
  if (!/^[a-z0-9._-]+$/.test(name) || name.includes('..')) return false;
  const labels = name.replace(/\.$/, '').split('.');
  const last = labels.at(-1) ?? '';
  if (last === '') return false;
  return !/^\d+$/.test(last) || (labels.length === 4 && labels.every((label) => /^(?:0|[1-9]\d*)$/.test(label)));
}

function malformed(value: string): RequestError {
  return new RequestError(400, `client sent malformed Host header: ${value}`);
}

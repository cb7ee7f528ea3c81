/** Header fields of a request by name: what Node.js calls `headers`. */

import type { IncomingHttpHeaders } from 'node:http';

/** Of several fields of these names the first one counts. */
const singleNames: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** `fields` is flat: name, value, name, value. As node:http makes `headers` of `rawHeaders`. */
export function joinFields(fields: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = (fields[at] as string).toLowerCase();
    const value = fields[at + 1] as string;
    const found = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (name === 'set-cookie') headers[name] = [...(found ?? []), value];
    else if (found === undefined) headers[name] = value;
    else if (!singleNames.has(name)) headers[name] = `${found}${separatorOf(name)}${value}`;
  }
  return headers;
}

/** One of them, without making the others; `name` in lower case and not set-cookie. */
export function findField(fields: readonly string[], name: string): string | undefined {
  let joined: string | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const found = fields[at] as string;
    if (found.length !== name.length || found.toLowerCase() !== name) continue;
    const value = fields[at + 1] as string;
    if (singleNames.has(name)) return value;
    joined = joined === undefined ? value : `${joined}${separatorOf(name)}${value}`;
  }
  return joined;
}

function separatorOf(name: string): string {
  return name === 'cookie' ? '; ' : ', ';
}

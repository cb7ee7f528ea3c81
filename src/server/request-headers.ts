/** Changes the header of a request that has arrived: what RequestHandler, handlers and the log see from then on. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { applyRequestRules, type HeaderRule } from '../http/header-rules.js';
import { HeaderTable } from '../http/header-table.js';
import type { RequestContext } from './request-context.js';
import { factsOf } from './response-shaping.js';

/** Of several fields of these names node:http keeps the first. */
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

/** Carries out RequestHeader lines. */
export function changeRequestHeader(context: RequestContext, rules: readonly HeaderRule[]): void {
  const table = new HeaderTable();
  const { rawHeaders } = context.incoming;
  // Several fields of one name are one value to Apache as soon as they are read.
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    table.merge(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  applyRequestRules(rules, table, factsOf(context));
  replaceHeaders(context.incoming, table.fields);
}

/** The request goes on without its body, which somebody has read already. */
export function forgetBody(incoming: IncomingMessage): void {
  const table = new HeaderTable(incoming.rawHeaders);
  table.unset('Content-Length');
  table.unset('Transfer-Encoding');
  replaceHeaders(incoming, table.fields);
}

/** `fields` is flat: name, value, name, value. */
function replaceHeaders(incoming: IncomingMessage, fields: readonly string[]): void {
  incoming.rawHeaders = [...fields];
  incoming.headers = joinFields(fields);
}

/** As node:http makes `headers` of `rawHeaders`. */
function joinFields(fields: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = (fields[at] as string).toLowerCase();
    const value = fields[at + 1] as string;
    const found = headers[name];
    if (name === 'set-cookie') headers[name] = [...(found ?? []), value];
    else if (found === undefined) headers[name] = value;
    else if (!singleNames.has(name)) headers[name] = `${found}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return headers;
}

/** Makes the client of a request the one that trusted proxies name, before anything else is done with it. */

import { toByteString } from '../base/byte-string.js';
import { findRemoteIp, type RemoteIpRules } from '../http/remote-ip.js';
import type { RequestContext } from './request-context.js';

const proxiesNote = 'remoteip-proxy-ip-list';

export function applyRemoteIp(context: RequestContext, rules: RemoteIpRules): void {
  const { connection, incoming } = context;
  const { rawHeaders } = incoming;
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === rules.header) values.push(rawHeaders[at + 1] ?? '');
  }
  if (values.length === 0) return;
  const found = findRemoteIp(rules, values.join(', '), connection.remoteAddress);
  if (found === undefined) return;
  context.clientAddress = found.clientAddress;
  replaceHeader(context, rules.header, found.rest);
  if (found.proxies === undefined) return;
  context.notes ??= new Map();
  context.notes.set(proxiesNote, found.proxies);
  if (rules.proxiesHeader !== undefined) replaceHeader(context, rules.proxiesHeader, found.proxies);
}

/** In both forms in which a request has them. */
function replaceHeader({ incoming }: RequestContext, name: string, value: string | undefined): void {
  const { headers, rawHeaders } = incoming;
  const wanted = name.toLowerCase();
  const fields: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== wanted) fields.push(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  }
  if (value === undefined) delete headers[wanted];
  else {
    fields.push(name, toByteString(value));
    headers[wanted] = value;
  }
  incoming.rawHeaders = fields;
}

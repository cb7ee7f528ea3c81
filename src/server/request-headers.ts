/** Changes the header of a request that has arrived: what RequestHandler, handlers and the log see from then on. */

import type { ClientRequest } from '../http/client-request.js';
import { applyRequestRules, type HeaderRule } from '../http/header-rules.js';
import { HeaderTable } from '../http/header-table.js';
import { joinFields } from '../http/request-fields.js';
import type { RequestContext } from './request-context.js';
import { factsOf } from './response-shaping.js';

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
export function forgetBody(incoming: ClientRequest): void {
  const table = new HeaderTable(incoming.rawHeaders);
  table.unset('Content-Length');
  table.unset('Transfer-Encoding');
  replaceHeaders(incoming, table.fields);
}

/** `fields` is flat: name, value, name, value. */
function replaceHeaders(incoming: ClientRequest, fields: readonly string[]): void {
  incoming.rawHeaders = [...fields];
  incoming.headers = joinFields(fields);
}

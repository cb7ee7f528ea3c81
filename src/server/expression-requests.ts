/** Between a request and expressions (src/http/expression): hands over what they may ask, carries on what they note. */

import type { ExpressionSubject } from '../http/expression/expression.js';
import type { RequestContext } from './request-context.js';
import { rewriteRequestOf, rewriteServices } from './rewriting.js';

/**
 * The request as expressions see it. Headers that they look at are named in its Vary.
 * @param handler the one that an alias has chosen before sections were known
 */
export function expressionSubjectOf(context: RequestContext, handler = context.handler): ExpressionSubject {
  return {
    request: rewriteRequestOf(context),
    services: rewriteServices,
    handler,
    status: 200,
    noteHeader: (name) => addVary(context, name),
  };
}

/** Names a request header in the response's Vary, once. */
function addVary({ extraHeaders }: RequestContext, header: string): void {
  const wanted = header.toLowerCase();
  for (let at = 0; at + 1 < extraHeaders.length; at += 2) {
    const names = extraHeaders[at] === 'Vary' ? (extraHeaders[at + 1] ?? '').toLowerCase().split(/\s*,\s*/) : [];
    if (names.includes(wanted)) return;
  }
  extraHeaders.push('Vary', header);
}

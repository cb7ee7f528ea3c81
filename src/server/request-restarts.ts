/**
 * A request that goes on inside the server with another path: after rewriting, for a folder's index, for an
 * ErrorDocument, or where an application said so. What it is then, and how often that may happen.
 */

import { RequestError } from '../base/errors.js';
import { decodeTargetPath } from '../http/request-target.js';
import { requestSettings } from './core-request-directives.js';
import { endsConnection } from './http-response-sink.js';
import { type RequestContext, renameEnvironment, setVariable } from './request-context.js';
import { forgetBody } from './request-headers.js';

/** Rewriting and applications may start a request over so often (LimitInternalRecursion's default). */
const defaultInternalRedirectsLimit = 10;

/** Where a phase sends the request. */
export interface Restart {
  readonly uri: string;
  readonly query: string | undefined;
  /** It is still the same request, whose variables stay what they are (ap_internal_fast_redirect). */
  readonly isSame?: boolean;
}

/** @throws RequestError where it has started over too often */
export function startOver(context: RequestContext, { isSame = false, query, uri }: Restart): void {
  countRedirect(context);
  context.trace?.startsOver(isSame ? 'index' : 'rewriting');
  if (isSame) {
    context.isSubrequest = true;
    context.handler = undefined;
  } else {
    renameEnvironment(context, 200);
    context.isSubrequest = false;
  }
  context.uri = uri;
  context.query = query ?? context.query;
}

/**
 * By GET and without the body, which was the application's (ap_internal_redirect_handler).
 * @throws RequestError where that can't be
 */
export function startOverAt(context: RequestContext, location: string, contentType: string): void {
  countRedirect(context);
  context.trace?.startsOver('application');
  renameEnvironment(context, 200);
  setVariable(context, 'REDIRECT_REQUEST_METHOD', context.method);
  // Applications write paths as they come: what has no place in a request line is no mistake here.
  const [, rawPath = '', query] = /^([^?#]*)(?:\?([^#]*))?/s.exec(location) ?? [];
  const target = { form: 'origin', rawTarget: location, rawPath, query, host: undefined } as const;
  context.uri = decodeTargetPath(target, context.server.targetRules);
  context.query = query ?? '';
  forgetBody(context.incoming);
  context.method = 'GET';
  context.redirectedType = contentType;
  context.connection.onBodyBroken = undefined;
  context.connection.responseTimeoutMs = undefined;
  forgetOutcome(context);
}

/** With the document's path, by GET whatever the method was (ap_die). */
export function startOverForError(context: RequestContext, status: number, target: string): void {
  context.trace?.startsOver('error document');
  renameEnvironment(context, status);
  setVariable(context, 'REDIRECT_REQUEST_METHOD', context.method);
  if (endsConnection(status)) context.outgoing.shouldKeepAlive = false;
  const mark = target.indexOf('?');
  context.uri = mark < 0 ? target : target.slice(0, mark);
  context.query = mark < 0 ? '' : target.slice(mark + 1);
  context.failedStatus = status;
  context.method = 'GET';
  forgetOutcome(context);
}

/** Its file, and the response fields that are not meant for errors: Set-Cookie is, Vary is not. */
function forgetOutcome(context: RequestContext): void {
  const fields = context.extraHeaders.splice(0);
  for (let at = 0; at + 1 < fields.length; at += 2) {
    if (fields[at] !== 'Vary') context.extraHeaders.push(fields[at] as string, fields[at + 1] as string);
  }
  context.scope = context.server.ownScope;
  context.handler = undefined;
  context.filename = undefined;
  context.pathInfo = '';
}

/** @throws RequestError where it has started over too often, which is a loop of the configuration or of applications */
function countRedirect(context: RequestContext): void {
  const limit = context.server.settings.get(requestSettings.internalRedirectsLimit, defaultInternalRedirectsLimit);
  context.redirects += 1;
  if (context.redirects <= limit) return;
  throw new RequestError(
    500,
    `Request exceeded the limit of ${limit} internal redirects due to probable configuration error; LimitInternalRecursion is the limit`,
  );
}

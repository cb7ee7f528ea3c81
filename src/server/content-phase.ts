/** Who answers a request that was admitted: a WSGI script, a handler script, or the file itself. */

import { RequestError } from '../base/errors.js';
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import type { ErrorAnswers } from './error-answers.js';
import { type FileCalls, whenFilesReady } from './file-calls.js';
import type { FileLookup, FoundFile } from './file-lookup.js';
import { findIndex, lacksSlash, withSlash } from './folder-requests.js';
import { findHandler } from './handler-choice.js';
import type { RequestContext } from './request-context.js';
import type { Restart } from './request-restarts.js';
import { handleStatic } from './static-requests.js';
import type { Translation } from './url-translation.js';
import type { WsgiHandler } from './wsgi-handler.js';

export interface ContentServices {
  readonly files: FileLookup;
  readonly calls: FileCalls;
  readonly wsgi: WsgiHandler;
  readonly answers: ErrorAnswers;
}

/**
 * @returns where to start over; undefined where the request has its answer or a handler sees to it; a promise where that
 *   takes time, or the handler may still fail
 * @throws RequestError
 */
export function serveContent(
  context: RequestContext,
  translation: Translation,
  found: FoundFile | undefined,
  services: ContentServices,
): Restart | undefined | Promise<Restart | undefined> {
  const { settings } = context.scope;
  const alias: WsgiScriptAlias | undefined = translation.kind === 'script' ? translation.alias : undefined;
  const handler = alias === undefined ? (context.handler ?? findHandler(settings, found)) : 'wsgi-script';
  context.trace?.choseHandler(context, handler ?? 'default-handler', alias);
  context.handler = handler ?? 'default-handler';
  if (found !== undefined && lacksSlash(context, found)) {
    services.answers.redirect(context, 301, withSlash(context));
    return undefined;
  }
  if (alias !== undefined) return serveFound(context, translation, found, handler, alias, services);
  const index = whenFilesReady(() => findIndex(context, services.files, found, handler));
  const go = (uri: string | undefined): Restart | undefined | Promise<Restart | undefined> =>
    uri === undefined
      ? serveFound(context, translation, found, handler, undefined, services)
      : { uri, query: undefined, isSame: true };
  return index instanceof Promise ? index.then(go) : go(index);
}

function serveFound(
  context: RequestContext,
  translation: Translation,
  found: FoundFile | undefined,
  handler: string | undefined,
  alias: WsgiScriptAlias | undefined,
  { calls, wsgi }: ContentServices,
): undefined | Promise<undefined> {
  const script = handler === undefined ? undefined : context.scope.handlerScripts?.get(handler);
  if (script !== undefined) {
    wsgi.handleByScript(context, script);
    return undefined;
  }
  if (found === undefined)
    throw new RequestError(404, `nothing is mapped to ${context.uri}: no Alias, WSGIScriptAlias or DocumentRoot`);
  if (handler === 'wsgi-script' || handler === 'application/x-httpd-wsgi') {
    wsgi.handle(context, found, alias);
    return undefined;
  }
  if (handler !== undefined && handler !== 'default-handler') {
    throw new RequestError(500, `handler '${handler}' is not known, asked for ${found.filename}`);
  }
  const root = translation.kind === 'file' ? translation.root : found.filename;
  return handleStatic(context, found, root, calls);
}

/** From the URL to what it names: rewriting of the server, redirects and aliases, and the file at their end. */

import { fromByteString, toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { matchSections } from '../conf/section-matching.js';
import { rewriteForServer } from '../http/rewrite/server-rewrite.js';
import { type ErrorAnswers, originOf } from './error-answers.js';
import type { FileLookup, FoundFile } from './file-lookup.js';
import { environmentOf, type RequestContext, setVariable } from './request-context.js';
import { applyRewriteEffects, rewriteOptionsOf, rewriteRequestOf, rewriteServices } from './rewriting.js';
import { type Translation, translateUrl } from './url-translation.js';

/** Undefined: answered already. @throws RequestError */
export function translate(context: RequestContext, answers: ErrorAnswers): Translation | undefined {
  const { rewrite } = context.server;
  if (rewrite !== undefined && !context.rewritingEnded) {
    const url = environmentOf(context).get('REDIRECT_SCRIPT_URL') ?? context.uri;
    setVariable(context, 'SCRIPT_URL', url);
    setVariable(context, 'SCRIPT_URI', `${originOf(context)}${url}`);
    const options = rewriteOptionsOf(context, rewrite.options);
    const outcome = rewriteForServer(rewrite.set, rewriteRequestOf(context), rewriteServices, options);
    context.trace?.rewrote('server', outcome);
    applyRewriteEffects(context, outcome);
    switch (outcome.kind) {
      case 'redirect':
        applyLocations(context);
        answers.redirect(context, outcome.status, outcome.location);
        return undefined;
      case 'status':
        throw new RequestError(outcome.status, `RewriteRule answers ${outcome.status} for ${context.uri}`);
      case 'file': {
        context.query = outcome.query ?? context.query;
        const path = fromByteString(outcome.filename);
        const documents = context.server.documentRoot;
        const isDocument = documents !== undefined && path.startsWith(`${documents}/`);
        return { kind: 'file', path, root: isDocument ? documents : '/', position: undefined };
      }
      case 'passthrough':
      case 'internal-redirect':
        context.uri = outcome.uri;
        context.query = outcome.query ?? context.query;
        break;
      case 'declined':
        break;
    }
  }
  const translation = translateUrl(context.server, context.uri);
  context.trace?.translated(translation);
  if (translation.kind !== 'redirect') return translation;
  applyLocations(context);
  redirect(context, answers, translation.status, translation.url);
  return undefined;
}

/** Finds the file and PATH_INFO; undefined where the URL is mapped to nothing. */
export function locate(context: RequestContext, translation: Translation, files: FileLookup): FoundFile | undefined {
  if (translation.kind === 'script' && files.kindOf(translation.target) === 'file') {
    // The usual case: the alias names the script itself, and all that follows is PATH_INFO.
    const filename = translation.target;
    context.filename = filename;
    context.pathInfo = translation.rest;
    return {
      kind: 'file',
      filename,
      rest: translation.rest,
      folder: filename.slice(0, filename.lastIndexOf('/')) || '/',
    };
  }
  if (translation.kind === 'none' || translation.kind === 'redirect') return undefined;
  const path = translation.kind === 'script' ? translation.target + fromByteString(translation.rest) : translation.path;
  const found = files.find(path);
  context.filename = found.filename;
  context.pathInfo = toByteString(found.rest);
  return found;
}

/** What a Redirect line answers. @throws RequestError where that is no redirect */
export function redirect(
  context: RequestContext,
  answers: ErrorAnswers,
  status: number,
  url: string | undefined,
): void {
  if (url === undefined) throw new RequestError(status, `Redirect answers ${status} for ${context.uri}`);
  const query = context.query === '' || url.includes('?') ? '' : `?${context.query}`;
  answers.redirect(context, status, `${url}${query}`);
}

/** Apache knows the Location sections before it translates the URL: their ErrorDocument and Header lines count then. */
export function applyLocations(context: RequestContext): void {
  const { scope, server, uri } = context;
  if (scope !== server.ownScope || !uri.startsWith('/')) return;
  const where = { urlPath: uri, directory: undefined, filename: undefined };
  const sections = matchSections(server.scope, where);
  context.scope = server.scopeOf(sections);
  context.trace?.choseSections(sections);
}

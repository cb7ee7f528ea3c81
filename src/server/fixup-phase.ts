/** Apache's fixups: rewriting, SetEnv and redirects of sections, RequestHeader. */

import { toByteString } from '../base/byte-string.js';
import { RequestError } from '../base/errors.js';
import { rewriteForDirectory } from '../http/rewrite/directory-rewrite.js';
import type { RewriteOutcome } from '../http/rewrite/rewrite-outcome.js';
import type { ErrorAnswers } from './error-answers.js';
import { type RequestContext, setVariable } from './request-context.js';
import { changeRequestHeader } from './request-headers.js';
import type { Restart } from './request-restarts.js';
import { applyRewriteEffects, rewriteOptionsOf, rewriteRequestOf, rewriteServices } from './rewriting.js';
import { setTlsVariables } from './tls-requests.js';
import { redirect } from './url-phase.js';
import { findRedirect } from './url-translation.js';

/** @returns where to start over, or that it has its answer. @throws RequestError */
export function fixUp(context: RequestContext, answers: ErrorAnswers): Restart | 'answered' | undefined {
  const restart = applyFixups(context, answers);
  const { requestHeaderRules } = context.scope;
  if (requestHeaderRules !== undefined && restart !== 'answered') changeRequestHeader(context, requestHeaderRules);
  return restart;
}

function applyFixups(context: RequestContext, answers: ErrorAnswers): Restart | 'answered' | undefined {
  const { environment } = context.scope;
  // mod_rewrite comes first: its rules do not see what SetEnv sets, and its redirects go before those of Redirect.
  const outcome = rewriteInDirectory(context);
  if (outcome?.kind === 'redirect') {
    answers.redirect(context, outcome.status, outcome.location);
    return 'answered';
  }
  if (context.connection.secure !== undefined) setTlsVariables(context, context.connection.secure);
  if (environment !== undefined) {
    for (const name of environment.unset) setVariable(context, name, undefined);
    for (const [name, value] of environment.set) setVariable(context, name, toByteString(value));
  }
  const found = context.scope.redirect ?? findRedirect(context.scope.redirects, context.uri);
  if (found !== undefined) {
    context.trace?.redirectedBySection(found);
    redirect(context, answers, found.status, found.url);
    return 'answered';
  }
  switch (outcome?.kind) {
    case 'internal-redirect':
    case 'passthrough':
      return { uri: outcome.uri, query: outcome.query };
    case 'file':
      context.query = outcome.query ?? context.query;
  }
  return undefined;
}

/** Undefined: no rule was tried. @throws RequestError */
function rewriteInDirectory(context: RequestContext): RewriteOutcome | undefined {
  const { options, rewrite } = context.scope;
  if (rewrite === undefined || context.rewritingEnded) return undefined;
  if (!options.has('FollowSymLinks') && !options.has('SymLinksIfOwnerMatch')) {
    const message =
      'Options FollowSymLinks and SymLinksIfOwnerMatch are both off, so the RewriteRule directive is also forbidden ' +
      'due to its similar ability to circumvent directory restrictions';
    throw new RequestError(403, `${message}: ${context.filename ?? context.uri}`);
  }
  const rules = rewriteOptionsOf(context, rewrite.options);
  const outcome = rewriteForDirectory(rewrite.set, rewriteRequestOf(context), rewriteServices, rules);
  context.trace?.rewrote(rewrite.options.directory, outcome);
  applyRewriteEffects(context, outcome);
  if (outcome.kind === 'status') {
    throw new RequestError(outcome.status, `RewriteRule answers ${outcome.status} for ${context.uri}`);
  }
  return outcome;
}

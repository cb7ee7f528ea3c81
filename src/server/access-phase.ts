/** Access where no user has to be known and no script asked: Require, Order, Allow and Deny, SSLRequireSSL. */

import { RequestError } from '../base/errors.js';
import { accessDeniedMessage, decideAccess } from '../http/access-rules.js';
import { expressionSubjectOf } from './expression-requests.js';
import { environmentOf, type RequestContext } from './request-context.js';

/** @throws RequestError */
export function checkAccess(context: RequestContext): void {
  checkTlsRequired(context);
  if (context.authorizedScope !== undefined) {
    // The error document of a refusal: what the user was is REDIRECT_REMOTE_USER there.
    context.authorizedScope = undefined;
    context.user = undefined;
    context.authType = undefined;
  }
  if (context.scope.isOpenToAll) return;
  const { connection, method } = context;
  const environment = environmentOf(context);
  const decision = decideAccess(context.scope.access, {
    remoteAddress: context.clientAddress,
    localAddress: connection.localAddress,
    method,
    environment: (name) => environment.get(name),
    subject: () => expressionSubjectOf(context),
  });
  if (!decision.allowed) throw new RequestError(403, accessDeniedMessage(context.filename ?? context.uri));
}

/** @throws RequestError */
export function checkTlsRequired({ connection, filename, scope, uri }: RequestContext): void {
  if (scope.requiresTls && connection.secure === undefined) {
    throw new RequestError(403, `SSLRequireSSL: TLS is required for ${filename ?? uri}`);
  }
}

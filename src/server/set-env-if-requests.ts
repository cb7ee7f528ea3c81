/** SetEnvIf and its kin for one request: hands the rules what they look at. */

import { applySetEnvIf, type SetEnvIfRule } from '../http/set-env-if.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { RequestContext } from './request-context.js';

export function applyEnvironmentRules(context: RequestContext, rules: readonly SetEnvIfRule[]): void {
  if (rules.length === 0) return;
  context.environment ??= new Map();
  const { connection, incoming } = context;
  const headers = Object.entries(incoming.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  applySetEnvIf(
    rules,
    {
      clientAddress: context.clientAddress,
      serverAddress: connection.localAddress,
      method: context.method,
      protocol: context.protocol,
      path: context.uri,
      headers,
      expressionSubject: () => expressionSubjectOf(context),
    },
    context.environment,
  );
}

/** What access and authentication scripts are taken to say where a request is explained: they admit everybody. */

import type { RequireRule } from '../http/access-rules.js';
import type { AuthQuestion } from '../wsgi/script-environ.js';
import type { WsgiAuthScript } from '../wsgi/settings.js';
import type { AuthAnswer } from './auth-scripts.js';
import type { RequestContext } from './request-context.js';
import type { RequestTrace } from './request-trace.js';

const directives: Readonly<Record<AuthQuestion['function'], readonly [name: string, assumed: string]>> = {
  allow_access: ['WSGIAccessScript', 'the client may come in'],
  check_password: ['WSGIAuthUserScript', 'the password is right'],
  groups_for_user: ['WSGIAuthGroupScript', 'the user is in the groups that Require asks for'],
};

export function assumeAnswer(
  trace: RequestTrace,
  { scope }: RequestContext,
  script: WsgiAuthScript,
  question: AuthQuestion,
): AuthAnswer {
  const [directive, assumed] = directives[question.function];
  trace.wouldAsk({ script, directive, assumed });
  const rule = scope.access.require?.rule;
  const names = question.function === 'groups_for_user' && rule !== undefined ? wantedGroups(rule) : [];
  return { verdict: 'granted', names };
}

/** A negated rule asks for a user who is in none of its groups. */
function wantedGroups(rule: RequireRule): readonly string[] {
  if (rule.negated) return [];
  if (rule.kind === 'group') return rule.rules.flatMap(wantedGroups);
  return rule.condition.kind === 'group' ? [...rule.condition.names] : [];
}

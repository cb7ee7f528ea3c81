/**
 * WSGI directives of which this build has nothing but the name, so that their lines get a message that says so. What
 * becomes of a line is said in not-yet.ts; work that brings one of them moves its row to a table of its own.
 */

import type { Context, DirectiveDefinition, OverrideClass } from '../conf/directive.js';
import { globalOnly, MANY, wsgi } from './directive-shapes.js';

function absent(
  name: string,
  syntax: string,
  summary: string,
  place: { readonly contexts: readonly Context[]; readonly override?: OverrideClass },
): DirectiveDefinition {
  return { ...wsgi(name, syntax, summary), ...place, args: { min: 1, max: MANY }, apply: () => {} };
}

/** Apache's OR_AUTHCFG: sections and .htaccess only. */
const authentication = { contexts: ['directory', '.htaccess'], override: 'AuthConfig' } as const;
const script = 'file-path [application-group=name]';

export const absentDirectives: readonly DirectiveDefinition[] = [
  absent('WSGIAccessScript', script, 'A script that says which clients may come in.', authentication),
  absent('WSGIAuthUserScript', script, 'A script that checks names and passwords.', authentication),
  absent('WSGIAuthGroupScript', script, 'A script that says to which groups a user belongs.', authentication),
  absent('WSGIGroupAuthoritative', 'On|Off', 'Whether the groups of WSGIAuthGroupScript decide alone.', authentication),
  absent(
    'WSGITelemetryService',
    'unix:file-path [interval=seconds]',
    'A socket to which each process reports its figures.',
    {
      contexts: globalOnly,
    },
  ),
  absent('WSGISlowRequests', 'seconds', 'From what time on a request is reported as slow.', { contexts: globalOnly }),
  absent('WSGITelemetryOptions', '[+|-]flag ...|None|All', 'What the reports of WSGITelemetryService hold.', {
    contexts: globalOnly,
  }),
];

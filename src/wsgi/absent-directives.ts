/**
 * WSGI directives of which this build has nothing but the name, so that their lines get a message that says so. What
 * becomes of a line is said in not-yet.ts; work that brings one of them moves its row to a table of its own.
 */

import type { Context, DirectiveDefinition } from '../conf/directive.js';
import { globalOnly, MANY, wsgi } from './directive-shapes.js';

function absent(
  name: string,
  syntax: string,
  summary: string,
  place: { readonly contexts: readonly Context[] },
): DirectiveDefinition {
  return { ...wsgi(name, syntax, summary), ...place, args: { min: 1, max: MANY }, apply: () => {} };
}

export const absentDirectives: readonly DirectiveDefinition[] = [
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

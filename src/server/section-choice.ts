/**
 * Which sections apply to a request, with the access files on the way and the conditions tried: the one place that
 * both the request path and `explain` ask.
 */

import type { AppliedSection, Section } from '../conf/config.js';
import { type MatchTarget, matchSections } from '../conf/section-matching.js';
import type { AccessFiles } from './access-files.js';
import type { CompiledScope, CompiledServer } from './compiled-server.js';
import { findConditional } from './condition-sections.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { RequestContext } from './request-context.js';

export interface ChosenSections {
  /** In order of application. */
  readonly sections: readonly AppliedSection[];
  readonly scope: CompiledScope;
}

/**
 * @param context the request; conditions see the file that it was mapped to, and what they look at goes into its Vary
 * @param handler the one that an alias has chosen
 * @throws AccessFileError where an access file on the way is wrong
 */
export function chooseSections(
  server: CompiledServer,
  target: Omit<MatchTarget, 'accessFile'>,
  accessFiles: AccessFiles,
  context: RequestContext,
  handler?: string,
): ChosenSections {
  const sections = matchSections(
    server.scope,
    server.usesAccessFiles ? withAccessFiles(server, target, accessFiles) : target,
  );
  const scope = server.scopeOf(sections);
  if (scope.conditionals.length === 0) return { sections, scope };
  const { trace } = context;
  const tried = trace && ((section: AppliedSection, holds: boolean) => trace.triedSection(section, holds));
  const chosen = findConditional(scope.conditionals, expressionSubjectOf(context, handler), tried);
  if (chosen.length === 0) return { sections, scope };
  const all = [...sections, ...chosen];
  return { sections: all, scope: server.scopeOf(all) };
}

function withAccessFiles(server: CompiledServer, target: MatchTarget, accessFiles: AccessFiles): MatchTarget {
  const accessFile = (folder: string, before: readonly Section[]) => accessFiles.find(server.scope, folder, before);
  return { ...target, accessFile };
}

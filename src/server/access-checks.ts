/**
 * Script aliases whose requests are all refused: the folder of the script has no `Require all granted`, under a
 * `Require all denied` for the whole disk. The usual mistake of those who come from Apache 2.2.
 */

import { sectionsWith } from '../conf/conditional-sections.js';
import { isPathSection } from '../conf/config.js';
import type { Settings } from '../conf/settings.js';
import { formatPosition } from '../conf/source.js';
import { type AccessRules, decideAccess, type HostRule, type RequireRule } from '../http/access-rules.js';
import { accessRulesOf, compatRules, requireRules } from './access-directives.js';
import { type AliasedScript, matchScript, mayHold } from './script-matching.js';

/** Says why, and what to write; undefined where someone gets through, or where that can't be said. */
export function findDenial(script: AliasedScript, settings: Settings): string | undefined {
  const rules = accessRulesOf(settings);
  if (!isSameForAll(rules)) return undefined;
  const decision = decideAccess(rules, { remoteAddress: '', method: 'GET', environment: () => undefined });
  if (decision.allowed || mayBeAllowedElsewhere(script)) return undefined;
  const isRequire = decision.module === 'authz_core';
  const origin = (isRequire ? settings.origins(requireRules) : settings.origins(compatRules)).at(-1);
  const { target } = script.alias;
  const folder =
    script.kind === 'directory' ? target.replace(/(?!^)\/+$/, '') : target.slice(0, target.lastIndexOf('/'));
  const [what, grant] = isRequire
    ? ['Require', "'Require all granted'"]
    : ['Order, Allow or Deny', "'Require all granted' instead of Order, Allow and Deny"];
  const where = origin === undefined ? '' : ` by ${what} (${formatPosition(origin)})`;
  return `requests for '${target}' are refused${where}, answered with 403: write ${grant} in <Directory ${folder || '/'}>`;
}

/** A deeper Location, or a section for some of the scripts of a folder. */
function mayBeAllowedElsewhere(script: AliasedScript): boolean {
  const matched = matchScript(script);
  return sectionsWith(script.server, [requireRules, compatRules]).some((section) => {
    const { settings } = section;
    const hasRules = settings.find(requireRules) !== undefined || settings.find(compatRules) !== undefined;
    if (!hasRules) return false;
    // Whether a condition holds is seen with the request.
    return !isPathSection(section) || (!matched.includes(section) && mayHold(section, script, matched));
  });
}

/** Whether the rules ask for nothing that differs from request to request. */
function isSameForAll({ require, compat }: AccessRules): boolean {
  const isAll = (rule: HostRule): boolean => rule.kind === 'all' && rule.limitedTo === undefined;
  if (compat?.limited !== undefined) return false;
  if (compat !== undefined && !(compat.allow.every(isAll) && compat.deny.every(isAll))) return false;
  return require?.rule === undefined || asksNothing(require.rule);
}

function asksNothing(rule: RequireRule): boolean {
  if (rule.kind === 'group') return rule.rules.every(asksNothing);
  return rule.condition.kind === 'all' && rule.limitedTo === undefined;
}

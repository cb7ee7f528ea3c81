/** What Apache finds out about authentication with the first request, told when the configuration is read. */

import { accessSync, constants } from 'node:fs';
import { ownSectionsOf, sectionsWith } from '../conf/conditional-sections.js';
import type { ServerScope } from '../conf/config.js';
import type { Setting, SettingKey } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { asksForUser, type GroupSource, type RequireRule } from '../http/access-rules.js';
import { wsgiSettings } from '../wsgi/settings.js';
import { requireRules } from './access-directives.js';
import { authSettings } from './auth-directives.js';

/** What one of its sections lacks another may give it, also one of the main server's: only what none has is missed. */
export function checkAuthentication(server: ServerScope, problems: Problem[], seen: Set<Position>): void {
  const has = (setting: SettingKey): boolean =>
    server.settings.has(setting) || sectionsWith(server, [setting]).length > 0;
  const warn = (position: Position | undefined, directive: string, message: string): void => {
    if (position === undefined || seen.has(position)) return;
    seen.add(position);
    problems.push({ severity: 'warning', position, directive, message });
  };
  const later = 'requests will be answered with 500';
  for (const { settings } of [server, ...ownSectionsOf(server)]) {
    const positionOf = <T>(setting: Setting<T>): Position | undefined => settings.origins(setting).at(-1);
    const rule = settings.find(requireRules)?.rule;
    if (rule !== undefined && asksForUser(rule)) {
      const at = positionOf(requireRules);
      if (!has(authSettings.type)) warn(at, 'Require', `there is no AuthType by which users are made known; ${later}`);
      else if (!has(authSettings.name)) warn(at, 'Require', `AuthType Basic needs AuthName; ${later}`);
      const sources = groupSources(rule);
      if (sources.has('file') && !has(authSettings.groupFile)) {
        warn(at, 'Require', 'Require group needs AuthGroupFile: without it nobody is in a group');
      }
      if (sources.has('script') && !has(wsgiSettings.authGroupScript)) {
        warn(at, 'Require', 'Require wsgi-group needs WSGIAuthGroupScript: without it nobody is in a group');
      }
    }
    const providers = settings.find(authSettings.providers);
    const at = positionOf(authSettings.providers);
    if (providers?.includes('wsgi') && !has(wsgiSettings.authUserScript)) {
      warn(at, 'AuthBasicProvider', `provider wsgi needs WSGIAuthUserScript; ${later}`);
    }
    if (providers?.includes('file') && !has(authSettings.userFile)) {
      warn(at, 'AuthBasicProvider', `provider file needs AuthUserFile; ${later}`);
    }
    for (const [setting, directive] of files) {
      const path = settings.find(setting);
      const problem = path === undefined ? undefined : problemOf(path);
      if (problem !== undefined) warn(positionOf(setting), directive, `the file can't be read: ${problem}`);
    }
  }
}

const files = [
  [authSettings.userFile, 'AuthUserFile'],
  [authSettings.groupFile, 'AuthGroupFile'],
] as const;

function problemOf(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function groupSources(rule: RequireRule): ReadonlySet<GroupSource> {
  if (rule.kind === 'group') return new Set(rule.rules.flatMap((one) => [...groupSources(one)]));
  return new Set(rule.condition.kind === 'group' ? [rule.condition.source] : []);
}

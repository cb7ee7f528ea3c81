/**
 * What the lines of a configuration don't show one by one: groups that nobody defined, scripts that run where nobody
 * meant them to, or in an interpreter that this build does not have. Asked by `check` and before every start.
 */

import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { ownSectionsOf } from '../conf/conditional-sections.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { catalogGroups, serverScripts } from '../wsgi/group-catalog.js';
import { definitionSettings, wsgiSettings } from '../wsgi/settings.js';
import { checkAuthentication } from './auth-checks.js';
import { noHandlers } from './config-scopes.js';
import { checkEmbedded } from './embedded-checks.js';
import { checkGroups } from './group-checks.js';
import { resolveAccessLogs } from './log-directives.js';
import { mimeSettings } from './mime-directives.js';
import { checkMounts } from './mount-checks.js';
import { readMpm } from './mpm.js';
import { checkProxyLists } from './remoteip-directives.js';
import { loadTls } from './tls-material.js';
import { serverNameOf } from './wsgi-handler.js';

/** Problems of the configuration as a whole. */
export function checkConfig(config: Config): readonly Problem[] {
  const catalog = catalogGroups(config, serverNameOf);
  const problems: Problem[] = [...catalog.problems];
  const seen = new Set<Position>();
  problems.push(
    ...loadTls(config).problems,
    ...checkGroups(config, catalog),
    ...checkEmbedded(config, catalog),
    ...checkMounts(config),
    ...readMpm(config.main.settings).problems,
  );
  for (const server of config.servers) {
    problems.push(...resolveAccessLogs(server.settings).problems);
    const ofLists = checkProxyLists(server.settings).filter(({ position }) => !seen.has(position));
    for (const { position } of ofLists) seen.add(position);
    problems.push(...ofLists);
    checkTypesConfig(server, problems, seen);
    checkAuthentication(server, problems, seen);
    checkApplicationGroups(server.settings, problems, seen);
    for (const section of ownSectionsOf(server)) checkApplicationGroups(section.settings, problems, seen);
    for (const { host } of server.addresses) {
      if (host !== '*' && isIP(host) === 0 && server.position !== undefined) {
        problems.push({
          severity: 'note',
          position: server.position,
          message: `the name '${host}' is looked up at start; where it is unknown the host answers by name on any address`,
          directive: 'VirtualHost',
        });
      }
    }
  }
  return problems;
}

/** Apache does not start without the file either. */
function checkTypesConfig({ settings }: ServerScope, problems: Problem[], seen: Set<Position>): void {
  const path = settings.find(mimeSettings.typesConfig);
  const position = settings.origins(mimeSettings.typesConfig).at(-1);
  if (path === undefined || position === undefined || seen.has(position)) return;
  seen.add(position);
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the file of media types can't be read: ${reason}`;
    problems.push({ severity: 'error', position, message, directive: 'TypesConfig' });
  }
}

function checkApplicationGroups(settings: Settings, problems: Problem[], seen: Set<Position>): void {
  const group = settings.find(wsgiSettings.applicationGroup);
  const position = settings.origins(wsgiSettings.applicationGroup).at(-1);
  if (group !== undefined && position !== undefined)
    checkGroup(group, position, 'WSGIApplicationGroup', problems, seen);
  for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
    if (alias.applicationGroup !== undefined) {
      checkGroup(alias.applicationGroup, alias.position, 'WSGIScriptAlias', problems, seen);
    }
  }
  for (const handler of settings.get(wsgiSettings.handlerScripts, noHandlers).values()) {
    if (handler.applicationGroup !== undefined) {
      checkGroup(handler.applicationGroup, handler.position, 'WSGIHandlerScript', problems, seen);
    }
  }
  for (const [setting, directive] of serverScripts) {
    const script = settings.find(setting);
    if (script !== undefined) checkGroup(script.applicationGroup, script.position, directive, problems, seen);
  }
  for (const script of settings.get(definitionSettings.importScripts, [])) {
    checkGroup(script.applicationGroup, script.position, 'WSGIImportScript', problems, seen);
  }
}

function checkGroup(
  group: string,
  position: Position,
  directive: string,
  problems: Problem[],
  seen: Set<Position>,
): void {
  // What a variable will hold is seen with the request.
  if (group === '' || group === '%{GLOBAL}' || group.startsWith('%{ENV:') || seen.has(position)) return;
  seen.add(position);
  const message = `application group '${group}': this build runs applications in the main interpreter only; write %{GLOBAL}`;
  problems.push({ severity: 'error', position, message, directive });
}

/** One line for the log where scripts rely on the default application group, which is one interpreter for each mount point. */
export function describeDefaultApplicationGroup(config: Config): string | undefined {
  const targets = new Set<string>();
  for (const { settings } of config.servers) {
    if (settings.find(wsgiSettings.applicationGroup) !== undefined) continue;
    for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
      if (alias.applicationGroup === undefined) targets.add(alias.target);
    }
    for (const handler of settings.get(wsgiSettings.handlerScripts, noHandlers).values()) {
      if (handler.applicationGroup === undefined) targets.add(handler.path);
    }
  }
  if (targets.size === 0) return undefined;
  return (
    `no WSGIApplicationGroup for ${[...targets].join(', ')}: this build runs them in the main interpreter (%{GLOBAL}), ` +
    'where mod_wsgi would make a sub-interpreter for each mount point'
  );
}

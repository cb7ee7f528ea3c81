/** Daemon process groups that can't do what they are there for: nobody may own their scripts, nothing runs in them. */

import type { Config } from '../conf/config.js';
import type { Position, Problem } from '../conf/source.js';
import type { GroupCatalog } from '../wsgi/group-catalog.js';
import { definitionSettings, wsgiSettings } from '../wsgi/settings.js';
import { noHandlers, scopesWith } from './config-scopes.js';
import { findScriptOwner } from './script-owner.js';

export function checkGroups(config: Config, catalog: GroupCatalog): readonly Problem[] {
  const problems: Problem[] = [];
  checkScriptOwners(catalog, problems);
  checkServices(config, catalog, problems);
  checkUse(config, catalog, problems);
  return problems;
}

/** Groups that take memory for nothing, often as the line that should name them was forgotten. */
function checkUse(config: Config, catalog: GroupCatalog, problems: Problem[]): void {
  const used = findUsedNames(config, catalog);
  if (used === 'any') return;
  for (const { group, isHidden } of catalog.groups.values()) {
    // Of those without request threads something else is said.
    if (isHidden || used.has(group.name) || group.threads === 0) continue;
    const message =
      `nothing runs in daemon process group '${group.name}': write 'WSGIProcessGroup ${group.name}', ` +
      `or process-group=${group.name} behind the WSGIScriptAlias line, or remove it`;
    problems.push({ severity: 'warning', position: group.position, message, directive: 'WSGIDaemonProcess' });
  }
}

/** Names of groups that a line mentions; 'any' where requests or scripts make names of their own. */
function findUsedNames(config: Config, catalog: GroupCatalog): ReadonlySet<string> | 'any' {
  const names = new Set(catalog.importScripts.map(({ processGroup }) => processGroup));
  for (const server of config.servers) {
    for (const { processGroup = '' } of server.settings.get(definitionSettings.scriptAliases, [])) {
      names.add(processGroup);
    }
    const { dispatchScript, handlerScripts, processGroup, restrictProcess } = wsgiSettings;
    for (const { settings } of scopesWith(server, dispatchScript, handlerScripts, processGroup, restrictProcess)) {
      if (settings.find(wsgiSettings.dispatchScript) !== undefined) return 'any';
      names.add(settings.get(wsgiSettings.processGroup, ''));
      for (const name of settings.get(wsgiSettings.restrictProcess, noNames)) names.add(name);
      for (const handler of settings.get(wsgiSettings.handlerScripts, noHandlers).values()) {
        names.add(handler.processGroup ?? '');
      }
    }
  }
  return [...names].some((name) => name.startsWith('%{') && name !== '%{GLOBAL}') ? 'any' : names;
}

const noNames: ReadonlySet<string> = new Set();

/** Apache does not start where script-user or script-group names nobody. */
function checkScriptOwners(catalog: GroupCatalog, problems: Problem[]): void {
  for (const { group } of catalog.groups.values()) {
    const owner = findScriptOwner(group);
    if (owner === undefined || owner.id !== undefined) continue;
    problems.push({
      severity: 'error',
      position: group.position,
      message: `script-${owner.kind} of daemon process group '${group.name}': there is no ${owner.kind} '${owner.name}' on this system`,
      directive: 'WSGIDaemonProcess',
    });
  }
}

/** Groups with threads=0: they need a script to run, and serve no requests. */
function checkServices(config: Config, catalog: GroupCatalog, problems: Problem[]): void {
  const services = new Set(
    [...catalog.groups.values()].map(({ group }) => group).filter(({ threads }) => threads === 0),
  );
  if (services.size === 0) return;
  const names = new Set([...services].map(({ name }) => name));
  const imported = new Set(catalog.importScripts.map(({ processGroup }) => processGroup));
  for (const { name, position } of services) {
    if (imported.has(name)) continue;
    const message =
      `daemon process group '${name}' has threads=0 and no WSGIImportScript: its processes have nothing to run; ` +
      `write 'WSGIImportScript PATH process-group=${name} application-group=%{GLOBAL}'`;
    problems.push({ severity: 'warning', position, message, directive: 'WSGIDaemonProcess' });
  }
  for (const { applicationGroup, position, processGroup } of catalog.importScripts) {
    if (!names.has(processGroup) || applicationGroup === '') continue;
    const message =
      `daemon process group '${processGroup}' has threads=0: its scripts run in the main interpreter, ` +
      `not in application group '${applicationGroup}'`;
    problems.push({ severity: 'warning', position, message, directive: 'WSGIImportScript' });
  }
  const seen = new Set<Position>();
  const report = (name: string | undefined, position: Position | undefined, directive: string): void => {
    if (name === undefined || position === undefined || !names.has(name) || seen.has(position)) return;
    seen.add(position);
    const message = `daemon process group '${name}' has threads=0 and serves no requests; they will be answered with 503`;
    problems.push({ severity: 'warning', position, message, directive });
  };
  for (const server of config.servers) {
    for (const alias of server.settings.get(definitionSettings.scriptAliases, [])) {
      report(alias.processGroup, alias.position, 'WSGIScriptAlias');
    }
    for (const { settings } of scopesWith(server, wsgiSettings.processGroup, wsgiSettings.handlerScripts)) {
      const group = settings.find(wsgiSettings.processGroup);
      report(group, settings.origins(wsgiSettings.processGroup).at(-1), 'WSGIProcessGroup');
      for (const { position, processGroup } of settings.get(wsgiSettings.handlerScripts, noHandlers).values()) {
        report(processGroup, position, 'WSGIHandlerScript');
      }
    }
  }
}

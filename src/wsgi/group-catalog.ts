/**
 * The process groups of a whole configuration: which there are, which server defined them, and who may use them. Found
 * after resolving, as the lines of one server do not see those of others. Called by `check` and by the parent.
 */

import { ownSectionsOf, sectionsWith } from '../conf/conditional-sections.js';
import type { Config, ServerScope } from '../conf/config.js';
import { nearestName } from '../conf/edit-distance.js';
import type { Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { type DaemonProcessGroup, defaultDaemonProcessGroup } from './daemon-process-group.js';
import { definitionSettings, pythonSettings, type WsgiImportScript, wsgiSettings } from './settings.js';

/**
 * The process in which scripts run that the server itself asks: dispatch scripts and those of access and
 * authentication. mod_wsgi runs them in Apache's
 * children, http children have no Python. No line can define it and no request can choose it.
 */
export const scriptsGroup = '*scripts*';

/** Scripts that the server asks are short; while one waits for a database, others go on. */
const scriptsGroupThreads = 10;

/** What runs in it, and the directives that name them. */
export const serverScripts = [
  [wsgiSettings.dispatchScript, 'WSGIDispatchScript'],
  [wsgiSettings.accessScript, 'WSGIAccessScript'],
  [wsgiSettings.authUserScript, 'WSGIAuthUserScript'],
  [wsgiSettings.authGroupScript, 'WSGIAuthGroupScript'],
] as const;

export interface CatalogedGroup {
  readonly group: DaemonProcessGroup;
  /** The server in whose scope its line stands. */
  readonly server: ServerScope;
  /** The server's own: applications never run in it. */
  readonly isHidden?: boolean;
}

export interface GroupCatalog {
  /** By name, in the order of definition. */
  readonly groups: ReadonlyMap<string, CatalogedGroup>;
  readonly importScripts: readonly WsgiImportScript[];
  readonly problems: readonly Problem[];
}

export type Access = 'accessible' | 'unknown' | 'not accessible' | 'not matchable';

/** Whether requests of a server may go to the group: those of the main server are everybody's. */
export function groupAccess(
  catalog: Pick<GroupCatalog, 'groups'>,
  name: string,
  user: ServerScope,
  serverNameOf: (server: ServerScope) => string | undefined,
): Access {
  const found = catalog.groups.get(name);
  if (found === undefined || found.isHidden) return 'unknown';
  if (found.server.index === 0 || found.server === user) return 'accessible';
  const own = serverNameOf(user);
  const other = serverNameOf(found.server);
  if (own === other) return 'accessible';
  return own === undefined || other === undefined ? 'not matchable' : 'not accessible';
}

/** `serverNameOf` gives the host of ServerName; the setting is not this layer's. */
export function catalogGroups(config: Config, serverNameOf: (server: ServerScope) => string | undefined): GroupCatalog {
  const groups = new Map<string, CatalogedGroup>();
  const scripts = new Set<WsgiImportScript>();
  const problems: Problem[] = [];
  const seen = new Set<DaemonProcessGroup>();
  // A virtual host's list begins with the main server's, the same objects; the main server comes first.
  for (const server of config.servers) {
    for (const group of server.settings.get(definitionSettings.daemonProcesses, [])) {
      if (seen.has(group)) continue;
      seen.add(group);
      if (group.name === scriptsGroup) {
        const message = `the name '${group.name}' is the server's own: choose another`;
        problems.push(problem(group.position, 'WSGIDaemonProcess', message));
      } else if (groups.has(group.name)) {
        problems.push(
          problem(
            group.position,
            'WSGIDaemonProcess',
            `name duplicates previous WSGI daemon definition: '${group.name}'`,
          ),
        );
      } else groups.set(group.name, { group, server });
    }
  }
  for (const server of config.servers) {
    const user = { server, groups, serverNameOf, problems };
    for (const script of server.settings.get(definitionSettings.importScripts, [])) {
      if (scripts.has(script)) continue;
      scripts.add(script);
      // mod_wsgi does not start where a script to be loaded at the start has no group; others fail with the request.
      checkName(user, script.position, 'WSGIImportScript', script.processGroup, false);
    }
    checkAliases(config, user);
    checkHandlerScripts(server.settings, user);
    checkSettings(server.settings, config.main === server ? undefined : config.main.settings, user);
    for (const section of sectionsWith(server, [wsgiSettings.processGroup, wsgiSettings.handlerScripts])) {
      checkSettings(section.settings, undefined, user);
      checkHandlerScripts(section.settings, user);
    }
  }
  addHiddenGroup(config, groups);
  return { groups, importScripts: [...scripts], problems: unique(problems) };
}

/** A server whose lines name groups, with what is needed to look them up. */
interface GroupUser {
  readonly server: ServerScope;
  readonly groups: GroupCatalog['groups'];
  readonly serverNameOf: (server: ServerScope) => string | undefined;
  readonly problems: Problem[];
}

/** Where a scope has a script that the server asks, there is a process for it. */
function addHiddenGroup(config: Config, groups: Map<string, CatalogedGroup>): void {
  const scopes = config.servers.flatMap((server) => [server, ...ownSectionsOf(server)]);
  const position = scopes
    .flatMap(({ settings }) => serverScripts.map(([setting]) => settings.find(setting)?.position))
    .find((one) => one !== undefined);
  if (position === undefined) return;
  const group = {
    ...defaultDaemonProcessGroup(scriptsGroup, position),
    threads: scriptsGroupThreads,
    displayName: '(wsgi-scripts)',
    // What holds for the Python of embedded mode, in which mod_wsgi runs these scripts.
    pythonPath: config.main.settings.find(pythonSettings.pythonPath),
  };
  groups.set(scriptsGroup, { group: Object.freeze(group), server: config.main, isHidden: true });
}

function checkAliases(config: Config, user: GroupUser): void {
  const { server } = user;
  const inherited = new Set(
    server === config.main ? [] : config.main.settings.get(definitionSettings.scriptAliases, []),
  );
  for (const alias of server.settings.get(definitionSettings.scriptAliases, [])) {
    if (alias.processGroup === undefined || inherited.has(alias)) continue;
    checkName(user, alias.position, 'WSGIScriptAlias', alias.processGroup, !alias.preload);
  }
}

/** Those of the main server are looked at again for every virtual host: it is the user of the group then. */
function checkHandlerScripts(settings: Settings, user: GroupUser): void {
  for (const { position, processGroup } of settings.find(wsgiSettings.handlerScripts)?.values() ?? []) {
    if (processGroup !== undefined) checkName(user, position, 'WSGIHandlerScript', processGroup, true);
  }
}

/** `outer` leaves out what is only inherited, as it was looked at there. */
function checkSettings(settings: Settings, outer: Settings | undefined, user: GroupUser): void {
  const name = settings.find(wsgiSettings.processGroup);
  const position = settings.origins(wsgiSettings.processGroup).at(-1);
  if (name === undefined || position === undefined) return;
  if (outer?.origins(wsgiSettings.processGroup).at(-1) === position) return;
  checkName(user, position, 'WSGIProcessGroup', name, true);
}

function checkName(user: GroupUser, position: Position, directive: string, name: string, isTolerated: boolean): void {
  // Embedded mode and names that the request makes can't be looked up here.
  if (name === '' || name.startsWith('%{')) return;
  const access = groupAccess(user, name, user.server, user.serverNameOf);
  if (access === 'accessible') return;
  const message = describeInaccessible(access, name, user.groups);
  const later = isTolerated ? '; requests will be answered with 500' : '';
  user.problems.push({ ...problem(position, directive, message + later), ...(isTolerated ? { isTolerated } : {}) });
}

function describeInaccessible(
  access: Exclude<Access, 'accessible'>,
  name: string,
  groups: GroupCatalog['groups'],
): string {
  switch (access) {
    case 'unknown': {
      const nearest = nearestName(name, groups.keys());
      const cure =
        nearest === undefined ? `write 'WSGIDaemonProcess ${name} threads=15'` : `did you mean '${nearest}'?`;
      return `WSGI process group not yet configured: no WSGIDaemonProcess line defines '${name}' (${cure})`;
    }
    case 'not accessible':
      return (
        `WSGI process group not accessible: '${name}' belongs to a virtual host of another ServerName ` +
        '(move its WSGIDaemonProcess line out of the <VirtualHost>)'
      );
    case 'not matchable':
      return (
        `WSGI process group not matchable: '${name}' is defined in a virtual host, and one of both has no ServerName ` +
        '(give both the same, or move the WSGIDaemonProcess line out of the <VirtualHost>)'
      );
  }
}

function problem(position: Position, directive: string, message: string): Problem {
  return { severity: 'error', position, directive, message };
}

/** Sections of the main server are there again in every virtual host: one message is enough. */
function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ position, message }) => {
    const key = `${position.file}:${position.line}:${position.column}:${message}`;
    return seen.size < seen.add(key).size;
  });
}

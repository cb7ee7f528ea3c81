/** Scripts that run in embedded mode though nobody asked for it, and settings that would matter there only. */

import type { Config, ServerScope } from '../conf/config.js';
import { formatPosition, type Problem } from '../conf/source.js';
import { type GroupCatalog, groupAccess } from '../wsgi/group-catalog.js';
import { pythonSettings } from '../wsgi/settings.js';
import { type EmbeddedScript, findEmbeddedScripts, isEmbeddedRestricted } from './embedded-scopes.js';
import { serverNameOf } from './wsgi-handler.js';

export function checkEmbedded(config: Config, catalog: GroupCatalog): readonly Problem[] {
  const scripts = findEmbeddedScripts(config);
  if (isEmbeddedRestricted(config)) return scripts.map((script) => restrictedProblem(script, config, catalog));
  const problems = scripts.flatMap((script) => omissionProblem(script, config, catalog) ?? []);
  if (scripts.length === 0 && catalog.groups.size > 0) problems.push(...checkIdleSettings(config, catalog));
  return problems;
}

/** The mistake that mod_wsgi's users make most: a process group is defined, and no line sends the site to it. */
function omissionProblem(script: EmbeddedScript, config: Config, catalog: GroupCatalog): Problem | undefined {
  const { isAskedFor, path, position, directive, server } = script;
  const group = isAskedFor ? undefined : findCandidate(server, catalog);
  if (group === undefined) return undefined;
  const defined = formatPosition(group.position);
  const message =
    `'${path}' runs in embedded mode, inside the http children: no WSGIProcessGroup applies to it, though ` +
    `'WSGIDaemonProcess ${group.name}' (${defined}) is defined; write 'WSGIProcessGroup ${group.name}' and ` +
    `'WSGIApplicationGroup %{GLOBAL}' ${describePlace(server, config)}, or 'WSGIProcessGroup %{GLOBAL}' where embedded mode is meant`;
  return { severity: 'warning', position, message, directive };
}

function restrictedProblem(script: EmbeddedScript, config: Config, catalog: GroupCatalog): Problem {
  const { path, position, directive, server } = script;
  if (directive === 'WSGIImportScript') {
    const message = `'${path}' is not loaded: WSGIRestrictEmbedded forbids embedded mode, name a WSGIDaemonProcess group`;
    return { severity: 'warning', position, message, directive };
  }
  const name = findCandidate(server, catalog)?.name;
  const lines =
    name === undefined
      ? "'WSGIDaemonProcess NAME threads=15' and 'WSGIProcessGroup NAME'"
      : `'WSGIProcessGroup ${name}' and 'WSGIApplicationGroup %{GLOBAL}'`;
  const message =
    `'${path}' would run in embedded mode, which WSGIRestrictEmbedded forbids: requests will be answered with 500; ` +
    `write ${lines} ${describePlace(server, config)}`;
  return { severity: 'warning', position, message, directive };
}

/** A group that requests of the server may use: one of its own before one of the main server. */
function findCandidate(server: ServerScope, catalog: GroupCatalog) {
  const usable = [...catalog.groups.values()].filter(
    ({ group, isHidden }) =>
      !isHidden && group.threads > 0 && groupAccess(catalog, group.name, server, serverNameOf) === 'accessible',
  );
  return (usable.find((one) => one.server === server) ?? usable[0])?.group;
}

function describePlace(server: ServerScope, config: Config): string {
  if (server === config.main || server.position === undefined) return 'outside of any section';
  const { addresses, position } = server;
  const names = addresses.map(({ host, port }) => `${host}:${port}`).join(' ');
  return `into <VirtualHost ${names}> (${formatPosition(position)})`;
}

function checkIdleSettings({ main: { settings } }: Config, catalog: GroupCatalog): readonly Problem[] {
  const { pythonPath, switchIntervalSeconds } = pythonSettings;
  // The server's own scripts run with the sys.path of embedded mode, wherever they run.
  const hasScripts = [...catalog.groups.values()].some(({ isHidden }) => isHidden);
  const idle = [
    ...(hasScripts ? [] : [['WSGIPythonPath', 'python-path', settings.origins(pythonPath)] as const]),
    ['WSGISwitchInterval', 'switch-interval', settings.origins(switchIntervalSeconds)] as const,
  ];
  return idle.flatMap(([directive, option, origins]) => {
    const position = origins.at(-1);
    if (position === undefined) return [];
    const message = `${directive} holds for embedded mode, in which nothing runs here: use ${option} of WSGIDaemonProcess`;
    return [{ severity: 'warning', position, message, directive }];
  });
}

/** ready-url of a daemon process group as the request that its processes answer to themselves before they serve. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { toByteString } from '../base/byte-string.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { DaemonSettings } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { effectiveApplicationGroup } from '../wsgi/expansion.js';
import { definitionSettings, pythonSettings, type WsgiScriptAlias, wsgiSettings } from '../wsgi/settings.js';
import { processSettings } from './core-process-directives.js';
import { serverSettings } from './core-server-directives.js';

interface Target {
  readonly server: ServerScope;
  readonly alias: WsgiScriptAlias & { readonly kind: 'prefix' };
}

/** Undefined where the group has no ready-url, or no script alias leads from it to a script. */
export function findReadyRequest(
  config: Config,
  group: DaemonProcessGroup,
): NonNullable<DaemonSettings['ready_request']> | undefined {
  if (group.readyUrl === undefined) return undefined;
  const [path = '/', query = ''] = group.readyUrl.split('?', 2);
  const target = findTarget(config, group.name, path);
  if (target === undefined) return undefined;
  const { alias, server } = target;
  const mount = alias.urlPath.replace(/\/+$/, '');
  const { script, scriptName, pathInfo } = findScript(alias.target, mount, path.slice(mount.length));
  const name = server.settings.find(serverSettings.serverName)?.host ?? 'localhost';
  const environ = {
    REQUEST_METHOD: 'GET',
    REQUEST_URI: group.readyUrl,
    QUERY_STRING: query,
    SCRIPT_NAME: scriptName,
    PATH_INFO: pathInfo,
    SCRIPT_FILENAME: toByteString(script),
    SERVER_PROTOCOL: 'HTTP/1.1',
    REQUEST_SCHEME: 'http',
    SERVER_NAME: name,
    SERVER_PORT: '80',
    REMOTE_ADDR: '127.0.0.1',
    HTTP_HOST: name,
    HTTP_USER_AGENT: 'stillhouse ready-url',
    'mod_wsgi.script_name': scriptName,
    'mod_wsgi.path_info': pathInfo,
  };
  const callable = alias.callableObject ?? server.settings.find(wsgiSettings.callableObject) ?? 'application';
  const facts = {
    serverName: name,
    port: findPort(config, server),
    host: undefined,
    scriptName,
    caseSensitive: config.main.settings.get(pythonSettings.caseSensitivity, true),
    findVariable: (variable: string) => process.env[variable],
  };
  const application_group = effectiveApplicationGroup(server.settings, alias, facts);
  return { environ, facts: { script, callable }, application_group };
}

/** The one that clients come to: the interpreter that answers is to be the one that they get. */
function findPort(config: Config, server: ServerScope): number {
  const ports = [
    ...server.addresses.map(({ port }) => port),
    ...config.main.settings.get(processSettings.listen, []).map(({ port }) => port),
  ];
  return ports.find((port) => port !== 0) ?? 80;
}

/** The first alias that the path reaches, of those whose requests go to the group if it can be told. */
function findTarget(config: Config, group: string, path: string): Target | undefined {
  const targets: Target[] = [];
  for (const server of config.servers) {
    for (const alias of server.settings.get(definitionSettings.scriptAliases, [])) {
      if (alias.kind !== 'prefix') continue;
      const mount = alias.urlPath.replace(/\/+$/, '');
      if (path === mount || path.startsWith(`${mount}/`)) targets.push({ alias, server });
    }
  }
  return (
    targets.find(
      ({ alias, server }) => (alias.processGroup ?? server.settings.find(wsgiSettings.processGroup)) === group,
    ) ?? targets[0]
  );
}

/** Where the alias names a folder, the path goes on to a script in it. */
function findScript(
  target: string,
  mount: string,
  rest: string,
): { readonly script: string; readonly scriptName: string; readonly pathInfo: string } {
  let script = target;
  let scriptName = mount;
  const segments = rest.split('/').slice(1);
  while (segments.length > 0 && statSync(script, { throwIfNoEntry: false })?.isDirectory() === true) {
    const segment = segments.shift() as string;
    script = join(script, segment);
    scriptName += `/${segment}`;
  }
  return { script, scriptName, pathInfo: segments.length === 0 && rest === '' ? '' : `/${segments.join('/')}` };
}

/**
 * What the lines of a configuration don't show one by one: groups that nobody defined, scripts that run where nobody
 * meant them to. Asked by `check` and before every start.
 */

import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import type { Config, ServerScope } from '../conf/config.js';
import type { Position, Problem } from '../conf/source.js';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { checkAuthentication } from './auth-checks.js';
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

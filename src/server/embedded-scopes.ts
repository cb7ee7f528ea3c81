/** Which scripts of a configuration run in embedded mode, as far as its lines tell before there is a request. */

import { sectionsWith } from '../conf/conditional-sections.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { Position } from '../conf/source.js';
import {
  definitionSettings,
  pythonSettings,
  type WsgiHandlerScript,
  type WsgiScriptAlias,
  wsgiSettings,
} from '../wsgi/settings.js';
import { noHandlers, ownScriptAliases, scopesWith } from './config-scopes.js';

/** A script that runs in embedded mode whatever a request is like. */
export interface EmbeddedScript {
  readonly path: string;
  readonly directive: 'WSGIScriptAlias' | 'WSGIHandlerScript' | 'WSGIImportScript';
  readonly position: Position;
  readonly server: ServerScope;
  /** A line says so; else none says anything about its process group. */
  readonly isAskedFor: boolean;
}

/**
 * Others may come to it: where a section, a variable or a dispatch script chooses the group, and by SetHandler or
 * AddHandler, the request decides.
 */
export function findEmbeddedScripts(config: Config): readonly EmbeddedScript[] {
  const found: EmbeddedScript[] = [];
  const seen = new Set<Position>();
  const add = (script: EmbeddedScript): void => {
    if (seen.has(script.position)) return;
    seen.add(script.position);
    found.push(script);
  };
  for (const server of config.servers) {
    for (const { path, position, processGroup } of server.settings.get(definitionSettings.importScripts, [])) {
      if (processGroup !== '') continue;
      add({ path, position, server, directive: 'WSGIImportScript', isAskedFor: true });
    }
    // Where it shall run the script says when the request is there.
    const { dispatchScript, handlerScripts, processGroup } = wsgiSettings;
    if (server.settings.has(dispatchScript) || sectionsWith(server, [dispatchScript]).length > 0) continue;
    const choices = sectionsWith(server, [processGroup]);
    const hasChoice = choices.some(({ settings }) => isOther(settings.find(processGroup)));
    const scripts: readonly (WsgiScriptAlias | WsgiHandlerScript)[] = [
      // A virtual host has the main server's as well, and may have a process group for them.
      ...(server === config.main
        ? ownScriptAliases(config, server)
        : server.settings.get(definitionSettings.scriptAliases, [])),
      ...scopesWith(server, handlerScripts).flatMap(({ settings }) => [
        ...settings.get(handlerScripts, noHandlers).values(),
      ]),
    ];
    for (const script of scripts) {
      const group = script.processGroup ?? server.settings.find(processGroup);
      if (isOther(group) || (script.processGroup === undefined && hasChoice)) continue;
      add({
        path: 'target' in script ? script.target : script.path,
        position: script.position,
        server,
        directive: 'target' in script ? 'WSGIScriptAlias' : 'WSGIHandlerScript',
        isAskedFor: group !== undefined,
      });
    }
  }
  return found;
}

/** Whether the http children are to have Python from their start on. */
export function startsEmbedded(config: Config): boolean {
  return !isEmbeddedRestricted(config) && findEmbeddedScripts(config).length > 0;
}

export function isEmbeddedRestricted(config: Config): boolean {
  return config.main.settings.get(pythonSettings.restrictEmbedded, false);
}

/** It names a group, or will when the request is there. */
function isOther(group: string | undefined): boolean {
  return group !== undefined && group !== '' && group !== '%{GLOBAL}';
}

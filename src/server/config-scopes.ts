/** Walks over the parts of a configuration, for checks that look at all of them. */

import { sectionsWith } from '../conf/conditional-sections.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { SettingKey, Settings } from '../conf/settings.js';
import type { Problem } from '../conf/source.js';
import { definitionSettings, type WsgiHandlerScript, type WsgiScriptAlias } from '../wsgi/settings.js';

export const noHandlers: ReadonlyMap<string, WsgiHandlerScript> = new Map();

/** The server, and those of its sections that set one of `wanted`. */
export function scopesWith(
  server: ServerScope,
  ...wanted: readonly SettingKey[]
): readonly { readonly settings: Settings }[] {
  return [server, ...sectionsWith(server, wanted)];
}

/** Script aliases that stand in the server itself, without those that a virtual host has from the main server. */
export function ownScriptAliases(config: Config, server: ServerScope): readonly WsgiScriptAlias[] {
  const aliases = server.settings.get(definitionSettings.scriptAliases, []);
  if (server === config.main) return aliases;
  const inherited = new Set(config.main.settings.get(definitionSettings.scriptAliases, []));
  return aliases.filter((alias) => !inherited.has(alias));
}

/** Lines of the main server are met again in every virtual host: one message is enough. */
export function withoutRepetitions(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ position: { file, line, column }, message }) => {
    const key = `${file}:${line}:${column}:${message}`;
    return seen.size < seen.add(key).size;
  });
}

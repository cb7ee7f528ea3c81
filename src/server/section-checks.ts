/**
 * WSGI directives in sections that hold for no script, or whose scripts say something else in their own line: they have
 * no effect. So it goes with a group that nobody comes to, and an Authorization header that the application never sees.
 */

import { sectionsWith } from '../conf/conditional-sections.js';
import { type Config, isPathSection, type Section, type ServerScope } from '../conf/config.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import { definitionSettings, type WsgiScriptAlias, wsgiSettings } from '../wsgi/settings.js';
import { noHandlers, scopesWith } from './config-scopes.js';
import { handlerSettings } from './handler-directives.js';
import { directoryRewrite, serverRewrite } from './rewrite-directives.js';
import { type AliasedScript, matchScript, mayHold } from './script-matching.js';

/** A directive, and what a script alias may say instead of it. */
interface Choice {
  readonly directive: string;
  readonly option: string;
  readonly find: (settings: Settings) => { readonly value: Value; readonly position: Position } | undefined;
  readonly optionOf: (alias: WsgiScriptAlias) => Value | undefined;
}

type Value = string | boolean;

function choice<T extends Value>(
  directive: string,
  setting: Setting<T>,
  option: string,
  optionOf: Choice['optionOf'],
): Choice {
  return {
    directive,
    option,
    optionOf,
    find(settings) {
      const value = settings.find(setting);
      const position = settings.origins(setting).at(-1);
      return value === undefined || position === undefined ? undefined : { value, position };
    },
  };
}

const choices: readonly Choice[] = [
  choice('WSGIProcessGroup', wsgiSettings.processGroup, 'process-group', (alias) => alias.processGroup),
  choice('WSGIApplicationGroup', wsgiSettings.applicationGroup, 'application-group', (alias) => alias.applicationGroup),
  choice('WSGICallableObject', wsgiSettings.callableObject, 'callable-object', (alias) => alias.callableObject),
  choice(
    'WSGIPassAuthorization',
    wsgiSettings.passAuthorization,
    'pass-authorization',
    (alias) => alias.passAuthorization,
  ),
];

const chosenSettings = [
  wsgiSettings.processGroup,
  wsgiSettings.applicationGroup,
  wsgiSettings.callableObject,
  wsgiSettings.passAuthorization,
];

export function checkSections(
  config: Config,
  describe: (server: ServerScope, alias: WsgiScriptAlias) => AliasedScript,
): readonly Problem[] {
  // Any file may be a script then.
  if (config.servers.some(hasHandlers)) return [];
  const users = findUsers(config);
  if (users.size === 0) return [];
  const scripts = new Map(
    config.servers.map((server) => [
      server,
      server.settings.get(definitionSettings.scriptAliases, []).map((alias) => {
        const script = describe(server, alias);
        return { script, matched: matchScript(script) };
      }),
    ]),
  );
  // Nothing is mounted at all: a part of a configuration.
  if ([...scripts.values()].every(({ length }) => length === 0)) return [];
  const problems: Problem[] = [];
  for (const [section, servers] of users) {
    const aliases = servers
      .flatMap((server) => scripts.get(server) ?? [])
      .filter(({ script, matched }) => mayHold(section, script, matched))
      .map(({ script }) => script.alias);
    problems.push(...choices.flatMap((choice) => checkChoice(section, choice, aliases)));
  }
  return problems;
}

function checkChoice(section: Section, choice: Choice, aliases: readonly WsgiScriptAlias[]): readonly Problem[] {
  const { directive, option, find, optionOf } = choice;
  const said = find(section.settings);
  if (said === undefined) return [];
  // A line that says the same twice does no harm.
  const isOverruled = (alias: WsgiScriptAlias): boolean => {
    const own = optionOf(alias);
    return own !== undefined && own !== (said.value === '%{GLOBAL}' ? '' : said.value);
  };
  if (!aliases.every(isOverruled)) return [];
  const shown = `<${section.kind} ${section.argument}>`;
  const why =
    aliases.length === 0
      ? `${shown} holds for no WSGI script; name the folder or the URL-path of one, or write the line outside of the section`
      : `the WSGIScriptAlias lines of the scripts in ${shown} have ${option}=, which comes first; remove one of both`;
  const message = `${directive} has no effect: ${why}`;
  return [{ severity: 'warning', position: said.position, message, directive }];
}

/** Sections with such directives, and the servers that have them. */
function findUsers(config: Config): ReadonlyMap<Section, readonly ServerScope[]> {
  const users = new Map<Section, ServerScope[]>();
  for (const server of config.servers) {
    for (const section of sectionsWith(server, chosenSettings)) {
      if (!isPathSection(section)) continue;
      users.set(section, [...(users.get(section) ?? []), server]);
    }
  }
  return users;
}

/** Whether something other than script aliases brings requests to scripts. */
function hasHandlers(server: ServerScope): boolean {
  const { extensionHandlers, handler } = handlerSettings;
  const scopes = scopesWith(
    server,
    handler,
    extensionHandlers,
    wsgiSettings.handlerScripts,
    serverRewrite,
    directoryRewrite,
  );
  return scopes.some(({ settings }) => {
    const rules = [settings.find(serverRewrite), settings.find(directoryRewrite)].flatMap(
      (scope) => scope?.rules ?? [],
    );
    return (
      settings.find(handler) !== undefined ||
      settings.find(extensionHandlers) !== undefined ||
      settings.get(wsgiSettings.handlerScripts, noHandlers).size > 0 ||
      rules.some(({ flags }) => flags.handler !== undefined)
    );
  });
}

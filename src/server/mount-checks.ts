/**
 * Script aliases that no request reaches, as another line takes their paths first. The order is that of
 * url-translation.ts: Redirect, Alias, script aliases, each list in its own order, and the first that matches wins.
 */

import type { Config, ServerScope } from '../conf/config.js';
import { formatPosition, type Position, type Problem } from '../conf/source.js';
import { matchAlias } from '../http/alias-match.js';
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import { aliasSettings } from './alias-directives.js';
import { ownScriptAliases } from './config-scopes.js';
import { redirectSettings } from './redirect-directives.js';

/** What Redirect, Alias and WSGIScriptAlias and their Match forms have in common. */
type Mount = { readonly position: Position } & (
  | { readonly kind: 'prefix'; readonly urlPath: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly regex: RegExp }
);

export function checkMounts(config: Config): readonly Problem[] {
  return config.servers.flatMap((server) => checkServer(config, server));
}

function checkServer(config: Config, server: ServerScope): readonly Problem[] {
  const problems: Problem[] = [];
  const { settings } = server;
  const before: { readonly name: string; readonly mount: Mount }[] = [
    ...settings.get(redirectSettings.serverRedirects, []).map((mount) => ({ name: 'Redirect', mount })),
    ...settings.get(aliasSettings.aliases, []).map((mount) => ({ name: 'Alias', mount })),
  ];
  // A virtual host may well put something of its own in the place of what the main server has.
  for (const alias of ownScriptAliases(config, server)) {
    const hiding = before.find(({ mount }) => hides(mount, alias));
    if (hiding !== undefined) problems.push(describe(alias, hiding.name, hiding.mount));
    before.push({ name: 'WSGIScriptAlias', mount: alias });
  }
  return problems;
}

/** Whether `first` takes every path that `alias` could match. False where that can't be said. */
function hides(first: Mount, alias: WsgiScriptAlias): boolean {
  if (alias.kind === 'regex') {
    return (
      (first.kind === 'prefix' && /^\/+$/.test(first.urlPath)) ||
      (first.kind === 'regex' && first.pattern === alias.pattern)
    );
  }
  if (first.kind === 'prefix') return matchAlias(first.urlPath, alias.urlPath) !== undefined;
  return isOpenEnded(first.pattern) && first.regex.test(alias.urlPath);
}

/** Whether what an expression matches it also matches with more behind it. */
function isOpenEnded(pattern: string): boolean {
  const withoutRest = pattern.replace(/(?:\.\*|\(\.\*\))\$$/, '');
  // Anchors, assertions and alternatives with them, word boundaries.
  return !/\$|\(\?|\\[bBzZ]/.test(withoutRest);
}

function describe(alias: WsgiScriptAlias, name: string, first: Mount): Problem {
  const line = describeMount(name, first);
  const where = formatPosition(first.position);
  const cure =
    name === 'WSGIScriptAlias' ? 'write the longer URL-path first' : `${name} comes first wherever it stands`;
  return {
    severity: 'warning',
    position: alias.position,
    message: `${describeMount('WSGIScriptAlias', alias)} is never reached: '${line}' (${where}) takes its paths; ${cure}`,
    directive: alias.kind === 'regex' ? 'WSGIScriptAliasMatch' : 'WSGIScriptAlias',
  };
}

function describeMount(name: string, mount: Mount): string {
  return mount.kind === 'regex' ? `${name}Match ${mount.pattern}` : `${name} ${mount.urlPath}`;
}

/**
 * Names of groups and callables that depend on the request: %{SERVER} and its kin (mod_wsgi's wsgi_process_group,
 * wsgi_application_group and wsgi_callable_object). Pure; called for each request that goes to an application.
 */

import { toByteString } from '../base/byte-string.js';
import type { Settings } from '../conf/settings.js';
import { type WsgiScriptAlias, wsgiSettings } from './settings.js';

/** What a name may be made of. */
export interface ExpansionFacts {
  /** ServerName of the virtual host that serves the request. */
  readonly serverName: string;
  /** The port of the server as UseCanonicalName has it. */
  readonly port: number;
  /** The name in the Host header, without its port; undefined or empty where the client sent none. */
  readonly host: string | undefined;
  /** SCRIPT_NAME. */
  readonly scriptName: string;
  /** WSGICaseSensitivity. */
  readonly caseSensitive: boolean;
  /** A variable: of the request's notes, else of its environment, else of the server's own environment. */
  findVariable(name: string): string | undefined;
}

/** Embedded mode as a process group, the main interpreter as an application group. */
export const GLOBAL_GROUP = '';

export const DEFAULT_CALLABLE = 'application';

/**
 * The value with its token expanded. Only a value that is a token as a whole is one; anything else, and %{ENV:name}
 * without such a variable, is the name itself.
 */
export function expandGroupToken(value: string, facts: ExpansionFacts): string {
  switch (value) {
    case '%{GLOBAL}':
      return GLOBAL_GROUP;
    case '%{SERVER}':
      return withPort(facts.serverName, facts.port);
    case '%{HOST}':
      return withPort(facts.host || facts.serverName, facts.port);
    case '%{RESOURCE}':
      return `${withPort(facts.serverName, facts.port)}|${mountName(facts)}`;
  }
  const variable = variableOf(value);
  const found = variable === undefined ? undefined : facts.findVariable(variable);
  if (found === undefined) return value;
  // What a variable holds may be a token, once: another %{ENV:...} in it is a name, or two could name each other.
  return found.startsWith('%') && !found.startsWith('%{ENV:') ? expandGroupToken(found, facts) : found;
}

/** In which process group the request runs: the alias says it, else WSGIProcessGroup, else it is embedded mode. */
export function effectiveProcessGroup(
  settings: Settings,
  alias: Pick<WsgiScriptAlias, 'processGroup'> | undefined,
  facts: ExpansionFacts,
): string {
  return expandGroupToken(alias?.processGroup ?? settings.get(wsgiSettings.processGroup, '%{GLOBAL}'), facts);
}

/**
 * In which application group, as a byte string: the alias says it, else WSGIApplicationGroup, else one for the mount
 * point.
 */
export function effectiveApplicationGroup(
  settings: Settings,
  alias: Pick<WsgiScriptAlias, 'applicationGroup'> | undefined,
  facts: ExpansionFacts,
): string {
  const value = alias?.applicationGroup ?? settings.get(wsgiSettings.applicationGroup, '%{RESOURCE}');
  return expandGroupToken(toByteString(value), facts);
}

/** That of a script which the server asks (WSGIDispatchScript and its kin), a byte string: only two tokens there are such. */
export function scriptApplicationGroup(
  value: string,
  facts: Pick<ExpansionFacts, 'serverName' | 'port' | 'host'>,
): string {
  if (value === '%{SERVER}') return withPort(facts.serverName, facts.port);
  if (value === '%{HOST}') return withPort(facts.host || facts.serverName, facts.port);
  return toByteString(value);
}

/** Which global of the script: the alias says it as it is, else WSGICallableObject, which may be %{ENV:name}. */
export function effectiveCallable(
  settings: Settings,
  alias: Pick<WsgiScriptAlias, 'callableObject'> | undefined,
  facts: Pick<ExpansionFacts, 'findVariable'>,
): string {
  if (alias?.callableObject !== undefined) return alias.callableObject;
  return expandCallable(settings.get(wsgiSettings.callableObject, DEFAULT_CALLABLE), facts);
}

/** %{ENV:name} is the only token for a callable; another, or one without such a variable, stands for the default. */
export function expandCallable(value: string, facts: Pick<ExpansionFacts, 'findVariable'>): string {
  if (!value.startsWith('%')) return value;
  const variable = variableOf(value);
  return (variable === undefined ? undefined : facts.findVariable(variable)) ?? DEFAULT_CALLABLE;
}

/** Whether WSGIRestrictProcess lets the request go to the group. */
export function isProcessGroupAllowed(settings: Settings, group: string): boolean {
  return settings.find(wsgiSettings.restrictProcess)?.has(group) ?? true;
}

/** The standard ports of both schemes go without, whatever the scheme is. */
function withPort(name: string, port: number): string {
  return port === 80 || port === 443 ? name : `${name}:${port}`;
}

function mountName(facts: ExpansionFacts): string {
  const name = facts.scriptName.replace(/\/{2,}/g, '/');
  return facts.caseSensitive ? name : name.toLowerCase();
}

function variableOf(value: string): string | undefined {
  if (!value.startsWith('%')) return undefined;
  return /^%\{ENV:([\s\S]*)\}$/.exec(value)?.[1];
}

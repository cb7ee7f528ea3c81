/**
 * From a URL path to what it names, in the order of Apache's translate_name hooks: Redirect, Alias, WSGIScriptAlias,
 * DocumentRoot. Rewriting comes before and is done by the caller. Paths in, paths out.
 */

import { fromByteString } from '../base/byte-string.js';
import type { Position } from '../conf/source.js';
import { matchAlias } from '../http/alias-match.js';
import { substituteGroups } from '../http/group-substitution.js';
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import type { AliasEntry } from './alias-directives.js';
import type { CompiledServer } from './compiled-server.js';
import type { RedirectEntry } from './redirect-directives.js';

export type Translation =
  /** `root` is what the alias or DocumentRoot named: nothing outside of it is served. `position`: of the Alias line. */
  | { readonly kind: 'file'; readonly path: string; readonly root: string; readonly position: Position | undefined }
  /** `target` is the alias's own part of `path`; `rest` is what the URL added, a byte string. */
  | { readonly kind: 'script'; readonly alias: WsgiScriptAlias; readonly target: string; readonly rest: string }
  | FoundRedirect
  | { readonly kind: 'none' };

/** `url` is undefined where the status is no redirect. */
export interface FoundRedirect {
  readonly kind: 'redirect';
  readonly status: number;
  readonly url: string | undefined;
  readonly position: Position;
}

/** `uri` is decoded, a byte string. */
export function translateUrl(server: CompiledServer, uri: string): Translation {
  const redirect = findRedirect(server.redirects, uri);
  if (redirect !== undefined) return redirect;
  for (const alias of server.aliases) {
    if (alias.kind === 'prefix') {
      const match = matchAlias(alias.urlPath, uri);
      if (match === undefined) continue;
      if (alias.isClosed === true) return closed(alias);
      const path = alias.target + fromByteString(match.rest);
      return { kind: 'file', path, root: alias.target, position: alias.position };
    }
    const match = alias.regex.exec(uri);
    if (match !== null) {
      if (alias.isClosed === true) return closed(alias);
      const path = fromByteString(substituteGroups(alias.target, match));
      return { kind: 'file', path, root: path, position: alias.position };
    }
  }
  for (const alias of server.scriptAliases) {
    if (alias.kind === 'prefix') {
      const match = matchAlias(alias.urlPath, uri);
      if (match !== undefined)
        return { kind: 'script', alias, target: alias.target, rest: restOf(alias.urlPath, uri, match.rest) };
      continue;
    }
    const match = alias.regex.exec(uri);
    if (match !== null) {
      const target = fromByteString(substituteGroups(alias.target, match));
      return { kind: 'script', alias, target, rest: uri.slice(match.index + match[0].length) };
    }
  }
  if (server.documentRoot === undefined) return { kind: 'none' };
  const path = server.documentRoot + fromByteString(uri);
  return { kind: 'file', path, root: server.documentRoot, position: undefined };
}

/** The first redirect of a list whose path or expression matches. */
export function findRedirect(redirects: readonly RedirectEntry[], uri: string): FoundRedirect | undefined {
  for (const redirect of redirects) {
    if (redirect.kind === 'prefix') {
      const match = matchAlias(redirect.urlPath, uri);
      if (match === undefined) continue;
      const url = redirect.url === undefined ? undefined : redirect.url + escapePath(match.rest);
      return { kind: 'redirect', status: redirect.status, url, position: redirect.position };
    }
    const match = redirect.regex.exec(uri);
    if (match === null) continue;
    const url = redirect.url === undefined ? undefined : escapeUrl(substituteGroups(redirect.url, match));
    return { kind: 'redirect', status: redirect.status, url, position: redirect.position };
  }
  return undefined;
}

/** At a mount point of '/' the whole path follows the script; elsewhere what follows the mount point. */
function restOf(urlPath: string, uri: string, rest: string): string {
  return /^\/+$/.test(urlPath) ? uri : rest;
}

/** Percent-encodes a decoded path, so that it decodes to the same again (ap_os_escape_path). */
export function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9$\-_.+!*'(),:;@&=/~]/g, encodeByte);
}

/** The path of a URL, percent-encoded once more; of a query or fragment only what can't stand in a header. */
function escapeUrl(url: string): string {
  const end = url.search(/[?#]/);
  if (end < 0) return escapePath(url);
  return escapePath(url.slice(0, end)) + url.slice(end).replace(/[^!-~]/g, encodeByte);
}

/** What ScriptAlias names. */
function closed({ position }: AliasEntry): Translation {
  return { kind: 'redirect', status: 404, url: undefined, position };
}

function encodeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

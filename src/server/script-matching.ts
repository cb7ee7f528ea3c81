/** Which sections hold for the scripts that script aliases name, as far as that is known before a request is there. */

import type { Section, ServerScope } from '../conf/config.js';
import { matchSections } from '../conf/section-matching.js';
import type { WsgiScriptAlias } from '../wsgi/settings.js';
import type { Walk } from './path-rights.js';

/** A script alias in the server that uses it, which may have it from the main server. */
export interface AliasedScript {
  readonly server: ServerScope;
  readonly alias: WsgiScriptAlias;
  /** What the target is; 'unknown' where the request is a part of its name. */
  readonly kind: Walk['kind'] | 'unknown';
}

/** The sections that a request for the mount point itself meets. */
export function matchScript({ server, alias, kind }: AliasedScript): readonly Section[] {
  const { target } = alias;
  const folder = kind === 'directory' ? target : target.slice(0, target.lastIndexOf('/')) || '/';
  // Nothing is known of the URLs that an expression matches; no Location holds for the empty path.
  const urlPath = alias.kind === 'prefix' ? alias.urlPath : '';
  return matchSections(server, { urlPath, directory: folder, filename: target });
}

/** Whether a section could hold for some request to the script. `matched` is what `matchScript` found. */
export function mayHold(section: Section, script: AliasedScript, matched: readonly Section[]): boolean {
  if (matched.includes(section)) return true;
  const { alias } = script;
  if (section.kind === 'Location' || section.kind === 'LocationMatch') {
    if (alias.kind !== 'prefix' || section.pattern.kind !== 'prefix') return true;
    // One of both lies in the other, or they have nothing in common.
    const [location, mount] = [section.pattern.path, alias.urlPath].map((path) => path.replace(/\/+/g, '/'));
    return location === undefined || mount === undefined || location.startsWith(mount) || mount.startsWith(location);
  }
  if (script.kind === 'file') return false;
  // A folder of scripts, or what is not there yet: sections below it may hold.
  if (script.kind === 'unknown' || section.kind !== 'Directory' || section.pattern.kind !== 'prefix') return true;
  return section.pattern.path.startsWith(alias.target);
}

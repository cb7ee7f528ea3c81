/**
 * What is wrong with the scripts that a configuration names: they are not there, are folders, can't be read by those
 * who must, or requests for them are refused. The server starts all the same, as Apache does, and only their requests
 * fail. Asked by `check` and before every start.
 */

import { dirname } from 'node:path';
import type { Config, ServerScope } from '../conf/config.js';
import { nearestName } from '../conf/edit-distance.js';
import { SettingsMerger } from '../conf/section-matching.js';
import type { Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { catalogGroups, type GroupCatalog, groupAccess, scriptsGroup } from '../wsgi/group-catalog.js';
import { ScriptOwnership } from '../wsgi/script-ownership.js';
import { type WsgiHandlerScript, type WsgiScriptAlias, wsgiSettings } from '../wsgi/settings.js';
import { findDenial } from './access-checks.js';
import { noHandlers, ownScriptAliases, scopesWith, withoutRepetitions } from './config-scopes.js';
import { type AliasedScript, matchScript } from './script-matching.js';
import { findScriptOwner } from './script-owner.js';
import { type Barrier, type ScriptReaders, SystemScriptReaders } from './script-readers.js';
import { checkSections } from './section-checks.js';
import { serverNameOf } from './wsgi-handler.js';

/** A script with its line, and what becomes of its requests if something is wrong with it. */
interface Script {
  readonly path: string;
  readonly position: Position;
  readonly directive: string;
  /** Undefined where that is seen with the request. */
  readonly group: DaemonProcessGroup | undefined;
  /** The http children look at the file first. */
  readonly isMapped: boolean;
  /** Instead of the status of an answer. */
  readonly consequence?: string;
}

export function checkScripts(
  config: Config,
  readers: ScriptReaders = new SystemScriptReaders(config),
): readonly Problem[] {
  return new ScriptChecks(config, readers).run();
}

class ScriptChecks {
  readonly #config: Config;
  readonly #readers: ScriptReaders;
  readonly #catalog: GroupCatalog;
  readonly #ownership = new ScriptOwnership(() => 0);
  readonly #problems: Problem[] = [];

  constructor(config: Config, readers: ScriptReaders) {
    this.#config = config;
    this.#readers = readers;
    this.#catalog = catalogGroups(config, serverNameOf);
  }

  run(): readonly Problem[] {
    for (const server of this.#config.servers) {
      const merger = new SettingsMerger(server);
      for (const alias of ownScriptAliases(this.#config, server)) this.#checkAlias(server, merger, alias);
      for (const { settings } of scopesWith(server, wsgiSettings.handlerScripts, wsgiSettings.dispatchScript)) {
        this.#checkScope(server, settings);
      }
    }
    for (const { path, position, processGroup } of this.#catalog.importScripts) {
      const group = this.#catalog.groups.get(processGroup)?.group;
      // What the group's processes see under this path lies elsewhere.
      if (group === undefined || group.chroot !== undefined) continue;
      const consequence = 'it is not loaded';
      this.#checkFile({ path, position, directive: 'WSGIImportScript', group, isMapped: false, consequence });
    }
    this.#problems.push(...checkSections(this.#config, (server, alias) => this.#describeScript(server, alias)));
    return withoutRepetitions(this.#problems);
  }

  #describeScript(server: ServerScope, alias: WsgiScriptAlias): AliasedScript {
    // What the groups of an expression bring in is seen with the request.
    const isKnown = alias.kind === 'prefix' || !alias.target.includes('$');
    return { server, alias, kind: isKnown ? this.#readers.walk(alias.target).kind : 'unknown' };
  }

  #checkAlias(server: ServerScope, merger: SettingsMerger, alias: WsgiScriptAlias): void {
    const script = this.#describeScript(server, alias);
    if (script.kind === 'unknown') return;
    const { position, target } = alias;
    const directive = alias.kind === 'prefix' ? 'WSGIScriptAlias' : 'WSGIScriptAliasMatch';
    const settings = merger.merge(matchScript(script));
    const group = this.#findGroup(server, settings, alias.processGroup);
    if (script.kind === 'directory') this.#checkFolder(alias, directive);
    else this.#checkFile({ path: target, position, directive, group, isMapped: true });
    if (script.kind === 'file' && alias.kind === 'prefix') this.#checkSlash(alias);
    const denial = findDenial(script, settings);
    if (denial !== undefined) this.#warn(position, directive, denial);
  }

  /** Scripts that have no URL of their own. */
  #checkScope(server: ServerScope, settings: Settings): void {
    for (const handler of settings.get(wsgiSettings.handlerScripts, noHandlers).values()) {
      const { path, position } = handler;
      const group = this.#findGroup(server, settings, handler.processGroup);
      this.#checkFile({ path, position, directive: 'WSGIHandlerScript', group, isMapped: false });
    }
    const dispatch = settings.find(wsgiSettings.dispatchScript);
    if (dispatch === undefined) return;
    this.#checkFile({
      path: dispatch.path,
      position: dispatch.position,
      directive: 'WSGIDispatchScript',
      group: this.#catalog.groups.get(scriptsGroup)?.group,
      isMapped: false,
      consequence: 'it is not asked',
    });
  }

  /** The group of a script; undefined where the request decides, or where something else is wrong with it. */
  #findGroup(
    server: ServerScope,
    settings: Settings,
    option: WsgiHandlerScript['processGroup'],
  ): DaemonProcessGroup | undefined {
    if (settings.find(wsgiSettings.dispatchScript) !== undefined) return undefined;
    const name = option ?? settings.get(wsgiSettings.processGroup, '');
    if (groupAccess(this.#catalog, name, server, serverNameOf) !== 'accessible') return undefined;
    return this.#catalog.groups.get(name)?.group;
  }

  #checkFile(script: Script): void {
    const { path, group, isMapped } = script;
    const walk = this.#readers.walk(path);
    if (walk.kind === 'missing') {
      this.#fail(script, `there is no '${path}'${this.#suggest(walk.path, path)}`, isMapped ? 404 : 500);
      return;
    }
    if (walk.kind === 'directory') {
      this.#fail(script, `'${path}' is a folder: name the script in it`, 500);
      return;
    }
    const barrier = isMapped ? this.#readers.findHttpBarrier(path, 'see') : undefined;
    if (barrier !== undefined) {
      this.#fail(script, describeBarrier(path, barrier, 'the http children'), 403);
      return;
    }
    if (group === undefined) return;
    if (group.chroot !== undefined && !path.startsWith(`${group.chroot.replace(/\/+$/, '')}/`)) {
      this.#fail(
        script,
        `'${path}' lies outside of chroot=${group.chroot} of daemon process group '${group.name}'`,
        500,
      );
      return;
    }
    const closed = this.#readers.findGroupBarrier(group, path);
    if (closed !== undefined) {
      const who = group.name === scriptsGroup ? 'dispatch scripts' : `daemon process group '${group.name}'`;
      this.#fail(script, describeBarrier(path, closed, who), 500);
      return;
    }
    const owner = findScriptOwner(group);
    const objection = owner?.id === undefined ? undefined : this.#ownership.findObjection(path, owner);
    if (objection !== undefined) this.#fail(script, objection, 403);
  }

  /** An alias for a folder of scripts. */
  #checkFolder(alias: WsgiScriptAlias, directive: string): void {
    const { position, target } = alias;
    if (alias.kind !== 'prefix') return;
    if (/^\/+$/.test(alias.urlPath)) {
      const script = this.#readers.namesIn(target).find((name) => /\.wsgi$|^wsgi\.py$/.test(name));
      const example = script === undefined ? '' : `: '${target.replace(/\/+$/, '')}/${script}'`;
      const message = `'${target}' is a folder: '/' itself is answered with 403, and each script in the folder has a URL of its own; for one application write the path of its script${example}`;
      this.#warn(position, directive, message);
    } else if (alias.urlPath.endsWith('/') && !target.endsWith('/')) {
      this.#fail(
        { path: target, position, directive, group: undefined, isMapped: true },
        `'${alias.urlPath}' ends with a slash and '${target}' does not: '${alias.urlPath}NAME' becomes '${target}NAME'; write '${target}/'`,
        404,
      );
    }
  }

  #checkSlash({ position, target, urlPath }: WsgiScriptAlias & { readonly kind: 'prefix' }): void {
    if (!urlPath.endsWith('/') || /^\/+$/.test(urlPath) || target.endsWith('/')) return;
    const message = `'${urlPath}' ends with a slash and the script's path does not: mod_wsgi takes '${urlPath}x' for '${target}x'; write '${urlPath.replace(/\/+$/, '')}'`;
    this.#warn(position, 'WSGIScriptAlias', message);
  }

  /** `missing` is the first part of `path`, links carried out, that is not there. */
  #suggest(missing: string, path: string): string {
    const folder = dirname(missing);
    const name = missing.slice(missing.lastIndexOf('/') + 1);
    const nearest = nearestName(name, this.#readers.namesIn(folder));
    if (nearest !== undefined) return ` (did you mean '${folder === '/' ? '' : folder}/${nearest}'?)`;
    return path === missing ? ': correct the path' : `, '${missing}' is missing: correct the path`;
  }

  #fail(script: Script, message: string, status: number): void {
    const consequence = script.consequence ?? `requests will be answered with ${status}`;
    this.#problems.push({
      severity: 'error',
      isTolerated: true,
      position: script.position,
      message: `${message}; ${consequence}`,
      directive: script.directive,
    });
  }

  #warn(position: Position, directive: string, message: string): void {
    this.#problems.push({ severity: 'warning', position, message, directive });
  }
}

function describeBarrier(path: string, { who, step }: Barrier, what: string): string {
  const mode = (step.mode & 0o7777).toString(8).padStart(4, '0');
  const facts = `mode ${mode}, owner ${step.uid}, group ${step.gid}`;
  const where = step.needs === 'search' ? `folder '${step.path}' (${facts}) is closed to it` : facts;
  const change = step.needs === 'search' ? 'o+x' : 'o+r';
  return `'${path}' can't be read by ${who}, as whom ${what} run${what.startsWith('daemon') ? 's' : ''}: ${where}; write 'chmod ${change} ${step.path}', or let it run as another user`;
}

/** What the whole configuration says about the daemon processes beside their own WSGIDaemonProcess line. */

import type { Config } from '../conf/config.js';
import { definitionSettings, pythonSettings } from '../wsgi/settings.js';
import { defaultLogLevel, type LogLevels } from './error-log.js';

/** Scripts that the group's processes load before their first request, in the order of the configuration. */
export function findPreloads(config: Config, group: string): readonly string[] {
  const scripts = new Set<string>();
  for (const { settings } of config.servers) {
    for (const one of settings.get(definitionSettings.importScripts, [])) {
      if (one.processGroup === group) scripts.add(one.path);
    }
    for (const alias of settings.get(definitionSettings.scriptAliases, [])) {
      if (alias.preload && alias.processGroup === group) scripts.add(alias.target);
    }
  }
  return [...scripts];
}

/** What WSGIPythonOptimize, -Warnings, -HashSeed and WSGIDontWriteBytecode mean to an interpreter's command line. */
export function pythonOptions(config: Config): { options: string[]; environment: NodeJS.ProcessEnv } {
  const { settings } = config.main;
  const options: string[] = [];
  const optimize = settings.get(pythonSettings.pythonOptimize, 0);
  if (optimize > 0) options.push(`-${'O'.repeat(optimize)}`);
  for (const warning of settings.get(pythonSettings.pythonWarnings, [])) options.push('-W', warning);
  if (settings.get(pythonSettings.dontWriteBytecode, false)) options.push('-B');
  const seed = settings.find(pythonSettings.pythonHashSeed);
  const environment = seed === undefined ? process.env : { ...process.env, PYTHONHASHSEED: String(seed) };
  return { options, environment };
}

/** The level of messages about WSGI, in the words that the Python runtime knows. */
export function wsgiLogLevel(levels: LogLevels): string {
  const level = levels.modules.get('wsgi') ?? levels.default ?? defaultLogLevel;
  return level.startsWith('trace') ? 'debug' : level;
}

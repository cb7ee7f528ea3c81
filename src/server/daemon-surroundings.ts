/** What the whole configuration says about the daemon processes beside their own WSGIDaemonProcess line. */

import { statSync } from 'node:fs';
import { toByteString } from '../base/byte-string.js';
import type { Config } from '../conf/config.js';
import type { ScriptPlace } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import type { DaemonSurroundings } from '../wsgi/daemon-settings.js';
import { isFreeThreading, optionsOfGroup } from '../wsgi/interpreter-options.js';
import type { PythonInfo } from '../wsgi/python-probe.js';
import { definitionSettings, pythonSettings } from '../wsgi/settings.js';
import { processSettings } from './core-process-directives.js';
import { defaultLogLevel, type LogLevels } from './error-log.js';

/** Scripts that the group's processes load before their first request, in the order of the configuration. */
export function findPreloads(config: Config, group: string): readonly ScriptPlace[] {
  const scripts = new Map<string, ScriptPlace>();
  for (const { settings } of config.servers) {
    for (const { applicationGroup, path, processGroup } of settings.get(definitionSettings.preloadedScripts, [])) {
      if (processGroup !== group || isFolder(path)) continue;
      const place: ScriptPlace = [path, toByteString(applicationGroup)];
      scripts.set(place.join('\0'), place);
    }
  }
  return [...scripts.values()];
}

/** A script alias may name a folder of scripts: which of them are asked for is not known yet. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // the process that loads it tells what is wrong
  }
}

/**
 * What WSGIPythonOptimize, -Warnings, -HashSeed and WSGIDontWriteBytecode mean to an interpreter's command line, and
 * lang and locale to its environment: from them it derives at its start how names of files are encoded.
 */
export function pythonOptions(
  config: Config,
  group: DaemonProcessGroup,
  python: Pick<PythonInfo, 'isFreeThreaded'>,
): { options: string[]; environment: NodeJS.ProcessEnv } {
  const { settings } = config.main;
  const options: string[] = [];
  const optimize = settings.get(pythonSettings.pythonOptimize, 0);
  if (optimize > 0) options.push(`-${'O'.repeat(optimize)}`);
  for (const warning of settings.get(pythonSettings.pythonWarnings, [])) options.push('-W', warning);
  if (settings.get(pythonSettings.dontWriteBytecode, false)) options.push('-B');
  const seed = settings.find(pythonSettings.pythonHashSeed);
  const environment = {
    ...process.env,
    ...(seed === undefined ? {} : { PYTHONHASHSEED: String(seed) }),
    ...(group.lang === undefined ? {} : { LANG: group.lang }),
    ...(group.locale === undefined ? {} : { LC_ALL: group.locale }),
    // Such a Python runs without its lock unless it is told; others may not know the variable.
    ...(python.isFreeThreaded === true ? { PYTHON_GIL: isFreeThreading(settings, group.name) ? '0' : '1' } : {}),
  };
  return { options, environment };
}

/** What the directives about interpreters mean to every daemon process. */
export function interpreterSurroundings(
  config: Config,
  group: string,
): Pick<
  DaemonSurroundings,
  | 'interpreterOptions'
  | 'perInterpreterGil'
  | 'restrictSignal'
  | 'restrictStdin'
  | 'restrictStdout'
  | 'destroyInterpreter'
  | 'coreDumps'
  | 'pythonEggs'
> {
  const { settings } = config.main;
  return {
    perInterpreterGil: settings.get(pythonSettings.perInterpreterGil, false),
    interpreterOptions: optionsOfGroup(settings, group),
    restrictSignal: settings.get(pythonSettings.restrictSignal, true),
    restrictStdin: settings.get(pythonSettings.restrictStdin, false),
    restrictStdout: settings.get(pythonSettings.restrictStdout, false),
    destroyInterpreter: settings.get(pythonSettings.destroyInterpreter, true),
    coreDumps: settings.find(processSettings.coreDumpDirectory) !== undefined,
    pythonEggs: settings.find(pythonSettings.pythonEggs),
  };
}

/** The level of messages about WSGI, in the words that the Python runtime knows. */
export function wsgiLogLevel(levels: LogLevels): string {
  const level = levels.modules.get('wsgi') ?? levels.default ?? defaultLogLevel;
  return level.startsWith('trace') ? 'debug' : level;
}

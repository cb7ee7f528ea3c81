/** From a configuration to how Python runs inside an http child (embedded mode). */

import { join } from 'node:path';
import type { Config } from '../conf/config.js';
import { defaultDaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { makeDaemonSettings } from '../wsgi/daemon-settings.js';
import type { EmbeddedOptions } from '../wsgi/embedded-interpreter.js';
import { requireKoffi } from '../wsgi/libpython.js';
import { type EmbeddablePython, probeLibpython } from '../wsgi/libpython-probe.js';
import type { ProcessGroupLimits } from '../wsgi/process-group.js';
import { findInterpreter, type PythonInfo, probePython } from '../wsgi/python-probe.js';
import { pythonSettings } from '../wsgi/settings.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import { findPreloads, interpreterSurroundings, wsgiLogLevel } from './daemon-surroundings.js';
import { noLogLevels } from './error-log.js';
import { logLevels } from './log-directives.js';
import { readMpm } from './mpm.js';
import { mpmSettings } from './mpm-directives.js';

/**
 * So many are in the interpreter beyond those that run: a request thread that is done finds the next one there, and needs
 * not be woken for it.
 */
const requestsAhead = 32;
/** Requests that may wait for a request thread of this http child; beyond it they are answered 503. */
const queueRequestsLimit = 1024;

/** How many applications run at once in an http child. */
export function countEmbeddedThreads({ main: { settings } }: Config): number {
  return readMpm(settings).mpm.threadsPerChild;
}

/** What must be there for embedded mode. @throws ProcessError with the cure, and daemon mode as another */
export function probeEmbedded(
  config: Config,
  user: { readonly uid: number; readonly gid: number; readonly name: string } | undefined,
  probe: (python: string) => PythonInfo = (python) => probePython(python, user),
): EmbeddablePython {
  requireKoffi();
  return probeLibpython(probe(findInterpreter(config.main.settings.find(pythonSettings.pythonHome))), user);
}

export function embeddedLimits(config: Config): ProcessGroupLimits {
  return {
    threads: countEmbeddedThreads(config),
    openRequests: countEmbeddedThreads(config) + requestsAhead,
    connectTimeoutMs: config.main.settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds) * 1000,
    queueTimeoutMs: 0,
    queueRequestsLimit,
    responseBufferBytes: 0,
    responseTimeoutSeconds: 0,
  };
}

/** `folder`: of this http child alone, for its socket and scoreboard. */
export function planEmbedded(config: Config, python: EmbeddablePython, folder: string): EmbeddedOptions {
  const { settings } = config.main;
  const { mpm } = readMpm(settings);
  // The options that mod_wsgi's daemon processes have and its embedded mode has not stay off.
  const group = {
    ...defaultDaemonProcessGroup('', { file: '', line: 1, column: 1 }),
    threads: mpm.threadsPerChild,
    processes: mpm.childrenLimit,
    // wsgi.multiprocess: False only where there will never be two of them.
    processesGiven: mpm.childrenLimit !== 1,
    pythonPath: settings.find(pythonSettings.pythonPath),
    switchIntervalSeconds: settings.find(pythonSettings.switchIntervalSeconds),
    stackSizeBytes: settings.find(mpmSettings.threadStackSizeBytes),
    serverMetrics: settings.get(pythonSettings.serverMetrics, false),
  };
  return {
    python,
    variables: interpreterVariables(config),
    warnings: settings.get(pythonSettings.pythonWarnings, []),
    settings: makeDaemonSettings(group, {
      ...interpreterSurroundings(config, ''),
      httpUid: process.getuid?.() ?? 0,
      httpGid: undefined,
      user: null,
      socketUid: undefined,
      socket: join(folder, 'sock'),
      scoreboard: embeddedScoreboard(folder),
      timeoutSeconds: settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds),
      preload: findPreloads(config, ''),
      knownScripts: [],
      readyRequest: undefined,
      httpChildren: mpm.childrenLimit,
      mpmName: mpm.name,
      logLevel: wsgiLogLevel(settings.get(logLevels, noLogLevels)),
      generation: 1,
      random: () => 0,
    }),
  };
}

export function embeddedScoreboard(folder: string): string {
  return join(folder, 'scoreboard');
}

/** What would be options of an interpreter that is a program of its own. */
function interpreterVariables({ main: { settings } }: Config): Record<string, string> {
  const variables: Record<string, string> = {};
  const optimize = settings.get(pythonSettings.pythonOptimize, 0);
  if (optimize > 0) variables.PYTHONOPTIMIZE = String(optimize);
  if (settings.get(pythonSettings.dontWriteBytecode, false)) variables.PYTHONDONTWRITEBYTECODE = '1';
  const seed = settings.find(pythonSettings.pythonHashSeed);
  if (seed !== undefined) variables.PYTHONHASHSEED = String(seed);
  return variables;
}

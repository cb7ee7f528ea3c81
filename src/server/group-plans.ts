/** The daemon process groups of a configuration, with what can be found out about them before a process is started. */

import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { ProcessError } from '../base/errors.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { SpawnFacts } from '../wsgi/daemon-group.js';
import type { DaemonSpawn } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { makeDaemonSettings } from '../wsgi/daemon-settings.js';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { findInterpreter, type PythonInfo, probePython } from '../wsgi/python-probe.js';
import { pythonSettings } from '../wsgi/settings.js';
import type { Account } from './accounts.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import { findPreloads, interpreterSurroundings, pythonOptions, wsgiLogLevel } from './daemon-surroundings.js';
import { noLogLevels } from './error-log.js';
import { findDaemonUser, findSocketUid } from './identity.js';
import { logLevels } from './log-directives.js';
import { readMpm } from './mpm.js';
import { findReadyRequest } from './ready-request.js';
import { serverNameOf } from './wsgi-handler.js';

/** One daemon process group with the server that defined it. */
export interface GroupPlan {
  readonly definition: DaemonProcessGroup;
  readonly config: Config;
  readonly scope: ServerScope;
  readonly python: PythonInfo;
  /** The http children's account; undefined where nobody changes identity. */
  readonly account: Account | undefined;
  readonly daemonUser: ReturnType<typeof findDaemonUser>;
  readonly socketUid: number | undefined;
}

/** What probing found, by interpreter and user: kept over reloads, since the parent waits for each probe. */
export type PythonProbes = Map<string, PythonInfo>;

/** @throws ProcessError where a user does not exist or an interpreter does not fit */
export function planGroups(config: Config, account: Account | undefined, probes: PythonProbes): readonly GroupPlan[] {
  const home = config.main.settings.find(pythonSettings.pythonHome);
  const plans: GroupPlan[] = [];
  for (const { group: definition, server: scope } of catalogGroups(config, serverNameOf).groups.values()) {
    const daemonUser = findDaemonUser(definition, account);
    const socketUid = findSocketUid(definition, account);
    const python = probe(definition, findInterpreter(definition.pythonHome ?? home), daemonUser, probes);
    plans.push({ definition, config, scope, python, account, daemonUser, socketUid });
  }
  return plans;
}

function probe(
  definition: DaemonProcessGroup,
  interpreter: string,
  user: GroupPlan['daemonUser'],
  probes: PythonProbes,
): PythonInfo {
  const key = `${interpreter}\0${user?.uid}:${user?.gid}`;
  const known = probes.get(key);
  if (known !== undefined && (!isAbsolute(interpreter) || existsSync(interpreter))) return known;
  try {
    const python = probePython(interpreter, user ?? undefined);
    probes.set(key, python);
    return python;
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    throw new ProcessError(`daemon process group '${definition.name}': ${error.message}`, {}, { cause: error });
  }
}

/** How to start a process of the group. */
export function planSpawn(
  plan: GroupPlan,
  facts: SpawnFacts,
  files: { readonly socket: string; readonly scoreboard: string },
  errorLog: number,
  random: () => number = Math.random,
): DaemonSpawn {
  const { config, definition } = plan;
  const { settings } = plan.scope;
  const { options, environment } = pythonOptions(config, definition, plan.python);
  const { mpm } = readMpm(config.main.settings);
  return {
    python: plan.python.executable,
    pythonOptions: options,
    environment,
    errorLog,
    settings: makeDaemonSettings(definition, {
      ...files,
      ...interpreterSurroundings(config, definition.name),
      httpUid: plan.account?.uid ?? process.getuid?.() ?? 0,
      httpGid: plan.account?.gid,
      user: plan.daemonUser,
      socketUid: plan.socketUid,
      timeoutSeconds: settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds),
      preload: findPreloads(config, definition.name),
      knownScripts: facts.knownScripts,
      readyRequest: findReadyRequest(config, definition),
      httpChildren: mpm.name === 'prefork' ? mpm.childrenLimit : mpm.startServers,
      mpmName: mpm.name,
      logLevel: wsgiLogLevel(settings.get(logLevels, noLogLevels)),
      generation: facts.generation,
      random,
    }),
  };
}

/** Two plans of the same signature are of groups whose processes need not be replaced. */
export function signatureOf(plan: GroupPlan): string {
  const facts: SpawnFacts = { id: 0, generation: 0, knownScripts: [] };
  const spawn = planSpawn(plan, facts, { socket: '', scoreboard: '' }, 0, () => 0);
  const { maximumRequestsJitter, restartJitterSeconds } = plan.definition;
  return JSON.stringify([spawn, maximumRequestsJitter, restartJitterSeconds]);
}

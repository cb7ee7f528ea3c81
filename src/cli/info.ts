/** `stillhouse info`: what `httpd -V` and `mod_wsgi-express` tell about an installation. */

import { availableParallelism } from 'node:os';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { Settings } from '../conf/settings.js';
import { countEmbeddedThreads } from '../server/embedded-plan.js';
import { findEmbeddedScripts, isEmbeddedRestricted } from '../server/embedded-scopes.js';
import { type Mpm, readMpm } from '../server/mpm.js';
import { defaultRuntimeBase } from '../server/runtime-folder.js';
import { serverVersion } from '../server/server-version.js';
import { requireKoffi } from '../wsgi/libpython.js';
import { probeLibpython } from '../wsgi/libpython-probe.js';
import { findInterpreter, type PythonInfo, probePython } from '../wsgi/python-probe.js';
import { definitionSettings, pythonSettings } from '../wsgi/settings.js';
import { type ConfigFlags, loadFromFlags } from './config-flags.js';
import { hasErrors, printProblems } from './problems.js';

export type InfoFlags = Partial<ConfigFlags>;

/** @returns the exit status */
export function info(flags: InfoFlags): number {
  const loaded = flags.config === undefined ? undefined : loadFromFlags({ ...flags, config: flags.config });
  if (loaded !== undefined && hasErrors(loaded.allProblems)) {
    printProblems(loaded.allProblems, ['error']);
    return 1;
  }
  const settings = loaded?.config.main.settings;
  const { mpm } = readMpm(settings ?? Settings.empty);
  print('Server version', `${serverVersion} (Unix)`);
  print('Compatibility', 'mod_wsgi/6.0.5, Apache/2.4 configuration');
  print('Node.js', process.version);
  print('Architecture', `${process.platform} ${process.arch}, ${availableParallelism()} processors`);
  print('Python', describePython(settings?.find(pythonSettings.pythonHome)));
  printMpm(mpm);
  print('Embedded mode', describeEmbedded(loaded?.config));
  print('Application groups', 'sub-interpreters');
  print('Runtime folder', defaultRuntimeBase());
  for (const server of loaded?.config.servers ?? []) {
    if (server.index !== 0) continue;
    for (const group of server.settings.get(definitionSettings.daemonProcesses, [])) {
      print('Process group', `${group.name}: ${group.processes} processes x ${group.threads} threads`);
    }
  }
  return 0;
}

/** The first three lines are those of `httpd -V`. */
function printMpm(mpm: Mpm): void {
  console.log(`Server MPM:     ${mpm.name}`);
  console.log(`  threaded:     ${mpm.name === 'prefork' ? 'no' : 'yes (fixed thread count)'}`);
  console.log('    forked:     yes (variable process count)');
  print('Http children', describeChildren(mpm));
}

function describeChildren(mpm: Mpm): string {
  const start = `${mpm.startServers} at the start`;
  const life =
    mpm.maxConnectionsPerChild === 0 ? '' : `, each replaced after ${mpm.maxConnectionsPerChild} connections`;
  if (mpm.name === 'prefork') {
    return `${start}, ${mpm.minSpareThreads} to ${mpm.maxSpareThreads} idle, at most ${mpm.childrenLimit}${life}`;
  }
  return `${start}, at most ${mpm.childrenLimit} with ${mpm.threadsPerChild} threads for embedded mode${life}`;
}

/** Whether it can be had, and whether the configuration uses it. */
function describeEmbedded(config: Config | undefined): string {
  let library: string;
  try {
    requireKoffi();
    const home = config?.main.settings.find(pythonSettings.pythonHome);
    ({ library } = probeLibpython(probePython(findInterpreter(home), undefined), undefined));
  } catch (error) {
    if (error instanceof ProcessError) return `not available: ${error.message}`;
    throw error;
  }
  if (config === undefined) return `available (${library})`;
  if (isEmbeddedRestricted(config)) return 'off (WSGIRestrictEmbedded)';
  const scripts = findEmbeddedScripts(config).map(({ path }) => path);
  if (scripts.length === 0) return `available (${library}), used by no script of this configuration`;
  return `${countEmbeddedThreads(config)} request threads in each http child (${library}): ${scripts.join(', ')}`;
}

function describePython(home: string | undefined): string {
  try {
    const python: PythonInfo = probePython(findInterpreter(home), undefined);
    return `${python.version.join('.')} (${python.executable})`;
  } catch (error) {
    if (error instanceof ProcessError) return error.message;
    throw error;
  }
}

function print(name: string, value: string): void {
  console.log(`${`${name}:`.padEnd(20)} ${value}`);
}

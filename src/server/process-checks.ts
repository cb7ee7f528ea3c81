/**
 * Whether the processes of a configuration could be started: their users are there, and the Python of each group fits.
 * Asked by `check` only, as each interpreter is run for it; a start finds out by itself, and fails with the same words.
 */

import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import type { Setting, Settings } from '../conf/settings.js';
import type { Position, Problem } from '../conf/source.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { type CatalogedGroup, catalogGroups } from '../wsgi/group-catalog.js';
import { interpreterOptions, isFreeThreading, optionsOfGroup } from '../wsgi/interpreter-options.js';
import { findInterpreter, type PythonInfo, probePython } from '../wsgi/python-probe.js';
import { pythonSettings } from '../wsgi/settings.js';
import type { Account } from './accounts.js';
import { withoutRepetitions } from './config-scopes.js';
import { processSettings } from './core-process-directives.js';
import { probeEmbedded } from './embedded-plan.js';
import { findEmbeddedScripts, isEmbeddedRestricted } from './embedded-scopes.js';
import { findDaemonUser, findHttpAccount, findSocketUid } from './identity.js';
import { serverNameOf } from './wsgi-handler.js';

type Probe = (python: string, user: { uid: number; gid: number; name: string } | undefined) => PythonInfo;

/** `file` is the configuration's first: what no line says is reported there. */
export function checkProcesses(config: Config, file: string, probe: Probe = probePython): readonly Problem[] {
  const problems: Problem[] = [];
  const { settings } = config.main;
  let http: Account | undefined;
  try {
    http = findHttpAccount(settings, false);
  } catch (error) {
    const position = settings.origins(processSettings.user).at(-1) ?? { file, line: 1, column: 1 };
    problems.push(problemOf(error, position, 'User'));
  }
  const probes = new Map<string, PythonInfo | ProcessError>();
  for (const cataloged of catalogGroups(config, serverNameOf).groups.values()) {
    problems.push(...checkGroup(config, cataloged, http, memoized(probe, probes)));
  }
  problems.push(...checkEmbedded(config, http, memoized(probe, probes)));
  return withoutRepetitions(problems);
}

/** Whether the http children can have a Python inside, where scripts run in embedded mode. */
function checkEmbedded(config: Config, http: Account | undefined, probe: Probe): readonly Problem[] {
  const script = findEmbeddedScripts(config)[0];
  if (script === undefined || isEmbeddedRestricted(config)) return [];
  try {
    probeEmbedded(config, http, (python) => probe(python, http));
    return [];
  } catch (error) {
    return [problemOf(error, script.position, script.directive)];
  }
}

function checkGroup(
  config: Config,
  { group, isHidden }: CatalogedGroup,
  http: Account | undefined,
  probe: Probe,
): readonly Problem[] {
  const directive = isHidden ? 'WSGIDispatchScript' : 'WSGIDaemonProcess';
  let user: ReturnType<typeof findDaemonUser>;
  try {
    user = findDaemonUser(group, http);
    findSocketUid(group, http);
  } catch (error) {
    return [problemOf(error, group.position, directive)];
  }
  const { settings } = config.main;
  const common = settings.find(pythonSettings.pythonHome);
  const home = group.pythonHome ?? common;
  // The line that names the interpreter; all groups without python-home share the message about WSGIPythonHome.
  const commonPosition = settings.origins(pythonSettings.pythonHome).at(-1);
  const [position, owner, what] =
    group.pythonHome === undefined && commonPosition !== undefined
      ? ([commonPosition, 'WSGIPythonHome', 'WSGIPythonHome'] as const)
      : ([group.position, directive, `daemon process group '${group.name}'`] as const);
  const unfit = home === undefined ? undefined : describeUnfitHome(home);
  if (unfit !== undefined) {
    return [{ severity: 'error', position, message: `${what}: ${unfit}`, directive: owner }];
  }
  try {
    const python = probe(findInterpreter(home), user ?? undefined);
    const packages = checkPackages(group, home, python.version).map(
      (message): Problem => ({ severity: 'warning', position, message: `${what}: ${message}`, directive: owner }),
    );
    return [...packages, ...checkLocks(config.main.settings, group, python)];
  } catch (error) {
    const { message, ...rest } = problemOf(error, position, owner);
    return [{ ...rest, message: `${what}: ${message}` }];
  }
}

/** What is asked of Python's lock that this Python can't do. */
function checkLocks(settings: Settings, { name }: DaemonProcessGroup, python: PythonInfo): readonly Problem[] {
  const shown = `daemon process group '${name}' has Python ${python.version.join('.')}`;
  const problems: Problem[] = [];
  const [major, minor] = python.version;
  const ownLocks =
    settings.get(pythonSettings.perInterpreterGil, false) ||
    optionsOfGroup(settings, name).some(({ per_interpreter_gil: own }) => own === true);
  if (ownLocks && (major < 3 || (major === 3 && minor < 12))) {
    const message = `has no effect: ${shown}, and interpreters have locks of their own from 3.12 on`;
    problems.push({ severity: 'warning', ...originOf(settings, pythonSettings.perInterpreterGil), message });
  }
  if (isFreeThreading(settings, name) && python.isFreeThreaded !== true) {
    const message = `has no effect: ${shown}, which was not built to run without its lock`;
    problems.push({ severity: 'warning', ...originOf(settings, pythonSettings.freeThreading), message });
  }
  return problems;
}

function originOf(settings: Settings, setting: Setting<boolean>): Pick<Problem, 'position' | 'directive'> {
  const own = settings.origins(setting).at(-1);
  const directive = setting === pythonSettings.freeThreading ? 'WSGIFreeThreading' : 'WSGIPerInterpreterGIL';
  if (own !== undefined) return { position: own, directive };
  const position = settings.origins(interpreterOptions).at(-1) ?? { file: '', line: 1, column: 1 };
  return { position, directive: 'WSGIInterpreterOptions' };
}

/** What is wrong with a python-home that has no interpreter, with what is probably meant. */
function describeUnfitHome(home: string): string | undefined {
  const status = findStatus(home);
  if (status === 'closed') return undefined; // running it tells
  const program = join(home, 'bin', 'python');
  if (status === undefined) return `there is no folder '${home}': python-home is the folder of a virtual environment`;
  if (!status.isDirectory()) {
    return `'${home}' is no folder: python-home is the folder of the virtual environment, '${dirname(dirname(home))}', not its program`;
  }
  if (existsSync(program) || existsSync(`${program}3`)) return undefined;
  const link = lstatSync(program, { throwIfNoEntry: false });
  if (link?.isSymbolicLink()) {
    return `'${program}' is a link to a Python that is gone: make the virtual environment anew`;
  }
  const around = [dirname(home), join(home, 'venv'), join(home, '.venv'), join(home, 'env')];
  const meant = around.find((folder) => existsSync(join(folder, 'pyvenv.cfg')));
  const cure = meant === undefined ? `make it with 'python3 -m venv ${home}'` : `did you mean '${meant}'?`;
  return `'${home}' is no virtual environment, there is no '${program}' (${cure})`;
}

function findStatus(path: string): Stats | 'closed' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return 'closed';
  }
}

/** Folders of packages that were made for another version than that of the interpreter, which will not find them. */
function checkPackages(
  group: DaemonProcessGroup,
  home: string | undefined,
  [major, minor]: PythonInfo['version'],
): readonly string[] {
  const running = `${major}.${minor}`;
  const messages: string[] = [];
  const made = home === undefined ? undefined : findVenvVersion(home);
  if (made !== undefined && made !== running) {
    messages.push(
      `the virtual environment '${home}' was made for Python ${made}, and its interpreter is Python ${running} by now: its packages won't be found; make it anew`,
    );
  }
  for (const folder of group.pythonPath ?? []) {
    const version = /\/python(\d+\.\d+)(?:\/|$)/.exec(folder)?.[1];
    if (version === undefined || version === running) continue;
    messages.push(
      `python-path names packages for Python ${version}, '${folder}', and the interpreter is Python ${running}: name the virtual environment with python-home`,
    );
  }
  return messages;
}

/** The only version for which a virtual environment has packages; undefined where it is not one, or has several. */
function findVenvVersion(home: string): string | undefined {
  let names: readonly Dirent[];
  try {
    readFileSync(join(home, 'pyvenv.cfg'));
    names = readdirSync(join(home, 'lib'), { withFileTypes: true });
  } catch {
    return undefined; // an installation, or closed to us
  }
  const versions = names.map(({ name }) => /^python(\d+\.\d+)$/.exec(name)?.[1]).filter((one) => one !== undefined);
  return versions.length === 1 ? versions[0] : undefined;
}

/** Runs each interpreter once for each user. */
function memoized(probe: Probe, known: Map<string, PythonInfo | ProcessError>): Probe {
  return (python, user) => {
    const key = `${python}\0${user?.uid}:${user?.gid}`;
    let found = known.get(key);
    if (found === undefined) {
      try {
        found = probe(python, user);
      } catch (error) {
        if (!(error instanceof ProcessError)) throw error;
        found = error;
      }
      known.set(key, found);
    }
    if (found instanceof ProcessError) throw found;
    return found;
  };
}

/** @throws whatever is no ProcessError */
function problemOf(error: unknown, position: Position, directive: string): Problem {
  if (!(error instanceof ProcessError)) throw error;
  return { severity: 'error', position, message: error.message, directive };
}

/**
 * The parent process: binds the ports, opens the logs, starts the daemon processes and the http children, replaces the
 * ones that die, and stops all of it in reverse order. It keeps root if it was started as root and never reads a byte
 * that came from a client.
 */

import { lookup } from 'node:dns/promises';
import { rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.js';
import { ProcessError } from '../base/errors.js';
import type { Config, ServerScope } from '../conf/config.js';
import { DaemonGroup } from '../wsgi/daemon-group.js';
import type { DaemonSpawn } from '../wsgi/daemon-handle.js';
import type { DaemonProcessGroup } from '../wsgi/daemon-process-group.js';
import { findIneffectiveOptions, makeDaemonSettings } from '../wsgi/daemon-settings.js';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { findInterpreter, type PythonInfo, probePython } from '../wsgi/python-probe.js';
import { pythonSettings } from '../wsgi/settings.js';
import type { Account } from './accounts.js';
import type { ConfigSnapshot } from './config-source.js';
import { ControlSocket } from './control-socket.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import { processSettings } from './core-process-directives.js';
import { findPreloads, pythonOptions, wsgiLogLevel } from './daemon-surroundings.js';
import { ErrorLog, type LogLevelName, noLogLevels } from './error-log.js';
import type { HttpChildBoot } from './http-child-handle.js';
import { HttpChildren } from './http-children.js';
import { findDaemonUser, findHttpAccount } from './identity.js';
import { ListeningSocket } from './listening-sockets.js';
import { errorLogPath, logLevels } from './log-directives.js';
import { LogFile } from './log-file.js';
import { mpmSettings } from './mpm-directives.js';
import { OpenLogs } from './open-logs.js';
import { controlSocketName, defaultRuntimeBase, RuntimeFolder } from './runtime-folder.js';
import { serverVersion } from './server-version.js';
import { describeDefaultApplicationGroup } from './start-checks.js';
import { serverNameOf } from './wsgi-handler.js';

export interface ParentOptions {
  readonly config: Config;
  readonly snapshot: ConfigSnapshot;
  /** Without a User line a server started as root stays root (`serve` of an application that only root can read). */
  readonly mayStayRoot: boolean;
}

/** One daemon process group with the server that defined it. */
interface GroupPlan {
  readonly definition: DaemonProcessGroup;
  readonly scope: ServerScope;
  readonly python: PythonInfo;
  readonly user: Account | undefined;
  readonly daemonUser: ReturnType<typeof findDaemonUser>;
}

/** What a running server looks like, for the message at start. */
export interface ServerTree {
  readonly addresses: readonly { readonly host: string | undefined; readonly port: number }[];
  readonly httpChildren: readonly number[];
  readonly groups: readonly {
    readonly name: string;
    readonly displayName: string | undefined;
    readonly threads: number;
    readonly processes: readonly { readonly pid: number; readonly scoreboard: string }[];
    readonly user: string | undefined;
    readonly python: PythonInfo;
  }[];
  readonly pid: number;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** The configuration's first file. */
  readonly config: string;
  readonly user: string | undefined;
  /** Every log file; errors of a server without one go to standard error. */
  readonly logs: readonly string[];
}

export class Parent {
  readonly #config: Config;
  readonly #snapshot: ConfigSnapshot;
  readonly #clock: Clock = systemClock;
  readonly #cleanup = new DisposableList();
  readonly #log: ErrorLog;
  readonly #logFile: LogFile;
  readonly #logs: OpenLogs;
  readonly #account: Account | undefined;
  readonly #plans: readonly GroupPlan[];
  readonly #sockets: readonly ListeningSocket[];
  readonly #runtime: RuntimeFolder;
  #hostAddresses: Readonly<Record<string, readonly string[]>> = {};
  #groups: readonly DaemonGroup[] = [];
  #children: HttpChildren | undefined;
  #nextDaemonId = 1;
  readonly #startedAtMs: number;
  #isStarted = false;
  #startFailure: string | undefined;
  #stopping: Promise<void> | undefined;
  #markStopped: () => void = () => {};
  readonly #stopped = new Promise<void>((resolve) => {
    this.#markStopped = resolve;
  });

  /** Prepares everything that can fail without a child. @throws StillhouseError; nothing is left behind then */
  constructor(options: ParentOptions) {
    const { config } = options;
    const { settings } = config.main;
    this.#config = config;
    this.#snapshot = options.snapshot;
    this.#startedAtMs = this.#clock.nowMs();
    try {
      this.#account = findHttpAccount(settings, options.mayStayRoot);
      this.#plans = this.#planGroups();
      this.#sockets = this.#bind();
      this.#logs = this.#cleanup.use(new OpenLogs(config));
      this.#logFile = new LogFile(this.#logs.errorLog);
      this.#log = new ErrorLog(this.#logFile, settings.get(logLevels, noLogLevels), this.#clock);
      this.#runtime = RuntimeFolder.create(runtimeBase(config));
      this.#cleanup.defer(() => this.#runtime.remove());
      this.#writePidFile(settings.find(processSettings.pidFile));
    } catch (error) {
      this.#cleanup.dispose();
      throw error;
    }
  }

  /**
   * Starts the processes; resolves when all serve.
   * @returns false where it was told to stop meanwhile, and has
   * @throws ProcessError where one can't run as configured; everything is stopped then
   */
  async start(): Promise<boolean> {
    this.#hostAddresses = await resolveHostNames(this.#config);
    if (await this.#hasStopped()) return false;
    this.#reportIneffective();
    const defaultGroup = describeDefaultApplicationGroup(this.#config);
    if (defaultGroup !== undefined) this.#report('notice', defaultGroup);
    this.#children = new HttpChildren({
      count: this.#config.main.settings.get(mpmSettings.startServers, defaultHttpChildren()),
      clock: this.#clock,
      bootFor: (connectionNumber) => this.#bootHttpChild(connectionNumber),
      report: (level, message) => this.#report(level, message),
      onCannotStart: (reason) => this.#cannotStart(reason),
    });
    const children = this.#children;
    this.#groups = this.#plans.map((plan) => this.#createGroup(plan, children));
    await Promise.all([...this.#groups.map((group) => group.start()), children.start()]);
    if (this.#startFailure !== undefined) {
      await this.stop();
      throw new ProcessError(this.#startFailure);
    }
    if (await this.#hasStopped()) return false;
    this.#isStarted = true;
    await this.#openControlSocket();
    if (await this.#hasStopped()) return false;
    this.#report('notice', `${serverVersion} configured -- resuming normal operations`);
    return true;
  }

  /** Resolves when everything has stopped, by whatever cause. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  get tree(): ServerTree {
    return {
      addresses: this.#sockets.map((socket) => socket.address),
      httpChildren: this.#children?.pids ?? [],
      groups: this.#groups.map((group, index) => {
        const plan = this.#plans[index];
        if (plan === undefined) throw new ProcessError('group without a plan');
        const { name, displayName, threads } = group.definition;
        const processes = group.processes.map(({ pid, scoreboard }) => ({ pid, scoreboard }));
        return { name, displayName, threads, processes, user: plan.daemonUser?.name, python: plan.python };
      }),
      pid: process.pid,
      version: serverVersion,
      startedAt: this.#startedAtMs / 1000,
      config: this.#snapshot.file,
      user: this.#account?.name,
      logs: [...this.#logs.descriptors.keys()],
    };
  }

  /** Stops everything; resolves when nothing is left, which is bounded by the children's stop limits. */
  stop(cause = 'stop'): Promise<void> {
    this.#stopping ??= this.#stop(cause);
    return this.#stopping;
  }

  /** No more waiting: ends every child at once. `stop` then resolves soon. */
  killNow(): void {
    for (const group of this.#groups) group.killNow();
    this.#children?.killNow();
  }

  /** Whether it was told to stop while it starts; then waits until it has. */
  async #hasStopped(): Promise<boolean> {
    await this.#stopping;
    return this.#stopping !== undefined;
  }

  async #stop(cause: string): Promise<void> {
    if (this.#isStarted) this.#report('notice', `caught ${cause}, shutting down`);
    // Together: the http children finish what the daemon processes still answer.
    await Promise.all([this.#children?.stop(), ...this.#groups.map((group) => group.stop())]);
    await this.#logFile.flush();
    this.#cleanup.dispose();
    this.#markStopped();
  }

  async #openControlSocket(): Promise<void> {
    const control = new ControlSocket({
      ps: () => this.tree,
      stop: () => {
        void this.stop('the stop command');
        return { stopping: true };
      },
    });
    try {
      await control.listen(this.#runtime.file(controlSocketName));
      if (this.#stopping === undefined) this.#cleanup.use(control);
      else control[Symbol.dispose]();
    } catch (error) {
      this.#report('warn', `no control socket, ps and stop will not find this server: ${String(error)}`);
    }
  }

  #report(level: LogLevelName, message: string): void {
    this.#log.log(level, 'core', message);
  }

  #cannotStart(reason: string): void {
    if (!this.#isStarted) this.#startFailure ??= reason;
  }

  #bind(): readonly ListeningSocket[] {
    const addresses = this.#config.main.settings.get(processSettings.listen, []);
    if (addresses.length === 0) {
      throw new ProcessError(
        'no listening sockets available: the configuration has no Listen line; write for example Listen 8000',
      );
    }
    return addresses.map(({ host, port }) => this.#cleanup.use(new ListeningSocket(host, port)));
  }

  #planGroups(): readonly GroupPlan[] {
    const plans: GroupPlan[] = [];
    const probed = new Map<string, PythonInfo>();
    const home = this.#config.main.settings.find(pythonSettings.pythonHome);
    for (const { group: definition, server: scope } of catalogGroups(this.#config, serverNameOf).groups.values()) {
      const daemonUser = findDaemonUser(definition, this.#account);
      const interpreter = findInterpreter(definition.pythonHome ?? home);
      const key = `${interpreter}\0${daemonUser?.uid}:${daemonUser?.gid}`;
      let python = probed.get(key);
      if (python === undefined) {
        try {
          python = probePython(interpreter, daemonUser ?? undefined);
        } catch (error) {
          if (!(error instanceof ProcessError)) throw error;
          throw new ProcessError(`daemon process group '${definition.name}': ${error.message}`, {}, { cause: error });
        }
        probed.set(key, python);
      }
      plans.push({ definition, scope, python, user: this.#account, daemonUser });
    }
    return plans;
  }

  #createGroup(plan: GroupPlan, children: HttpChildren): DaemonGroup {
    const { definition } = plan;
    return new DaemonGroup({
      definition,
      clock: this.#clock,
      nextId: () => this.#nextDaemonId++,
      spawnFor: (id) => this.#spawnDaemon(plan, id),
      report: (level, message) => this.#log.log(level === 'alert' ? 'alert' : level, 'wsgi', message),
      onProcesses: (processes) => children.setProcesses(definition.name, processes),
      onCannotStart: (reason) => this.#cannotStart(`daemon process group '${definition.name}': ${reason}`),
    });
  }

  #spawnDaemon(plan: GroupPlan, id: number): DaemonSpawn {
    const { settings } = plan.scope;
    const main = this.#config.main.settings;
    const { options, environment } = pythonOptions(this.#config);
    return {
      python: plan.python.executable,
      pythonOptions: options,
      environment,
      errorLog: this.#logs.errorLogAt(settings.find(errorLogPath)),
      settings: makeDaemonSettings(plan.definition, {
        httpUid: this.#account?.uid ?? process.getuid?.() ?? 0,
        user: plan.daemonUser,
        socket: this.#runtime.file(`daemon-${id}.sock`),
        scoreboard: this.#runtime.file(`daemon-${id}.scoreboard`),
        timeoutSeconds: settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds),
        pythonEggs: main.find(pythonSettings.pythonEggs),
        restrictSignal: main.get(pythonSettings.restrictSignal, true),
        preload: findPreloads(this.#config, plan.definition.name),
        logLevel: wsgiLogLevel(settings.get(logLevels, noLogLevels)),
        generation: 1,
        socketUid: undefined,
        random: Math.random,
      }),
    };
  }

  #bootHttpChild(connectionNumber: number): HttpChildBoot {
    const account = this.#account;
    return {
      config: this.#snapshot,
      connectionNumber,
      user: account === undefined ? null : { name: account.name, uid: account.uid, gid: account.gid },
      listeners: this.#sockets.map((socket) => ({ descriptor: socket.descriptor, address: socket.address })),
      logs: this.#logs.descriptors,
      errorLog: this.#logs.errorLog,
      hostAddresses: this.#hostAddresses,
      serverVersion,
    };
  }

  #reportIneffective(): void {
    for (const { definition } of this.#plans) {
      const options = findIneffectiveOptions(definition);
      if (options.length > 0) {
        this.#report(
          'warn',
          `daemon process group '${definition.name}': this build does not act on ${options.join(', ')} yet`,
        );
      }
    }
  }

  #writePidFile(path: string | undefined): void {
    if (path === undefined) return;
    try {
      writeFileSync(path, `${process.pid}\n`, { mode: 0o644 });
    } catch (cause) {
      throw new ProcessError(`can't write PidFile '${path}': ${String(cause)}`, {}, { cause });
    }
    this.#cleanup.defer(() => rmSync(path, { force: true }));
  }
}

/** Undone in reverse order. */
class DisposableList {
  readonly #actions: (() => void)[] = [];

  use<T extends Disposable>(resource: T): T {
    this.#actions.push(() => resource[Symbol.dispose]());
    return resource;
  }

  defer(action: () => void): void {
    this.#actions.push(action);
  }

  dispose(): void {
    for (const action of this.#actions.splice(0).reverse()) action();
  }
}

/** The folder in which a server with this configuration makes its runtime folder. */
export function runtimeBase(config: Config): string {
  const { settings } = config.main;
  const prefix = settings.find(pythonSettings.socketPrefix);
  if (prefix !== undefined)
    return join(dirname(prefix), `${prefix.slice(dirname(prefix).length).replace(/^\/+/, '')}.run`);
  return settings.find(processSettings.defaultRuntimeDir) ?? defaultRuntimeBase();
}

/** One http child answers more than the Python of two cores asks for; more of them only on larger machines. */
function defaultHttpChildren(): number {
  return Math.max(1, Math.floor(availableParallelism() / 4));
}

async function resolveHostNames(config: Config): Promise<Record<string, readonly string[]>> {
  const names = new Set(
    config.servers
      .flatMap((scope) => scope.addresses.map((address) => address.host))
      .filter((host) => host !== '*' && isIP(host) === 0),
  );
  const resolved: Record<string, readonly string[]> = {};
  for (const name of names) {
    try {
      resolved[name] = (await lookup(name, { all: true })).map((entry) => entry.address);
    } catch {
      resolved[name] = []; // the start checks have warned about it: the host then answers by name on any address
    }
  }
  return resolved;
}

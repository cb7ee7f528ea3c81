/**
 * The parent process: makes a generation (generation.ts) of the configuration and keeps it serving; at a reload makes
 * another and lets the old one go; obeys the control socket; stops everything in the end. It keeps root if it was
 * started as root and never reads a byte that came from a client.
 */

import { dirname, join } from 'node:path';
import { systemClock } from '../base/clock.js';
import { ProcessError, StillhouseError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import { formatProblem, formatProblemAtStart, type Problem, severityAtStart } from '../conf/source.js';
import type { DaemonGroup } from '../wsgi/daemon-group.js';
import { pythonSettings } from '../wsgi/settings.js';
import { ControlSocket, serverStops } from './control-socket.js';
import { processSettings } from './core-process-directives.js';
import { countEmbeddedThreads, embeddedScoreboard } from './embedded-plan.js';
import { ErrorLog, type LogLevelName, noLogLevels } from './error-log.js';
import { Generation, type GenerationSource, type ParentServices } from './generation.js';
import { logLevels } from './log-directives.js';
import { LogFile } from './log-file.js';
import { PidFile } from './pid-file.js';
import { controlSocketName, defaultRuntimeBase, RuntimeFolder } from './runtime-folder.js';
import { describeUnknownGroup, type ServerTree } from './server-tree.js';
import { serverVersion } from './server-version.js';

/** What reading the configuration gave. */
export type LoadedSource = GenerationSource & { readonly problems: readonly Problem[] };

export interface ParentOptions {
  readonly source: GenerationSource;
  /** Reads the configuration anew, for a reload. @throws StillhouseError where it is not there */
  readonly load: () => LoadedSource;
  /** Without a User line a server started as root stays root (`serve` of an application that only root can read). */
  readonly mayStayRoot: boolean;
}

/** What a reload did, for whoever asked for it; a group that was both started and stopped was replaced. */
export interface ReloadAnswer {
  readonly generation: number;
  readonly kept: readonly string[];
  readonly started: readonly string[];
  readonly stopped: readonly string[];
}

type Progress = (text: string) => void;

/** Old generations whose http children have not finished; the oldest is ended when there are more. */
const drainingLimit = 8;

export class Parent {
  readonly #options: ParentOptions;
  readonly #services: ParentServices;
  readonly #runtime: RuntimeFolder;
  readonly #pidFile: PidFile | undefined;
  readonly #startedAtMs: number;
  #logFile: LogFile;
  #log: ErrorLog;
  #current: Generation;
  /** One that is being started; it must hear of processes, too. */
  #next: Generation | undefined;
  /** From the oldest. */
  readonly #draining = new Set<Generation>();
  readonly #hasRuntimeFolder: boolean;
  #control: ControlSocket | undefined;
  /** The one under way. */
  #reload: Promise<ReloadAnswer> | undefined;
  /** One that was asked for meanwhile: it is enough for all who ask before it begins. */
  #waitingReload: Promise<ReloadAnswer> | undefined;
  #reloadedAtMs: number | undefined;
  #reloadProblem: string | undefined;
  /** It is about the configuration: logs that can be opened anew don't prove it wrong. */
  #isProblemOfConfig = false;
  #isStarted = false;
  #stopping: Promise<void> | undefined;
  #markStopped: () => void = () => {};
  readonly #stopped = new Promise<void>((resolve) => {
    this.#markStopped = resolve;
  });

  /** Prepares everything that can fail without a child. @throws StillhouseError; nothing is left behind then */
  constructor(options: ParentOptions) {
    const { config } = options.source;
    const clock = systemClock;
    let lastDaemonId = 0;
    let lastConnectionNumber = 0;
    this.#options = options;
    this.#startedAtMs = clock.nowMs();
    const { runtime, problem } = makeRuntimeFolder(config);
    this.#runtime = runtime;
    this.#hasRuntimeFolder = problem === undefined;
    this.#services = {
      clock,
      runtime,
      probes: new Map(),
      mayStayRoot: options.mayStayRoot,
      nextDaemonId: () => ++lastDaemonId,
      nextConnectionNumber: () => ++lastConnectionNumber,
      report: (level, module, message) => this.#log.log(level, module, message),
      onProcesses: (group, processes) => {
        for (const generation of this.#generations) generation.setProcesses(group, processes);
      },
      onKept: (group) => {
        for (const generation of this.#generations) generation.releaseHeld(group);
      },
    };
    try {
      this.#current = new Generation(1, options.source, this.#services, undefined);
    } catch (error) {
      runtime.remove();
      throw error;
    }
    this.#logFile = new LogFile(this.#current.logs.errorLog);
    this.#log = this.#openLog(this.#current);
    const pidPath = config.main.settings.find(processSettings.pidFile);
    try {
      this.#pidFile = pidPath === undefined ? undefined : new PidFile(pidPath);
    } catch (error) {
      void this.#current.discard();
      runtime.remove();
      throw error;
    }
    if (problem !== undefined) {
      this.#report('warn', `${problem}; going on without: ps, reload, restart and stop won't find this server`);
    }
  }

  /**
   * Starts the processes; resolves when all serve.
   * @returns false where it was told to stop meanwhile, and has
   * @throws ProcessError where one can't run as configured; everything is stopped then
   */
  async start(): Promise<boolean> {
    try {
      await this.#current.start();
    } catch (error) {
      if (await this.#hasStopped()) return false;
      await this.stop();
      throw error;
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
    const generations = [...this.#draining, this.#current, ...(this.#next === undefined ? [] : [this.#next])];
    return {
      addresses: this.#current.addresses,
      pid: process.pid,
      version: serverVersion,
      startedAt: this.#startedAtMs / 1000,
      config: this.#current.source.snapshot.file,
      user: this.#current.account?.name,
      logs: [...this.#current.logs.descriptors.keys()],
      generation: this.#current.number,
      reloadedAt: this.#reloadedAtMs === undefined ? undefined : this.#reloadedAtMs / 1000,
      reloadProblem: this.#reloadProblem,
      mpm: this.#current.mpm,
      embedded: this.#current.embedded && {
        ...this.#current.embedded,
        threads: countEmbeddedThreads(this.#current.source.config),
      },
      httpChildren: generations.flatMap(({ number, httpChildren }) =>
        httpChildren.map(({ folder, ...child }) => ({
          ...child,
          generation: number,
          scoreboard: embeddedScoreboard(folder),
        })),
      ),
      groups: this.#current.groups.map(({ plan, group }) => ({
        name: plan.definition.name,
        displayName: plan.definition.displayName,
        threads: plan.definition.threads,
        user: plan.daemonUser?.name,
        python: plan.python,
        generation: group.generation,
        problem: group.problem,
        // Also those of a group of this name that an older configuration defined and that still finish.
        processes: [...this.#groupsCalled(plan.definition.name)].flatMap((one) => one.reports),
      })),
    };
  }

  /**
   * Reads the configuration anew and serves by it, without losing a request: what it defines as before goes on, the
   * rest is started beside and then takes over. Asked for again meanwhile it is done once more afterwards.
   * @throws StillhouseError where that is not possible; the server goes on as before then
   */
  reload(cause: string, progress: Progress = () => {}): Promise<ReloadAnswer> {
    if (this.#waitingReload !== undefined) return this.#waitingReload;
    let hasBegun = false;
    const answer = this.#enqueue(
      async () => {
        hasBegun = true;
        this.#waitingReload = undefined;
        this.#report('notice', `Graceful restart requested (${cause}), doing restart`);
        progress('reading the configuration');
        const source = this.#options.load();
        for (const problem of source.problems) {
          const severity = severityAtStart(problem);
          if (severity !== 'note') this.#report(severity === 'error' ? 'error' : 'warn', formatProblemAtStart(problem));
        }
        const errors = source.problems.filter((problem) => severityAtStart(problem) === 'error');
        if (errors[0] !== undefined) {
          throw new ProcessError(
            `the configuration has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}: ${formatProblem(errors[0])}`,
          );
        }
        return source;
      },
      progress,
      true,
    );
    if (!hasBegun) {
      this.#waitingReload = answer;
      // Where it is refused without having begun.
      const forget = (): void => {
        if (this.#waitingReload === answer) this.#waitingReload = undefined;
      };
      answer.then(forget, forget);
    }
    return answer;
  }

  /** Opens every log by its name again, after it was moved away. @throws StillhouseError as `reload` */
  reopenLogs(): Promise<ReloadAnswer> {
    return this.#enqueue(
      async () => {
        this.#report('notice', 'reopening the logs');
        return this.#current.source;
      },
      () => {},
      false,
    );
  }

  /** Replaces the processes of a group, or of all, one after another. @throws ProcessError where a successor fails */
  async restart(
    name: string | undefined,
    progress: Progress = () => {},
  ): Promise<{ groups: { name: string; replaced: number }[] }> {
    const all = this.#current.groups.map(({ plan }) => plan.definition.name);
    if (name !== undefined && !all.includes(name)) throw new ProcessError(describeUnknownGroup(name, all));
    const groups: { name: string; replaced: number }[] = [];
    const failures: string[] = [];
    for (const one of name === undefined ? all : [name]) {
      const group = this.#current.findGroup(one);
      if (group === undefined) continue; // a reload has taken it away meanwhile
      progress(`replacing the processes of '${one}'`);
      const { replaced, failure } = await group.roll('restart');
      if (this.#stopping !== undefined) throw new ProcessError(serverStops);
      groups.push({ name: one, replaced });
      // A reload may have put another group in its place, whose processes are new anyway.
      if (failure !== undefined && this.#current.findGroup(one) === group) failures.push(`'${one}': ${failure}`);
    }
    if (failures.length === 0) return { groups };
    throw new ProcessError(`no successor could be started, the processes of before go on: ${failures.join('; ')}`);
  }

  /** Stops everything; resolves when nothing is left, which is bounded by the children's stop limits. */
  stop(cause = 'stop'): Promise<void> {
    this.#stopping ??= this.#stop(cause);
    return this.#stopping;
  }

  /** No more waiting: ends every child at once. `stop` then resolves soon. */
  killNow(): void {
    for (const generation of this.#generations) generation.killNow();
  }

  get #generations(): readonly Generation[] {
    return [...this.#draining, this.#current, ...(this.#next === undefined ? [] : [this.#next])];
  }

  /** One reload at a time. */
  async #enqueue(read: () => Promise<GenerationSource>, progress: Progress, isReload: boolean): Promise<ReloadAnswer> {
    while (this.#reload !== undefined) await this.#reload.catch(() => {}); // whoever asked for that one hears of it
    if (this.#stopping !== undefined || !this.#isStarted)
      throw new ProcessError(this.#isStarted ? serverStops : 'the server starts');
    this.#reload = this.#replaceGeneration(read, progress);
    try {
      const answer = await this.#reload;
      if (isReload || !this.#isProblemOfConfig) this.#reloadProblem = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof StillhouseError)) throw error;
      this.#isProblemOfConfig = isReload || (this.#isProblemOfConfig && this.#reloadProblem !== undefined);
      this.#reloadProblem = error.message;
      if (this.#stopping === undefined)
        this.#report('error', `reload failed, the configuration of before stays in force: ${error.message}`);
      throw error;
    } finally {
      this.#reload = undefined;
    }
  }

  async #replaceGeneration(read: () => Promise<GenerationSource>, progress: Progress): Promise<ReloadAnswer> {
    const source = await read();
    const previous = this.#current;
    const next = new Generation(previous.number + 1, source, this.#services, previous);
    this.#next = next;
    try {
      await next.start(progress);
      if (this.#stopping !== undefined) throw new ProcessError(serverStops);
    } catch (error) {
      this.#next = undefined;
      await next.discard();
      throw this.#stopping === undefined ? error : new ProcessError(serverStops);
    }
    this.#draining.add(previous);
    this.#current = next;
    this.#next = undefined;
    const formerLog = this.#logFile;
    this.#logFile = new LogFile(next.logs.errorLog);
    this.#log = this.#openLog(next);
    await formerLog.flush();
    await next.takeOver(previous);
    this.#reloadedAtMs = this.#services.clock.nowMs();
    this.#report('notice', `${serverVersion} configured -- resuming normal operations (generation ${next.number})`);
    void previous.release(next).then(() => this.#draining.delete(previous));
    this.#limitDraining();
    const ended = previous.groups.filter(({ group }) => !next.uses(group));
    const stopped = ended.map(({ plan }) => plan.definition.name);
    return { generation: next.number, ...next.changes, stopped };
  }

  #limitDraining(): void {
    const [oldest] = this.#draining;
    if (oldest === undefined || this.#draining.size <= drainingLimit) return;
    this.#report(
      'warn',
      `more than ${drainingLimit} reloads have unfinished connections: those of generation ${oldest.number} are ended`,
    );
    void oldest.endChildren();
  }

  #groupsCalled(name: string): ReadonlySet<DaemonGroup> {
    return new Set(this.#generations.flatMap((generation) => generation.findGroup(name) ?? []));
  }

  /** Whether it was told to stop while it starts; then waits until it has. */
  async #hasStopped(): Promise<boolean> {
    await this.#stopping;
    return this.#stopping !== undefined;
  }

  async #stop(cause: string): Promise<void> {
    if (this.#isStarted) this.#report('notice', `caught ${cause}, shutting down`);
    this.#control?.[Symbol.dispose]();
    const generations = this.#generations;
    await Promise.all(generations.map((generation) => generation.stop()));
    await this.#reload?.catch(() => {}); // whoever asked for it hears that the server stops
    await this.#logFile.flush();
    await Promise.all(generations.map(({ logs }) => logs.close()));
    this.#pidFile?.[Symbol.dispose]();
    this.#runtime.remove();
    this.#markStopped();
  }

  async #openControlSocket(): Promise<void> {
    if (!this.#hasRuntimeFolder) return;
    const control = new ControlSocket(
      {
        ps: () => this.tree,
        stacks: () => this.#collectStacks(),
        reload: (_, progress) => this.reload('the reload command', progress),
        restart: (request, progress) =>
          this.restart(typeof request.group === 'string' ? request.group : undefined, progress),
        'reopen-logs': () => this.reopenLogs(),
        stop: () => {
          void this.stop('the stop command');
          return { stopping: true };
        },
      },
      (message) => this.#report('error', message),
    );
    try {
      await control.listen(this.#runtime.file(controlSocketName));
      if (this.#stopping === undefined) this.#control = control;
      else control[Symbol.dispose]();
    } catch (error) {
      this.#report(
        'warn',
        `no control socket, ps, reload, restart and stop will not find this server: ${String(error)}`,
      );
    }
  }

  async #collectStacks(): Promise<object> {
    const handles = this.#generations.flatMap(({ groups }) => groups.flatMap(({ group }) => group.handles));
    const processes = await Promise.all(
      [...new Set(handles)].map(async (handle) => {
        const threads = await handle.stacks();
        return threads === undefined
          ? { pid: handle.pid, error: 'the interpreter does not answer' }
          : { pid: handle.pid, threads };
      }),
    );
    return { processes };
  }

  #openLog(generation: Generation): ErrorLog {
    const levels = generation.source.config.main.settings.get(logLevels, noLogLevels);
    return new ErrorLog(this.#logFile, levels, this.#services.clock);
  }

  #report(level: LogLevelName, message: string): void {
    this.#log.log(level, 'core', message);
  }
}

/** A server without its folder runs all the same: with one that nobody looks into. */
function makeRuntimeFolder(config: Config): { readonly runtime: RuntimeFolder; readonly problem: string | undefined } {
  try {
    return { runtime: RuntimeFolder.create(runtimeBase(config)), problem: undefined };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    return { runtime: RuntimeFolder.createElsewhere(), problem: error.message };
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

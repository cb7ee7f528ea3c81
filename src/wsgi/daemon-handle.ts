/**
 * The parent's view of one daemon process: starts the Python runtime, hands it its settings over the control socket,
 * learns when it is ready, what it wants and how it ended. What the process itself does is in
 * python/stillhouse/daemon_process.py, what both say to each other in python/stillhouse/control.py.
 */

import { type ChildProcess as NodeProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { escapeLogMessage } from '../http/log-escape.js';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
import { daemonExitCannotStart } from '../wire/protocol.js';
import { decodeScoreboard, type ScoreboardContent } from '../wire/scoreboard-reader.js';
import type { InterpreterOptions } from './interpreter-options.js';
import { passDescriptor } from './pass-descriptor.js';
import { StackLines } from './stack-lines.js';

/** A script, and in which application group it runs: a byte string, '' is the main interpreter. */
export type ScriptPlace = readonly [path: string, applicationGroup: string];

/** What python/stillhouse/settings.py decodes: the same names in snake case. */
export interface DaemonSettings {
  readonly group: string;
  readonly threads: number;
  readonly processes: number;
  readonly multiprocess: boolean;
  readonly run_once: boolean;
  readonly socket: string;
  readonly scoreboard: string;
  readonly http_uid: number;
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    readonly name: string;
    readonly home: string;
    readonly groups: readonly number[] | null;
  } | null;
  readonly listen_backlog: number;
  readonly display_name: string | null;
  readonly home: string | null;
  readonly umask: number | null;
  readonly lang: string | null;
  readonly locale: string | null;
  readonly python_path: readonly string[];
  readonly python_eggs: string | null;
  readonly stack_size: number;
  readonly cpu_priority: number;
  readonly deadlock_timeout: number;
  readonly shutdown_timeout: number;
  readonly socket_timeout: number;
  readonly restrict_signal: boolean;
  readonly restrict_stdin: boolean;
  readonly restrict_stdout: boolean;
  readonly destroy_interpreter: boolean;
  readonly core_dumps: boolean;
  readonly reload_on_changes: boolean;
  readonly preload: readonly ScriptPlace[];
  readonly known_scripts: readonly ScriptPlace[];
  readonly ready_request: {
    /** A byte string. */
    readonly application_group: string;
    readonly environ: Readonly<Record<string, string>>;
    readonly facts: Readonly<Record<string, unknown>>;
  } | null;
  readonly log_level: string;
  readonly http_children: number;
  readonly mpm_name: string;
  readonly generation: number;
  readonly graceful_timeout: number;
  readonly eviction_timeout: number;
  /** Jitter included. */
  readonly maximum_requests: number;
  /** Jitter included. */
  readonly restart_interval: number;
  readonly memory_recycle: number;
  readonly inactivity_timeout: number;
  readonly request_timeout: number;
  readonly interrupt_timeout: number;
  readonly startup_timeout: number;
  readonly cpu_time_limit: number;
  readonly memory_limit: number;
  readonly virtual_memory_limit: number;
  readonly chroot: string | null;
  readonly socket_uid: number | null;
  readonly http_gid: number | null;
  readonly send_buffer_size: number;
  readonly receive_buffer_size: number;
  readonly header_buffer_size: number;
  readonly switch_interval: number | null;
  readonly server_metrics: boolean;
  readonly per_interpreter_gil: boolean;
  readonly interpreter_options: readonly InterpreterOptions[];
}

export interface DaemonSpawn {
  /** The interpreter to run. */
  readonly python: string;
  /** Options for it that stand before the program: `-O`, `-W spec`. */
  readonly pythonOptions: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Open descriptor of the error log. */
  readonly errorLog: number;
  readonly settings: DaemonSettings;
}

/** What its supervisor wants to know. */
export interface DaemonReport {
  ready(): void;
  exited(exit: ChildExit): void;
}

/** What a running process tells its group. */
export interface DaemonEvents {
  /** A script was loaded for a request: a successor is to load it before it takes any. */
  loaded(script: ScriptPlace): void;
  /** It wants a successor and goes on until it is told to retire. */
  replaceWanted(reason: string, message: string): void;
  /** It shuts down, whoever wanted that. */
  stopping(reason: string): void;
  /** One line of the stacks that it leaves as it is ended, or dies. */
  stackLine(line: string): void;
}

/** One thread of a daemon process and its Python stack, outermost call first. */
export interface ThreadStack {
  readonly tid: number;
  readonly name: string;
  readonly stack: readonly string[];
}

const controlDescriptor = 3;
/** As in python/stillhouse/stack_line.py. */
const stackDescriptor = 4;
/** Room in the command line that display-name overwrites. */
const paddingArgument = ' '.repeat(128);
/** faulthandler needs this long at most to write the stacks of a process that is killed while it starts. */
const stackDumpMs = 1_000;
const stacksMsLimit = 2_000;
/** The stacks of many threads make a long line. */
const eventCharactersLimit = 4 * 1_048_576;
/** Requests of a process that died which its log line names. */
const requestsNamed = 5;

export const pythonRuntimeFolder = fileURLToPath(new URL('../../python/stillhouse', import.meta.url));

export class DaemonHandle implements ChildProcess {
  readonly settings: DaemonSettings;
  readonly #python: string;
  readonly #process: NodeProcess;
  readonly #control: Duplex | undefined;
  readonly #stackRequests = new Map<number, (threads: readonly ThreadStack[] | undefined) => void>();
  #nextStackRequest = 1;
  #isDumping = false;
  #loadFailures: readonly string[] = [];
  #failure = '';
  #stopReason = '';
  #retirement: { readonly reason: string; readonly timeoutSeconds: number } = { reason: 'restart', timeoutSeconds: 0 };

  constructor(options: DaemonSpawn, report: DaemonReport, events: DaemonEvents) {
    this.settings = options.settings;
    this.#python = options.python;
    this.#process = spawn(
      options.python,
      [...options.pythonOptions, pythonRuntimeFolder, options.settings.display_name === null ? '' : paddingArgument],
      {
        env: options.environment,
        stdio: ['ignore', options.errorLog, options.errorLog, 'pipe', 'pipe'],
        // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
        detached: true,
      },
    );
    let isGone = false;
    const gone = (exit: ChildExit): void => {
      if (isGone) return;
      isGone = true;
      for (const answer of this.#stackRequests.values()) answer(undefined);
      this.removeFiles();
      report.exited(exit);
    };
    this.#process.once('error', (error: NodeJS.ErrnoException) => {
      const reason = `can't run '${options.python}': ${error.code ?? error.message}`;
      gone({ pid: undefined, status: null, signal: null, cannotStart: true, isOrderly: false, reason });
    });
    const stacks = new StackLines(this.#streamOf(stackDescriptor), (line) => events.stackLine(line));
    this.#process.once('exit', (status, signal) => {
      const cannotStart = status === daemonExitCannotStart;
      const isOrderly = status === 0 && this.#stopReason !== '';
      const reason = this.#describeEnd(status, signal);
      // Its last words stand before the line that says that it has gone.
      stacks.onceEnded(() => gone({ pid: this.pid, status, signal, cannotStart, isOrderly, reason }));
    });
    this.#control = this.#openControl(report, events);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Scripts that were to be loaded before it was ready and could not be: one sentence each. */
  get loadFailures(): readonly string[] {
    return this.#loadFailures;
  }

  /** What `retire` says: why, and how long running requests may take. */
  planRetirement(reason: string, timeoutSeconds: number): void {
    this.#retirement = { reason, timeoutSeconds };
  }

  retire(): void {
    const { reason, timeoutSeconds } = this.#retirement;
    this.#send({ command: 'retire', reason, timeout: timeoutSeconds });
  }

  /** The successor that was wanted could not be started. `ageMs`: how long ago that was tried. */
  keep(message: string, ageMs: number): void {
    this.#send({ command: 'kept', message, age: ageMs / 1000 });
  }

  /** Has it write the requests that it has run longest to the log, with their Python stacks. */
  describeRunning(): void {
    this.#send({ command: 'describe' });
  }

  /** The Python stacks of its threads; undefined where the interpreter does not answer. */
  stacks(): Promise<readonly ThreadStack[] | undefined> {
    return new Promise((resolve) => {
      const id = this.#nextStackRequest++;
      const timer = setTimeout(() => answer(undefined), stacksMsLimit);
      const answer = (threads: readonly ThreadStack[] | undefined): void => {
        clearTimeout(timer);
        this.#stackRequests.delete(id);
        resolve(threads);
      };
      this.#stackRequests.set(id, answer);
      this.#send({ command: 'stacks', id });
    });
  }

  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  /** Has it write the Python stacks of its threads to the log (faulthandler), which ends it: for one that is to be killed. */
  dumpStacks(): void {
    this.#isDumping = true;
    this.#process.kill('SIGABRT');
  }

  kill(): void {
    if (!this.#isDumping) {
      this.#process.kill('SIGKILL');
      return;
    }
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), stackDumpMs);
    this.#process.once('exit', () => clearTimeout(timer));
  }

  /** Gives it another error log, open here as `descriptor`. @returns the failure, or undefined */
  passErrorLog(descriptor: number): Promise<string | undefined> {
    if (this.#control === undefined || this.#process.exitCode !== null) return Promise.resolve(undefined);
    return passDescriptor(this.#control, this.#python, descriptor, this.settings.user);
  }

  /** The socket and the scoreboard belong to this one process. Readers that hold them open keep what they have. */
  removeFiles(): void {
    rmSync(this.settings.socket, { force: true });
    rmSync(this.settings.scoreboard, { force: true });
  }

  #send(message: object): void {
    // Where it has died the message is lost; its exit is on the way.
    if (this.#control?.writable === true) this.#control.write(encodeJsonLine(message));
  }

  #openControl(report: DaemonReport, events: DaemonEvents): Duplex | undefined {
    const control = this.#streamOf(controlDescriptor);
    if (control === undefined) return undefined;
    control.on('error', () => {
      // The process is gone; its exit tells more than the broken socket.
    });
    const decoder = new JsonLineDecoder((value) => this.#onEvent(value, report, events), eventCharactersLimit);
    control.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch (error) {
        // The application wrote to the descriptor. Without its parent the process stops, and is replaced.
        this.#failure = error instanceof Error ? error.message : String(error);
        control.destroy();
      }
    });
    control.write(encodeJsonLine(this.settings));
    return control;
  }

  /** Undefined where the process could not be spawned: its 'error' says why. */
  #streamOf(descriptor: number): Duplex | undefined {
    // 'pipe' is a connected socket pair, both ways (child_process documentation).
    return (this.#process.stdio[descriptor] as Duplex | null | undefined) ?? undefined;
  }

  #onEvent(value: Readonly<Record<string, unknown>>, report: DaemonReport, events: DaemonEvents): void {
    switch (value.event) {
      case 'ready':
        this.#loadFailures = ((value.failed as { script: string; message: string }[] | undefined) ?? []).map(
          ({ script, message }) => `'${script}': ${message}`,
        );
        report.ready();
        return;
      case 'loaded':
        events.loaded([String(value.script), String(value.application_group)]);
        return;
      case 'replace':
        events.replaceWanted(String(value.reason), String(value.message));
        return;
      case 'stopping':
        this.#stopReason = String(value.reason);
        events.stopping(this.#stopReason);
        return;
      case 'stacks':
        this.#stackRequests.get(Number(value.id))?.(value.threads as readonly ThreadStack[]);
        return;
      case 'failed':
        this.#failure = String(value.message);
    }
  }

  #describeEnd(status: number | null, signal: string | null): string {
    if (this.#failure !== '') return this.#failure;
    const end = signal !== null ? `terminated by signal ${signal}` : `terminated with exit code ${status}`;
    if (this.#stopReason === '') return `${end}${this.#describeLastMoments(status)}`;
    return status === 0 ? `terminated normally, exit code 0 (${this.#stopReason})` : `${end} (${this.#stopReason})`;
  }

  /** What it did when it died unasked: the scoreboard outlives it. */
  #describeLastMoments(status: number | null): string {
    let content: ScoreboardContent;
    try {
      content = decodeScoreboard(readFileSync(this.settings.scoreboard));
    } catch {
      return ''; // it died before it had made the file
    }
    const nowSeconds = Date.now() / 1000;
    // The deadlock thread, which can't tell the parent, ends the process with this status.
    const { deadlock_timeout: limit, group } = this.settings;
    const wasStuck = status === 1 && limit > 0 && nowSeconds - content.aliveAt >= limit;
    const deadlock = wasStuck
      ? `; Daemon process deadlock timer expired, stopping daemon process '${group}' (its Python stacks stand above)`
      : '';
    const running = content.slots.filter((slot) => slot.requestId !== 0).sort((a, b) => a.startedAt - b.startedAt);
    if (running.length === 0) return deadlock;
    const named = running
      .slice(0, requestsNamed)
      .map(({ label, startedAt }) => `${escapeLogMessage(label)} (${(nowSeconds - startedAt).toFixed(1)} s)`);
    const more = running.length > named.length ? ` and ${running.length - named.length} more` : '';
    return `${deadlock}; it was running ${named.join(', ')}${more}`;
  }
}

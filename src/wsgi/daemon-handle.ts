/**
 * The parent's view of one daemon process: starts the Python runtime, hands it its settings over the control socket,
 * learns when it is ready and how it ended. What the process itself does is in python/stillhouse/daemon_process.py.
 */

import { type ChildProcess as NodeProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
import { daemonExitCannotStart } from '../wire/protocol.js';

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
  readonly reload_on_changes: boolean;
  readonly preload: readonly string[];
  readonly log_level: string;
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
  readonly send_buffer_size: number;
  readonly receive_buffer_size: number;
  readonly header_buffer_size: number;
  readonly switch_interval: number | null;
  readonly server_metrics: boolean;
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

export interface DaemonReport {
  ready(): void;
  exited(exit: ChildExit): void;
}

const controlDescriptor = 3;
/** Room in the command line that display-name overwrites. */
const paddingArgument = ' '.repeat(128);

export const pythonRuntimeFolder = fileURLToPath(new URL('../../python/stillhouse', import.meta.url));

export class DaemonHandle implements ChildProcess {
  readonly settings: DaemonSettings;
  readonly #process: NodeProcess;
  #failure = '';
  #stopReason = '';

  constructor(options: DaemonSpawn, report: DaemonReport) {
    this.settings = options.settings;
    this.#process = spawn(
      options.python,
      [...options.pythonOptions, pythonRuntimeFolder, options.settings.display_name === null ? '' : paddingArgument],
      {
        env: options.environment,
        stdio: ['ignore', options.errorLog, options.errorLog, 'pipe'],
        // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
        detached: true,
      },
    );
    let isGone = false;
    const gone = (exit: ChildExit): void => {
      if (isGone) return;
      isGone = true;
      this.removeFiles();
      report.exited(exit);
    };
    this.#process.once('error', (error: NodeJS.ErrnoException) => {
      const reason = `can't run '${options.python}': ${error.code ?? error.message}`;
      gone({ pid: undefined, status: null, signal: null, cannotStart: true, isOrderly: false, reason });
    });
    this.#process.once('exit', (status, signal) => {
      const cannotStart = status === daemonExitCannotStart;
      const isOrderly = status === 0 && this.#stopReason !== '';
      gone({ pid: this.pid, status, signal, cannotStart, isOrderly, reason: this.#describeEnd(status, signal) });
    });
    this.#openControl(report);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** The socket and the scoreboard belong to this one process. Readers that hold them open keep what they have. */
  removeFiles(): void {
    rmSync(this.settings.socket, { force: true });
    rmSync(this.settings.scoreboard, { force: true });
  }

  #openControl(report: DaemonReport): void {
    // 'pipe' is a connected socket pair, both ways (child_process documentation).
    const control = this.#process.stdio[controlDescriptor] as Duplex | null | undefined;
    if (control === null || control === undefined) return; // it could not be spawned: 'error' says why
    control.on('error', () => {
      // The process is gone; its exit tells more than the broken socket.
    });
    const decoder = new JsonLineDecoder((value) => {
      if (value.event === 'ready') report.ready();
      else if (value.event === 'failed') this.#failure = String(value.message);
      else if (value.event === 'stopping') this.#stopReason = String(value.reason);
    });
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
  }

  #describeEnd(status: number | null, signal: string | null): string {
    if (this.#failure !== '') return this.#failure;
    if (signal !== null) return `terminated by signal ${signal}`;
    const end = status === 0 ? 'terminated normally, exit code 0' : `terminated with exit code ${status}`;
    return this.#stopReason === '' ? end : `${end} (${this.#stopReason})`;
  }
}

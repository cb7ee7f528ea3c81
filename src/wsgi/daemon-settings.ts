/** From a process group's definition to what one of its processes is told at start (python/stillhouse/settings.py). */

import type { DaemonSettings, ScriptPlace } from './daemon-handle.js';
import { type DaemonProcessGroup, isMultiprocess, isRunOnce } from './daemon-process-group.js';
import type { InterpreterOptions } from './interpreter-options.js';

/** What the definition leaves to the rest of the configuration. */
export interface DaemonSurroundings {
  readonly httpUid: number;
  /** Whom the processes become; undefined where the server is not root. */
  readonly user: DaemonSettings['user'];
  readonly socket: string;
  readonly scoreboard: string;
  readonly timeoutSeconds: number;
  readonly pythonEggs: string | undefined;
  readonly preload: readonly ScriptPlace[];
  readonly restrictSignal: boolean;
  readonly restrictStdin: boolean;
  readonly restrictStdout: boolean;
  readonly destroyInterpreter: boolean;
  readonly coreDumps: boolean;
  readonly perInterpreterGil: boolean;
  readonly interpreterOptions: readonly InterpreterOptions[];
  readonly logLevel: string;
  /** How many http children there are. */
  readonly httpChildren: number;
  readonly mpmName: string;
  readonly generation: number;
  readonly knownScripts: readonly ScriptPlace[];
  readonly readyRequest: DaemonSettings['ready_request'] | undefined;
  /** Owner of the sockets (socket-user); undefined: the http children's user. */
  readonly socketUid: number | undefined;
  /** The http children's group; undefined where the server is not root. */
  readonly httpGid: number | undefined;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

export function makeDaemonSettings(group: DaemonProcessGroup, surroundings: DaemonSurroundings): DaemonSettings {
  return {
    group: group.name,
    threads: group.threads,
    processes: group.processes,
    multiprocess: isMultiprocess(group),
    run_once: isRunOnce(group),
    socket: surroundings.socket,
    scoreboard: surroundings.scoreboard,
    http_uid: surroundings.httpUid,
    user: surroundings.user,
    listen_backlog: group.listenBacklog,
    display_name: group.displayName ?? null,
    home: group.home ?? null,
    umask: group.umask ?? null,
    lang: group.lang ?? null,
    locale: group.locale ?? null,
    python_path: group.pythonPath ?? [],
    python_eggs: group.pythonEggs ?? surroundings.pythonEggs ?? null,
    stack_size: group.stackSizeBytes ?? 0,
    cpu_priority: group.cpuPriority,
    deadlock_timeout: group.deadlockTimeoutSeconds,
    shutdown_timeout: group.shutdownTimeoutSeconds,
    socket_timeout: group.socketTimeoutSeconds === 0 ? surroundings.timeoutSeconds : group.socketTimeoutSeconds,
    restrict_signal: surroundings.restrictSignal,
    restrict_stdin: surroundings.restrictStdin,
    restrict_stdout: surroundings.restrictStdout,
    destroy_interpreter: surroundings.destroyInterpreter,
    core_dumps: surroundings.coreDumps,
    reload_on_changes: group.reloadOnChanges,
    preload: surroundings.preload,
    known_scripts: surroundings.knownScripts,
    ready_request: surroundings.readyRequest ?? null,
    log_level: surroundings.logLevel,
    http_children: surroundings.httpChildren,
    mpm_name: surroundings.mpmName,
    generation: surroundings.generation,
    graceful_timeout: group.gracefulTimeoutSeconds,
    eviction_timeout: group.evictionTimeoutSeconds,
    maximum_requests: withJitter(group.maximumRequests, group.maximumRequestsJitter, surroundings.random),
    restart_interval: withJitter(group.restartIntervalSeconds, group.restartJitterSeconds, surroundings.random),
    memory_recycle: group.memoryRecycleBytes,
    inactivity_timeout: group.inactivityTimeoutSeconds,
    request_timeout: group.requestTimeoutSeconds,
    interrupt_timeout: group.interruptTimeoutSeconds,
    startup_timeout: group.startupTimeoutSeconds,
    cpu_time_limit: group.cpuTimeLimitSeconds,
    memory_limit: group.memoryLimitBytes,
    virtual_memory_limit: group.virtualMemoryLimitBytes,
    chroot: group.chroot ?? null,
    socket_uid: surroundings.socketUid ?? null,
    http_gid: surroundings.httpGid ?? null,
    send_buffer_size: group.sendBufferBytes,
    receive_buffer_size: group.receiveBufferBytes,
    header_buffer_size: group.headerBufferBytes,
    switch_interval: group.switchIntervalSeconds ?? null,
    server_metrics: group.serverMetrics,
    per_interpreter_gil: surroundings.perInterpreterGil,
    interpreter_options: surroundings.interpreterOptions,
  };
}

/** 0 stays 0: what is off has no jitter. */
function withJitter(value: number, jitter: number, random: () => number): number {
  return value === 0 ? 0 : value + Math.round(jitter * random());
}

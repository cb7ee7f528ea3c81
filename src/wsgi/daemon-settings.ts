/** From a process group's definition to what one of its processes is told at start (python/stillhouse/settings.py). */

import type { DaemonSettings } from './daemon-handle.js';
import {
  type DaemonProcessGroup,
  defaultDaemonProcessGroup,
  isMultiprocess,
  isRunOnce,
} from './daemon-process-group.js';

/** What the definition leaves to the rest of the configuration. */
export interface DaemonSurroundings {
  readonly httpUid: number;
  /** Whom the processes become; undefined where the server is not root. */
  readonly user: DaemonSettings['user'];
  readonly socket: string;
  readonly scoreboard: string;
  readonly timeoutSeconds: number;
  readonly pythonEggs: string | undefined;
  readonly preload: readonly string[];
  readonly restrictSignal: boolean;
  readonly logLevel: string;
  readonly generation: number;
  /** Owner of the sockets (socket-user); undefined: the http children's user. */
  readonly socketUid: number | undefined;
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
    reload_on_changes: group.reloadOnChanges,
    preload: surroundings.preload,
    log_level: surroundings.logLevel,
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
    send_buffer_size: group.sendBufferBytes,
    receive_buffer_size: group.receiveBufferBytes,
    header_buffer_size: group.headerBufferBytes,
    switch_interval: group.switchIntervalSeconds ?? null,
    server_metrics: group.serverMetrics,
  };
}

/** 0 stays 0: what is off has no jitter. */
function withJitter(value: number, jitter: number, random: () => number): number {
  return value === 0 ? 0 : value + Math.round(jitter * random());
}

/** Options that a line may have and that have no effect yet: reported at start, never silently ignored. */
export function findIneffectiveOptions(group: DaemonProcessGroup): readonly string[] {
  const defaults = defaultDaemonProcessGroup(group.name, group.position);
  const set: readonly (readonly [option: string, isSet: boolean])[] = [
    ['chroot', group.chroot !== undefined],
    ['switch-interval', group.switchIntervalSeconds !== undefined],
    ['maximum-requests', group.maximumRequests !== 0],
    ['maximum-requests-jitter', group.maximumRequestsJitter !== 0],
    ['restart-interval', group.restartIntervalSeconds !== 0],
    ['restart-jitter', group.restartJitterSeconds !== 0],
    ['memory-recycle', group.memoryRecycleBytes !== 0],
    ['inactivity-timeout', group.inactivityTimeoutSeconds !== 0],
    ['request-timeout', group.requestTimeoutSeconds !== 0],
    ['interrupt-timeout', group.interruptTimeoutSeconds !== 0],
    ['startup-timeout', group.startupTimeoutSeconds !== 0],
    ['graceful-timeout', group.gracefulTimeoutSeconds !== defaults.gracefulTimeoutSeconds],
    ['eviction-timeout', group.evictionTimeoutSeconds !== 0],
    ['socket-user', group.socketUser !== undefined],
    ['send-buffer-size', group.sendBufferBytes !== 0],
    ['receive-buffer-size', group.receiveBufferBytes !== 0],
    ['header-buffer-size', group.headerBufferBytes !== 0],
    ['response-buffer-size', group.responseBufferBytes !== 0],
    ['response-socket-timeout', group.responseSocketTimeoutSeconds !== group.socketTimeoutSeconds],
    ['response-flush-delay', group.responseFlushDelayMs !== defaults.responseFlushDelayMs],
    ['script-user', group.scriptUser !== undefined],
    ['script-group', group.scriptGroup !== undefined],
    ['cpu-time-limit', group.cpuTimeLimitSeconds !== 0],
    ['memory-limit', group.memoryLimitBytes !== 0],
    ['virtual-memory-limit', group.virtualMemoryLimitBytes !== 0],
    ['server-metrics', group.serverMetrics],
    ['ready-url', group.readyUrl !== undefined],
    ['threads=0', group.threads === 0],
  ];
  return set.filter(([, isSet]) => isSet).map(([option]) => option);
}

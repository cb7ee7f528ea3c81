/** From a process group's definition to what one of its processes is told at start (python/stillhouse/settings.py). */
import { defaultDaemonProcessGroup, isMultiprocess, isRunOnce, } from './daemon-process-group.js';
export function makeDaemonSettings(group, surroundings) {
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
    };
}
/** Options that a line may have and that have no effect yet: reported at start, never silently ignored. */
export function findIneffectiveOptions(group) {
    const defaults = defaultDaemonProcessGroup(group.name, group.position);
    const set = [
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
//# sourceMappingURL=daemon-settings.js.map
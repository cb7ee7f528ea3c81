/**
 * What a WSGIDaemonProcess line defines: a daemon process group with every option carried out, defaults included. A
 * plain value; daemon-options.ts builds it, those who start, watch and talk to the processes read it.
 */
/** The group of a line without options. */
export function defaultDaemonProcessGroup(name, position) {
    return {
        name,
        position,
        processes: 1,
        processesGiven: false,
        threads: 15,
        user: undefined,
        group: undefined,
        supplementaryGroups: undefined,
        umask: undefined,
        chroot: undefined,
        home: undefined,
        lang: undefined,
        locale: undefined,
        pythonHome: undefined,
        pythonPath: undefined,
        pythonEggs: undefined,
        switchIntervalSeconds: undefined,
        stackSizeBytes: undefined,
        displayName: undefined,
        maximumRequests: 0,
        maximumRequestsJitter: 0,
        restartIntervalSeconds: 0,
        restartJitterSeconds: 0,
        memoryRecycleBytes: 0,
        inactivityTimeoutSeconds: 0,
        requestTimeoutSeconds: 0,
        interruptTimeoutSeconds: 0,
        deadlockTimeoutSeconds: 300,
        startupTimeoutSeconds: 0,
        gracefulTimeoutSeconds: 15,
        evictionTimeoutSeconds: 0,
        shutdownTimeoutSeconds: 5,
        connectTimeoutSeconds: 15,
        socketTimeoutSeconds: 0,
        queueTimeoutSeconds: 0,
        listenBacklog: 100,
        socketUser: undefined,
        sendBufferBytes: 0,
        receiveBufferBytes: 0,
        headerBufferBytes: 0,
        responseBufferBytes: 0,
        responseSocketTimeoutSeconds: 0,
        responseFlushDelayMs: 5,
        scriptUser: undefined,
        scriptGroup: undefined,
        cpuTimeLimitSeconds: 0,
        cpuPriority: 0,
        memoryLimitBytes: 0,
        virtualMemoryLimitBytes: 0,
        serverMetrics: false,
        reloadOnChanges: false,
        readyUrl: undefined,
    };
}
/** wsgi.multithread of the group. */
export function isMultithread(group) {
    return group.threads !== 1;
}
/** wsgi.multiprocess of the group. */
export function isMultiprocess(group) {
    return group.processesGiven;
}
/** wsgi.run_once of the group. */
export function isRunOnce(group) {
    return group.threads === 1 && group.maximumRequests === 1;
}
//# sourceMappingURL=daemon-process-group.js.map
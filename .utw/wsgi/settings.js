/** The settings that the WSGI directives write and everything that runs an application reads. */
export const mapHeadToGetChoices = ['Off', 'On', 'Auto'];
/** What the whole program has once. */
export const pythonSettings = Object.freeze({
    caseSensitivity: { id: 'mod_wsgi.case-sensitivity' },
    pythonHome: { id: 'mod_wsgi.python-home' },
    pythonPath: { id: 'mod_wsgi.python-path' },
    pythonEggs: { id: 'mod_wsgi.python-eggs' },
    pythonOptimize: { id: 'mod_wsgi.python-optimize' },
    /** In order, each as Python's -W takes it. */
    pythonWarnings: { id: 'mod_wsgi.python-warnings' },
    pythonHashSeed: { id: 'mod_wsgi.python-hash-seed' },
    dontWriteBytecode: { id: 'mod_wsgi.dont-write-bytecode' },
    switchIntervalSeconds: { id: 'mod_wsgi.switch-interval' },
    restrictStdin: { id: 'mod_wsgi.restrict-stdin' },
    restrictStdout: { id: 'mod_wsgi.restrict-stdout' },
    restrictSignal: { id: 'mod_wsgi.restrict-signal' },
    restrictEmbedded: { id: 'mod_wsgi.restrict-embedded' },
    destroyInterpreter: { id: 'mod_wsgi.destroy-interpreter' },
    perInterpreterGil: { id: 'mod_wsgi.per-interpreter-gil' },
    freeThreading: { id: 'mod_wsgi.free-threading' },
    serverMetrics: { id: 'mod_wsgi.server-metrics' },
    verboseDebugging: { id: 'mod_wsgi.verbose-debugging' },
    socketPrefix: { id: 'mod_wsgi.socket-prefix' },
    socketRotation: { id: 'mod_wsgi.socket-rotation' },
    acceptMutex: { id: 'mod_wsgi.accept-mutex' },
});
/** What servers define: read through group-catalog.ts, which sees all servers. */
export const definitionSettings = Object.freeze({
    /** A virtual host's value holds the main server's groups too, the same objects. */
    daemonProcesses: {
        id: 'mod_wsgi.daemon-processes',
        merge: (outer, inner) => [...outer, ...inner],
    },
    importScripts: {
        id: 'mod_wsgi.import-scripts',
        merge: (outer, inner) => [...outer, ...inner],
    },
    /** In the order in which they are tried; a virtual host's before the main server's. */
    scriptAliases: {
        id: 'mod_wsgi.script-aliases',
        merge: (outer, inner) => [...inner, ...outer],
    },
});
/** What may differ from request to request. No merge: an inner scope's value takes the outer one's place. */
export const wsgiSettings = Object.freeze({
    processGroup: { id: 'mod_wsgi.process-group' },
    applicationGroup: { id: 'mod_wsgi.application-group' },
    callableObject: { id: 'mod_wsgi.callable-object' },
    /** Names of groups that may be chosen; '' is embedded mode. */
    restrictProcess: { id: 'mod_wsgi.restrict-process' },
    passAuthorization: { id: 'mod_wsgi.pass-authorization' },
    scriptReloading: { id: 'mod_wsgi.script-reloading' },
    errorOverride: { id: 'mod_wsgi.error-override' },
    chunkedRequest: { id: 'mod_wsgi.chunked-request' },
    mapHeadToGet: { id: 'mod_wsgi.map-head-to-get' },
    ignoreActivity: { id: 'mod_wsgi.ignore-activity' },
    enableSendfile: { id: 'mod_wsgi.enable-sendfile' },
    passApacheRequest: { id: 'mod_wsgi.pass-apache-request' },
    /** Names as environ has them: HTTP_X_FORWARDED_FOR. */
    trustedProxyHeaders: { id: 'mod_wsgi.trusted-proxy-headers' },
    trustedProxies: { id: 'mod_wsgi.trusted-proxies' },
});
//# sourceMappingURL=settings.js.map
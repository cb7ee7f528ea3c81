/** The settings that the WSGI directives write and everything that runs an application reads. */
import type { Setting } from '../conf/settings.js';
import type { Position } from '../conf/source.js';
import type { IpNetwork } from '../http/ip-network.js';
import type { DaemonProcessGroup } from './daemon-process-group.js';
/** Where a script and its interpreter run, as options of a line say it. Empty names: embedded mode, main interpreter. */
interface ScriptPlace {
    /** %{GLOBAL} is '' already; other tokens are expanded for each request. Undefined: WSGIProcessGroup. */
    readonly processGroup: string | undefined;
    /** As processGroup. Undefined: WSGIApplicationGroup. */
    readonly applicationGroup: string | undefined;
}
/** One WSGIScriptAlias or WSGIScriptAliasMatch line. */
export type WsgiScriptAlias = ScriptPlace & {
    /** Taken as it is, never expanded. Undefined: WSGICallableObject. */
    readonly callableObject: string | undefined;
    /** Undefined: WSGIPassAuthorization. */
    readonly passAuthorization: boolean | undefined;
    /** Absolute; the rest of the request path is added. Behind a regex it may hold $0 to $9. */
    readonly target: string;
    /** Whether the script is loaded when its process starts: both groups are given and neither depends on the request. */
    readonly preload: boolean;
    readonly position: Position;
} & ({
    readonly kind: 'prefix';
    readonly urlPath: string;
} | {
    readonly kind: 'regex';
    readonly pattern: string;
    readonly regex: RegExp;
});
/** One WSGIImportScript line. */
export interface WsgiImportScript {
    /** Absolute. */
    readonly path: string;
    readonly processGroup: string;
    readonly applicationGroup: string;
    readonly position: Position;
}
export declare const mapHeadToGetChoices: readonly ['Off', 'On', 'Auto'];
export type MapHeadToGet = (typeof mapHeadToGetChoices)[number];
/** What the whole program has once. */
export declare const pythonSettings: Readonly<{
    caseSensitivity: Setting<boolean>;
    pythonHome: Setting<string>;
    pythonPath: Setting<readonly string[]>;
    pythonEggs: Setting<string>;
    pythonOptimize: Setting<0 | 1 | 2>;
    /** In order, each as Python's -W takes it. */
    pythonWarnings: Setting<readonly string[]>;
    pythonHashSeed: Setting<number | 'random'>;
    dontWriteBytecode: Setting<boolean>;
    switchIntervalSeconds: Setting<number>;
    restrictStdin: Setting<boolean>;
    restrictStdout: Setting<boolean>;
    restrictSignal: Setting<boolean>;
    restrictEmbedded: Setting<boolean>;
    destroyInterpreter: Setting<boolean>;
    perInterpreterGil: Setting<boolean>;
    freeThreading: Setting<boolean>;
    serverMetrics: Setting<boolean>;
    verboseDebugging: Setting<boolean>;
    socketPrefix: Setting<string>;
    socketRotation: Setting<boolean>;
    acceptMutex: Setting<string>;
}>;
/** What servers define: read through group-catalog.ts, which sees all servers. */
export declare const definitionSettings: Readonly<{
    /** A virtual host's value holds the main server's groups too, the same objects. */
    daemonProcesses: Setting<readonly DaemonProcessGroup[]>;
    importScripts: Setting<readonly WsgiImportScript[]>;
    /** In the order in which they are tried; a virtual host's before the main server's. */
    scriptAliases: Setting<readonly WsgiScriptAlias[]>;
}>;
/** What may differ from request to request. No merge: an inner scope's value takes the outer one's place. */
export declare const wsgiSettings: Readonly<{
    processGroup: Setting<string>;
    applicationGroup: Setting<string>;
    callableObject: Setting<string>;
    /** Names of groups that may be chosen; '' is embedded mode. */
    restrictProcess: Setting<ReadonlySet<string>>;
    passAuthorization: Setting<boolean>;
    scriptReloading: Setting<boolean>;
    errorOverride: Setting<boolean>;
    chunkedRequest: Setting<boolean>;
    mapHeadToGet: Setting<MapHeadToGet>;
    ignoreActivity: Setting<boolean>;
    enableSendfile: Setting<boolean>;
    passApacheRequest: Setting<boolean>;
    /** Names as environ has them: HTTP_X_FORWARDED_FOR. */
    trustedProxyHeaders: Setting<readonly string[]>;
    trustedProxies: Setting<readonly IpNetwork[]>;
}>;
export {};

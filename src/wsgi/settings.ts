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
} & (
    | { readonly kind: 'prefix'; readonly urlPath: string }
    | { readonly kind: 'regex'; readonly pattern: string; readonly regex: RegExp }
  );

/** One WSGIImportScript line. */
export interface WsgiImportScript {
  /** Absolute. */
  readonly path: string;
  readonly processGroup: string;
  readonly applicationGroup: string;
  readonly position: Position;
}

/** One WSGIHandlerScript line: a handler by name, for SetHandler and AddHandler. */
export type WsgiHandlerScript = ScriptPlace & {
  /** As SetHandler, AddHandler and RewriteRule's H= name it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The global that every handler script has. */
  readonly callableObject: 'handle_request';
  /** Undefined: WSGIPassAuthorization. */
  readonly passAuthorization: boolean | undefined;
  readonly position: Position;
};

/** One WSGIDispatchScript line. */
export interface WsgiDispatchScript {
  /** Absolute. */
  readonly path: string;
  /** In which interpreter it runs itself; '' is the main one. */
  readonly applicationGroup: string;
  readonly position: Position;
}

/** One WSGIAccessScript, WSGIAuthUserScript or WSGIAuthGroupScript line. */
export type WsgiAuthScript = WsgiDispatchScript;

/** A script that the processes of a group load when they start. */
export interface PreloadedScript {
  /** Absolute. */
  readonly path: string;
  readonly processGroup: string;
  readonly applicationGroup: string;
}

export const mapHeadToGetChoices = ['Off', 'On', 'Auto'] as const;
export type MapHeadToGet = (typeof mapHeadToGetChoices)[number];

/** What the whole program has once. */
export const pythonSettings = Object.freeze({
  caseSensitivity: { id: 'mod_wsgi.case-sensitivity' } as Setting<boolean>,
  pythonHome: { id: 'mod_wsgi.python-home' } as Setting<string>,
  pythonPath: { id: 'mod_wsgi.python-path' } as Setting<readonly string[]>,
  pythonEggs: { id: 'mod_wsgi.python-eggs' } as Setting<string>,
  pythonOptimize: { id: 'mod_wsgi.python-optimize' } as Setting<0 | 1 | 2>,
  /** In order, each as Python's -W takes it. */
  pythonWarnings: { id: 'mod_wsgi.python-warnings' } as Setting<readonly string[]>,
  pythonHashSeed: { id: 'mod_wsgi.python-hash-seed' } as Setting<number | 'random'>,
  dontWriteBytecode: { id: 'mod_wsgi.dont-write-bytecode' } as Setting<boolean>,
  switchIntervalSeconds: { id: 'mod_wsgi.switch-interval' } as Setting<number>,
  restrictStdin: { id: 'mod_wsgi.restrict-stdin' } as Setting<boolean>,
  restrictStdout: { id: 'mod_wsgi.restrict-stdout' } as Setting<boolean>,
  restrictSignal: { id: 'mod_wsgi.restrict-signal' } as Setting<boolean>,
  restrictEmbedded: { id: 'mod_wsgi.restrict-embedded' } as Setting<boolean>,
  destroyInterpreter: { id: 'mod_wsgi.destroy-interpreter' } as Setting<boolean>,
  perInterpreterGil: { id: 'mod_wsgi.per-interpreter-gil' } as Setting<boolean>,
  freeThreading: { id: 'mod_wsgi.free-threading' } as Setting<boolean>,
  serverMetrics: { id: 'mod_wsgi.server-metrics' } as Setting<boolean>,
  verboseDebugging: { id: 'mod_wsgi.verbose-debugging' } as Setting<boolean>,
  socketPrefix: { id: 'mod_wsgi.socket-prefix' } as Setting<string>,
  socketRotation: { id: 'mod_wsgi.socket-rotation' } as Setting<boolean>,
  acceptMutex: { id: 'mod_wsgi.accept-mutex' } as Setting<string>,
});

/** What servers define: read through group-catalog.ts, which sees all servers. */
export const definitionSettings = Object.freeze({
  /** A virtual host's value holds the main server's groups too, the same objects. */
  daemonProcesses: {
    id: 'mod_wsgi.daemon-processes',
    merge: (outer, inner) => [...outer, ...inner],
  } as Setting<readonly DaemonProcessGroup[]>,
  importScripts: {
    id: 'mod_wsgi.import-scripts',
    merge: (outer, inner) => [...outer, ...inner],
  } as Setting<readonly WsgiImportScript[]>,
  /** What both WSGIImportScript and script aliases have loaded at the start, in the order of their lines. */
  preloadedScripts: {
    id: 'mod_wsgi.preloaded-scripts',
    merge: (outer, inner) => [...outer, ...inner],
  } as Setting<readonly PreloadedScript[]>,
  /** In the order in which they are tried; a virtual host's before the main server's. */
  scriptAliases: {
    id: 'mod_wsgi.script-aliases',
    merge: (outer, inner) => [...inner, ...outer],
  } as Setting<readonly WsgiScriptAlias[]>,
});

/** What may differ from request to request. No merge: an inner scope's value takes the outer one's place. */
export const wsgiSettings = Object.freeze({
  processGroup: { id: 'mod_wsgi.process-group' } as Setting<string>,
  applicationGroup: { id: 'mod_wsgi.application-group' } as Setting<string>,
  callableObject: { id: 'mod_wsgi.callable-object' } as Setting<string>,
  /** By name; an inner scope's take the place of those of the same name. */
  handlerScripts: {
    id: 'mod_wsgi.handler-scripts',
    merge: (outer, inner) => new Map([...outer, ...inner]),
  } as Setting<ReadonlyMap<string, WsgiHandlerScript>>,
  dispatchScript: { id: 'mod_wsgi.dispatch-script' } as Setting<WsgiDispatchScript>,
  accessScript: { id: 'mod_wsgi.access-script' } as Setting<WsgiAuthScript>,
  authUserScript: { id: 'mod_wsgi.auth-user-script' } as Setting<WsgiAuthScript>,
  authGroupScript: { id: 'mod_wsgi.auth-group-script' } as Setting<WsgiAuthScript>,
  groupAuthoritative: { id: 'mod_wsgi.group-authoritative' } as Setting<boolean>,
  /** Names of groups that may be chosen; '' is embedded mode. */
  restrictProcess: { id: 'mod_wsgi.restrict-process' } as Setting<ReadonlySet<string>>,
  passAuthorization: { id: 'mod_wsgi.pass-authorization' } as Setting<boolean>,
  scriptReloading: { id: 'mod_wsgi.script-reloading' } as Setting<boolean>,
  errorOverride: { id: 'mod_wsgi.error-override' } as Setting<boolean>,
  chunkedRequest: { id: 'mod_wsgi.chunked-request' } as Setting<boolean>,
  mapHeadToGet: { id: 'mod_wsgi.map-head-to-get' } as Setting<MapHeadToGet>,
  ignoreActivity: { id: 'mod_wsgi.ignore-activity' } as Setting<boolean>,
  enableSendfile: { id: 'mod_wsgi.enable-sendfile' } as Setting<boolean>,
  passApacheRequest: { id: 'mod_wsgi.pass-apache-request' } as Setting<boolean>,
  /** Names as environ has them: HTTP_X_FORWARDED_FOR. */
  trustedProxyHeaders: { id: 'mod_wsgi.trusted-proxy-headers' } as Setting<readonly string[]>,
  trustedProxies: { id: 'mod_wsgi.trusted-proxies' } as Setting<readonly IpNetwork[]>,
});

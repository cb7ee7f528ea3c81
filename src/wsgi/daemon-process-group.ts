/**
 * What a WSGIDaemonProcess line defines: a daemon process group with every option carried out, defaults included. A
 * plain value; daemon-options.ts builds it, those who start, watch and talk to the processes read it.
 */

import type { Position } from '../conf/source.js';
import type { AccountReference } from './account-reference.js';

/** Times of 0 are off and sizes of 0 the system's default, unless it says otherwise. */
export interface DaemonProcessGroup {
  readonly name: string;
  /** The line that defined it. */
  readonly position: Position;

  readonly processes: number;
  /** Whether the line says `processes`, even as 1: wsgi.multiprocess is true then. */
  readonly processesGiven: boolean;
  /** 0: no requests, the processes run their import scripts. */
  readonly threads: number;

  /** Undefined: User. */
  readonly user: AccountReference | undefined;
  /** Undefined: Group. */
  readonly group: AccountReference | undefined;
  /** Undefined: those of the user in the group database. */
  readonly supplementaryGroups: readonly AccountReference[] | undefined;
  readonly umask: number | undefined;
  readonly chroot: string | undefined;
  /** Working folder and first entry of sys.path; undefined: the home of a user other than User, else the parent's. */
  readonly home: string | undefined;
  readonly lang: string | undefined;
  readonly locale: string | undefined;

  /** Undefined: WSGIPythonHome. */
  readonly pythonHome: string | undefined;
  /** Undefined: the line does not say. */
  readonly pythonPath: readonly string[] | undefined;
  readonly pythonEggs: string | undefined;
  /** Undefined: Python's own. */
  readonly switchIntervalSeconds: number | undefined;
  /** Undefined: the system's. */
  readonly stackSizeBytes: number | undefined;
  /** What `ps` shows, %{GROUP} already replaced; undefined: argv is left alone. */
  readonly displayName: string | undefined;

  readonly maximumRequests: number;
  /** Each process adds a random number up to this to maximum-requests, so that they do not all end at once. */
  readonly maximumRequestsJitter: number;
  readonly restartIntervalSeconds: number;
  /** Each process adds a random time up to this to restart-interval. */
  readonly restartJitterSeconds: number;
  /** A process that has grown to this resident size is replaced gracefully. */
  readonly memoryRecycleBytes: number;
  readonly inactivityTimeoutSeconds: number;
  readonly requestTimeoutSeconds: number;
  readonly interruptTimeoutSeconds: number;
  readonly deadlockTimeoutSeconds: number;
  readonly startupTimeoutSeconds: number;
  readonly gracefulTimeoutSeconds: number;
  /** 0: graceful-timeout. */
  readonly evictionTimeoutSeconds: number;
  readonly shutdownTimeoutSeconds: number;

  readonly connectTimeoutSeconds: number;
  /** 0: Timeout. */
  readonly socketTimeoutSeconds: number;
  readonly queueTimeoutSeconds: number;
  readonly listenBacklog: number;
  /** Undefined: User. */
  readonly socketUser: AccountReference | undefined;
  readonly sendBufferBytes: number;
  readonly receiveBufferBytes: number;
  /** The longest header line of a response; 0: 32768. */
  readonly headerBufferBytes: number;
  /** 0: 4 MiB. */
  readonly responseBufferBytes: number;
  /** socket-timeout where the line does not say; 0: Timeout. */
  readonly responseSocketTimeoutSeconds: number;
  readonly responseFlushDelayMs: number;

  readonly scriptUser: AccountReference | undefined;
  readonly scriptGroup: AccountReference | undefined;

  readonly cpuTimeLimitSeconds: number;
  readonly cpuPriority: number;
  readonly memoryLimitBytes: number;
  readonly virtualMemoryLimitBytes: number;
  readonly serverMetrics: boolean;
  /** A process that finds a file of its code changed ends, and is replaced. */
  readonly reloadOnChanges: boolean;
  /** Path of a request that a new process must answer with success before it gets others. */
  readonly readyUrl: string | undefined;
}

/** The group while its line is read. */
export type DaemonProcessDraft = { -readonly [Key in keyof DaemonProcessGroup]: DaemonProcessGroup[Key] };

/** The group of a line without options. */
export function defaultDaemonProcessGroup(name: string, position: Position): DaemonProcessDraft {
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

/** wsgi.multiprocess of the group. */
export function isMultiprocess(group: DaemonProcessGroup): boolean {
  return group.processesGiven;
}

/** wsgi.run_once of the group. */
export function isRunOnce(group: DaemonProcessGroup): boolean {
  return group.threads === 1 && group.maximumRequests === 1;
}

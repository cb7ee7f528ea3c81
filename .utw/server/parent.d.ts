/**
 * The parent process: binds the ports, opens the logs, starts the daemon processes and the http children, replaces the
 * ones that die, and stops all of it in reverse order. It keeps root if it was started as root and never reads a byte
 * that came from a client.
 */
import type { Config } from '../conf/config.js';
import { type PythonInfo } from '../wsgi/python-probe.js';
import type { ConfigSnapshot } from './config-source.js';
export interface ParentOptions {
    readonly config: Config;
    readonly snapshot: ConfigSnapshot;
    /** Without a User line a server started as root stays root (`serve` of an application that only root can read). */
    readonly mayStayRoot: boolean;
}
/** What a running server looks like, for the message at start. */
export interface ServerTree {
    readonly addresses: readonly {
        readonly host: string | undefined;
        readonly port: number;
    }[];
    readonly httpChildren: readonly number[];
    readonly groups: readonly {
        readonly name: string;
        readonly displayName: string | undefined;
        readonly threads: number;
        readonly processes: readonly {
            readonly pid: number;
            readonly scoreboard: string;
        }[];
        readonly user: string | undefined;
        readonly python: PythonInfo;
    }[];
    readonly pid: number;
    readonly version: string;
    /** Seconds since the epoch. */
    readonly startedAt: number;
    /** The configuration's first file. */
    readonly config: string;
    readonly user: string | undefined;
    /** Every log file; errors of a server without one go to standard error. */
    readonly logs: readonly string[];
}
export declare class Parent {
    #private;
    /** Prepares everything that can fail without a child. @throws StillhouseError; nothing is left behind then */
    constructor(options: ParentOptions);
    /**
     * Starts the processes; resolves when all serve.
     * @returns false where it was told to stop meanwhile, and has
     * @throws ProcessError where one can't run as configured; everything is stopped then
     */
    start(): Promise<boolean>;
    /** Resolves when everything has stopped, by whatever cause. */
    get stopped(): Promise<void>;
    get tree(): ServerTree;
    /** Stops everything; resolves when nothing is left, which is bounded by the children's stop limits. */
    stop(cause?: string): Promise<void>;
    /** No more waiting: ends every child at once. `stop` then resolves soon. */
    killNow(): void;
}
/** The folder in which a server with this configuration makes its runtime folder. */
export declare function runtimeBase(config: Config): string;

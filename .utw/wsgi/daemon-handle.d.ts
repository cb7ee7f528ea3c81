/**
 * The parent's view of one daemon process: starts the Python runtime, hands it its settings over the control socket,
 * learns when it is ready and how it ended. What the process itself does is in python/stillhouse/daemon_process.py.
 */
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
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
export declare const pythonRuntimeFolder: string;
export declare class DaemonHandle implements ChildProcess {
    #private;
    readonly settings: DaemonSettings;
    constructor(options: DaemonSpawn, report: DaemonReport);
    get pid(): number | undefined;
    terminate(): void;
    kill(): void;
    /** The socket and the scoreboard belong to this one process. Readers that hold them open keep what they have. */
    removeFiles(): void;
}

/** From a process group's definition to what one of its processes is told at start (python/stillhouse/settings.py). */
import type { DaemonSettings } from './daemon-handle.js';
import { type DaemonProcessGroup } from './daemon-process-group.js';
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
}
export declare function makeDaemonSettings(group: DaemonProcessGroup, surroundings: DaemonSurroundings): DaemonSettings;
/** Options that a line may have and that have no effect yet: reported at start, never silently ignored. */
export declare function findIneffectiveOptions(group: DaemonProcessGroup): readonly string[];

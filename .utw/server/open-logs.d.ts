/** The log files of a configuration, opened by the parent (perhaps as root) and inherited by its children. */
import type { Config } from '../conf/config.js';
export declare class OpenLogs implements Disposable {
    #private;
    /** Every log by path. */
    readonly descriptors: ReadonlyMap<string, number>;
    /** @throws ProcessError naming the file and the reason */
    constructor(config: Config);
    /** Where errors of the main server go; standard error where there is no ErrorLog. */
    get errorLog(): number;
    /** The descriptor of an error log by path, or of the main one. */
    errorLogAt(path: string | undefined): number;
    [Symbol.dispose](): void;
}

/**
 * A log file that is only ever appended to. Lines are collected and written once per event-loop turn, in one write for
 * all of them, so that a busy server makes few system calls; a line is never split between two writers' writes unless
 * the kernel itself writes short. Used by the access logs and the error log.
 *
 * A log must never fail a request: `write` does not throw, a write error is reported once and retried, and what does not
 * fit into the bounded buffer meanwhile is dropped, counted and reported once when writing works again.
 */
export interface LogFileOptions {
    /** Called once when writing begins to fail, and once when it works again after lines were dropped. */
    readonly onProblem?: (message: string) => void;
    readonly bufferedLengthLimit?: number;
    readonly retryDelayMs?: number;
}
export declare class LogFile implements AsyncDisposable {
    #private;
    /**
     * @param target a path, opened here for appending and created with mode 0644, or a descriptor that the caller keeps
     *   and closes after `close()`.
     * @throws the system's error where the path can't be opened
     */
    constructor(target: string | number, options?: LogFileOptions);
    /** Adds one line; the newline is added here. Never throws. */
    write(line: string): void;
    /** Resolves when all lines so far are with the kernel, or when a write of them failed (it is then retried). */
    flush(): Promise<void>;
    /** Writes what is left before the process ends, without waiting for the event loop. Errors lose the rest. */
    flushSync(): void;
    /** Writes what is left, giving up at the first error, and closes the file if it was opened here. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A log file that is only ever appended to. Lines are collected and written once per event-loop turn, in one write for
 * all of them, so that a busy server makes few system calls; a line is never split between two writers' writes unless
 * the kernel itself writes short. Used by the access logs and the error log.
 *
 * A log must never fail a request: `write` does not throw, a write error is reported once and retried, and what does not
 * fit into the bounded buffer meanwhile is dropped, counted and reported once when writing works again.
 */
import { close as closeFd, openSync, write as writeFd, writeSync } from 'node:fs';
/** Lines are written at once when so much text has come together within one turn. */
const flushThresholdLength = 64 * 1024;
/** Text kept while the file can't be written, in UTF-16 units; lines beyond it are dropped. */
const bufferedLengthLimit = 4 * 1024 * 1024;
/** How long to wait after a failed write. */
const retryDelayMs = 1000;
/** How long to wait when a pipe is full (EAGAIN). */
const fullPipeDelayMs = 10;
/** How often `close` tries again on a pipe that stays full. */
const fullPipeRetriesAtClose = 100;
export class LogFile {
    #name;
    #fd;
    #ownsFd;
    #onProblem;
    #lengthLimit;
    #retryMs;
    /** Lines not handed to the kernel yet. */
    #pending = '';
    /** Taken from #pending and on its way to the kernel; undefined while no write is under way or due again. */
    #chunk;
    #scheduled = false;
    #failing = false;
    #dropped = 0;
    #closed = false;
    #retriesLeftAtClose = fullPipeRetriesAtClose;
    #retryTimer;
    #waiters = [];
    /**
     * @param target a path, opened here for appending and created with mode 0644, or a descriptor that the caller keeps
     *   and closes after `close()`.
     * @throws the system's error where the path can't be opened
     */
    constructor(target, options = {}) {
        this.#ownsFd = typeof target === 'string';
        this.#name = typeof target === 'string' ? target : `fd ${target}`;
        this.#fd = typeof target === 'string' ? openSync(target, 'a', 0o644) : target;
        this.#onProblem = options.onProblem ?? (() => { });
        this.#lengthLimit = options.bufferedLengthLimit ?? bufferedLengthLimit;
        this.#retryMs = options.retryDelayMs ?? retryDelayMs;
    }
    /** Adds one line; the newline is added here. Never throws. */
    write(line) {
        if (this.#closed || this.#pending.length + line.length + (this.#chunk?.length ?? 0) >= this.#lengthLimit) {
            this.#dropped++;
            return;
        }
        this.#pending += `${line}\n`;
        if (this.#chunk !== undefined)
            return;
        if (this.#pending.length >= flushThresholdLength) {
            this.#writeNext();
        }
        else if (!this.#scheduled) {
            this.#scheduled = true;
            setImmediate(this.#onTurn);
        }
    }
    /** Resolves when all lines so far are with the kernel, or when a write of them failed (it is then retried). */
    flush() {
        if (this.#chunk === undefined)
            this.#writeNext();
        if (this.#chunk === undefined)
            return Promise.resolve();
        this.#retryTimer?.ref();
        return new Promise((resolve) => this.#waiters.push(resolve));
    }
    /** Writes what is left before the process ends, without waiting for the event loop. Errors lose the rest. */
    flushSync() {
        // A write that is under way has its bytes in the kernel's hands; only what it has not taken yet may be written here.
        const unwritten = this.#retryTimer === undefined ? undefined : this.#chunk;
        clearTimeout(this.#retryTimer);
        this.#retryTimer = undefined;
        const rest = Buffer.concat([unwritten ?? Buffer.alloc(0), Buffer.from(this.#pending)]);
        if (unwritten !== undefined)
            this.#chunk = undefined;
        this.#pending = '';
        try {
            for (let at = 0; at < rest.length;)
                at += writeSync(this.#fd, rest, at);
        }
        catch (error) {
            this.#onProblem(`log ${this.#name} can't be written at exit, ${rest.length} bytes are lost: ${errorText(error)}`);
        }
    }
    /** Writes what is left, giving up at the first error, and closes the file if it was opened here. */
    async close() {
        if (this.#closed)
            return;
        this.#closed = true;
        clearTimeout(this.#retryTimer);
        if (this.#retryTimer !== undefined) {
            this.#retryTimer = undefined;
            this.#send();
        }
        await this.flush();
        if (this.#dropped > 0)
            this.#reportDropped();
        if (this.#ownsFd)
            await new Promise((resolve) => closeFd(this.#fd, () => resolve()));
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    #onTurn = () => {
        this.#scheduled = false;
        if (this.#chunk === undefined)
            this.#writeNext();
    };
    #writeNext() {
        if (this.#pending === '')
            return;
        this.#chunk = Buffer.from(this.#pending);
        this.#pending = '';
        this.#send();
    }
    #send() {
        const chunk = this.#chunk;
        if (chunk !== undefined)
            writeFd(this.#fd, chunk, (error, written) => this.#onWritten(chunk, error, written));
    }
    #onWritten(chunk, error, written) {
        if (error !== null) {
            this.#onWriteError(error);
            return;
        }
        if (this.#failing) {
            this.#failing = false;
            if (this.#dropped > 0)
                this.#reportDropped();
        }
        if (written < chunk.length) {
            this.#chunk = chunk.subarray(written);
            this.#send();
            return;
        }
        this.#chunk = undefined;
        this.#writeNext();
        if (this.#chunk !== undefined)
            return;
        // A slow file can fill the buffer without a single failed write.
        if (this.#dropped > 0)
            this.#reportDropped();
        this.#releaseWaiters();
    }
    #onWriteError(error) {
        const pipeFull = error.code === 'EAGAIN' && !(this.#closed && this.#retriesLeftAtClose-- === 0);
        if (!pipeFull && !this.#failing) {
            this.#failing = true;
            const next = this.#closed ? 'the lines are lost' : `retrying every ${this.#retryMs} ms`;
            this.#onProblem(`log ${this.#name} can't be written, ${next}: ${errorText(error)}`);
        }
        if (!pipeFull)
            this.#releaseWaiters();
        if (this.#closed && !pipeFull) {
            this.#chunk = undefined;
            return;
        }
        this.#retryTimer = setTimeout(() => {
            this.#retryTimer = undefined;
            this.#send();
        }, pipeFull ? fullPipeDelayMs : this.#retryMs);
        // A failing log does not keep the process alive, but somebody who waits for it does.
        if (!this.#closed && this.#waiters.length === 0)
            this.#retryTimer.unref();
    }
    #reportDropped() {
        const dropped = this.#dropped;
        this.#dropped = 0;
        this.#onProblem(`log ${this.#name} could not be written in time, lines dropped: ${dropped}`);
    }
    #releaseWaiters() {
        const waiters = this.#waiters;
        this.#waiters = [];
        for (const release of waiters)
            release();
    }
}
function errorText(error) {
    return error instanceof Error ? error.message : String(error);
}
//# sourceMappingURL=log-file.js.map
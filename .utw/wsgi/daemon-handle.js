/**
 * The parent's view of one daemon process: starts the Python runtime, hands it its settings over the control socket,
 * learns when it is ready and how it ended. What the process itself does is in python/stillhouse/daemon_process.py.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';
import { daemonExitCannotStart } from '../wire/protocol.js';
const controlDescriptor = 3;
/** Room in the command line that display-name overwrites. */
const paddingArgument = ' '.repeat(128);
export const pythonRuntimeFolder = fileURLToPath(new URL('../../python/stillhouse', import.meta.url));
export class DaemonHandle {
    settings;
    #process;
    #failure = '';
    #stopReason = '';
    constructor(options, report) {
        this.settings = options.settings;
        this.#process = spawn(options.python, [...options.pythonOptions, pythonRuntimeFolder, options.settings.display_name === null ? '' : paddingArgument], {
            env: options.environment,
            stdio: ['ignore', options.errorLog, options.errorLog, 'pipe'],
            // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
            detached: true,
        });
        let isGone = false;
        const gone = (exit) => {
            if (isGone)
                return;
            isGone = true;
            this.removeFiles();
            report.exited(exit);
        };
        this.#process.once('error', (error) => {
            const reason = `can't run '${options.python}': ${error.code ?? error.message}`;
            gone({ pid: undefined, status: null, signal: null, cannotStart: true, isOrderly: false, reason });
        });
        this.#process.once('exit', (status, signal) => {
            const cannotStart = status === daemonExitCannotStart;
            const isOrderly = status === 0 && this.#stopReason !== '';
            gone({ pid: this.pid, status, signal, cannotStart, isOrderly, reason: this.#describeEnd(status, signal) });
        });
        this.#openControl(report);
    }
    get pid() {
        return this.#process.pid;
    }
    terminate() {
        this.#process.kill('SIGTERM');
    }
    kill() {
        this.#process.kill('SIGKILL');
    }
    /** The socket and the scoreboard belong to this one process. Readers that hold them open keep what they have. */
    removeFiles() {
        rmSync(this.settings.socket, { force: true });
        rmSync(this.settings.scoreboard, { force: true });
    }
    #openControl(report) {
        // 'pipe' is a connected socket pair, both ways (child_process documentation).
        const control = this.#process.stdio[controlDescriptor];
        if (control === null || control === undefined)
            return; // it could not be spawned: 'error' says why
        control.on('error', () => {
            // The process is gone; its exit tells more than the broken socket.
        });
        const decoder = new JsonLineDecoder((value) => {
            if (value['event'] === 'ready')
                report.ready();
            else if (value['event'] === 'failed')
                this.#failure = String(value['message']);
            else if (value['event'] === 'stopping')
                this.#stopReason = String(value['reason']);
        });
        control.on('data', (chunk) => decoder.push(chunk));
        control.write(encodeJsonLine(this.settings));
    }
    #describeEnd(status, signal) {
        if (this.#failure !== '')
            return this.#failure;
        if (signal !== null)
            return `terminated by signal ${signal}`;
        const end = status === 0 ? 'terminated normally, exit code 0' : `terminated with exit code ${status}`;
        return this.#stopReason === '' ? end : `${end} (${this.#stopReason})`;
    }
}
//# sourceMappingURL=daemon-handle.js.map
/** The parent's view of one http child: a Node process that runs http-child-main.js and inherits sockets and logs. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
const program = fileURLToPath(new URL('./http-child-main.js', import.meta.url));
/** stdin, stdout, stderr, IPC */
const firstInheritedDescriptor = 4;
export class HttpChildHandle {
    #process;
    #failure = '';
    constructor(boot, report) {
        const inherited = [];
        const inherit = (descriptor) => firstInheritedDescriptor + inherited.push(descriptor) - 1;
        const listeners = boot.listeners.map((one) => ({ address: one.address, descriptor: inherit(one.descriptor) }));
        const logs = Object.fromEntries([...boot.logs].map(([path, descriptor]) => [path, inherit(descriptor)]));
        this.#process = spawn(process.execPath, [program], {
            stdio: ['ignore', boot.errorLog, boot.errorLog, 'ipc', ...inherited],
            // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
            detached: true,
        });
        let isGone = false;
        const gone = (exit) => {
            if (isGone)
                return;
            isGone = true;
            report.exited(exit);
        };
        this.#process.once('error', (error) => {
            gone({ pid: this.pid, status: null, signal: null, cannotStart: true, isOrderly: false, reason: error.message });
        });
        this.#process.once('exit', (status, signal) => {
            const end = signal === null ? `exit code ${status}` : `signal ${signal}`;
            const cannotStart = this.#failure !== '';
            gone({
                pid: this.pid,
                status,
                signal,
                cannotStart,
                isOrderly: status === 0 && !cannotStart,
                reason: cannotStart ? this.#failure : `terminated by ${end}`,
            });
        });
        this.#process.on('message', (message) => {
            if (message.type === 'ready')
                report.ready();
            else
                this.#failure = message.message;
        });
        const { errorLog: _, ...rest } = boot;
        this.send({ ...rest, type: 'boot', listeners, logs });
    }
    get pid() {
        return this.#process.pid;
    }
    send(message) {
        // Where it has died the message is lost; its exit is on the way.
        if (this.#process.connected)
            this.#process.send(message, () => { });
    }
    terminate() {
        this.send({ type: 'stop' });
    }
    kill() {
        this.#process.kill('SIGKILL');
    }
}
//# sourceMappingURL=http-child-handle.js.map
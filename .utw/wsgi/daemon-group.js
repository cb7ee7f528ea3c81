/**
 * The parent's view of a daemon process group: keeps its fixed number of processes alive and tells, whenever that
 * changes, which of them take requests. One per WSGIDaemonProcess line.
 */
import { RestartBudget } from '../proc/restart-budget.js';
import { SupervisedChild } from '../proc/supervised-child.js';
import { DaemonHandle } from './daemon-handle.js';
/** A process that has not said it is ready by then is killed, and counts as one that died young. */
const startMsLimit = 300_000;
/** Apache gives a daemon process this long when the server stops. */
const stopMsLimit = 3_000;
export class DaemonGroup {
    definition;
    #options;
    #members = [];
    #ended = 0;
    #settled = 0;
    #onSettled;
    #onStopped;
    constructor(options) {
        this.#options = options;
        this.definition = options.definition;
        for (let index = 0; index < options.definition.processes; index++)
            this.#members.push(this.#createMember());
    }
    /** The processes that take requests now. */
    get processes() {
        const addresses = [];
        for (const { child, id } of this.#members) {
            const handle = child.process;
            if (child.state !== 'running' || handle?.pid === undefined)
                continue;
            const { socket, scoreboard } = handle.settings;
            addresses.push({ id, pid: handle.pid, socket, scoreboard });
        }
        return addresses;
    }
    /** Starts the processes; resolves when each is ready or has failed once. */
    start() {
        return new Promise((resolve) => {
            this.#onSettled = resolve;
            for (const { child } of this.#members)
                child.start();
        });
    }
    /** Stops them; resolves when all have ended, which is bounded by the stop limit. */
    stop() {
        return new Promise((resolve) => {
            this.#onStopped = resolve;
            for (const { child } of this.#members)
                child.stop();
        });
    }
    killNow() {
        for (const { child } of this.#members)
            child.killNow();
    }
    #createMember() {
        const { clock, report } = this.#options;
        const { name } = this.definition;
        let isSettled = false;
        const settle = () => {
            if (isSettled)
                return;
            isSettled = true;
            this.#settled += 1;
            if (this.#settled === this.#members.length)
                this.#onSettled?.();
        };
        const budget = new RestartBudget();
        const child = new SupervisedChild({
            clock,
            budget,
            limits: { startMs: startMsLimit, stopMs: stopMsLimit },
            spawn: (events) => {
                member.id = this.#options.nextId();
                return new DaemonHandle(this.#options.spawnFor(member.id), events);
            },
            onReady: () => {
                this.#announce();
                settle();
            },
            onDeath: (handle, exit, delayMs, wasReady) => {
                report(exit.cannotStart ? 'alert' : exit.isOrderly ? 'info' : 'error', describeDeath(name, handle?.pid ?? exit.pid, exit, isSettled ? delayMs : undefined));
                if (wasReady)
                    this.#announce();
                if (exit.cannotStart)
                    this.#options.onCannotStart(exit.reason);
                settle();
            },
            onOverdue: (handle, state) => {
                const what = state === 'starting' ? `was not ready after ${startMsLimit / 1000} s` : 'did not stop in time';
                report('error', `process '${name}' (pid=${handle.pid}) ${what}; sending SIGKILL`);
            },
            onEnded: () => {
                settle();
                this.#ended += 1;
                if (this.#ended === this.#members.length)
                    this.#onStopped?.();
            },
        });
        const member = { child, id: 0 };
        return member;
    }
    #announce() {
        this.#options.onProcesses(this.processes);
    }
}
/** `delayMs` is undefined while the server starts: a process that can't start then ends that. */
function describeDeath(name, pid, exit, delayMs) {
    const next = !delayMs ? 'restarting it' : `restarting it in ${delayMs / 1000} s`;
    if (exit.cannotStart) {
        return `process '${name}' can't start: ${exit.reason}${delayMs === undefined ? '' : `; ${next}`}`;
    }
    return `Process '${name}' (pid=${pid ?? 'none'}) has died; deregistering and ${next}: ${exit.reason}`;
}
//# sourceMappingURL=daemon-group.js.map
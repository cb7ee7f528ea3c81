/**
 * Keeps one child process alive: starts it, waits until it says it is ready, replaces it when it dies, stops it. Owns
 * the timers; what a child is and how it is spawned comes from outside (DaemonHandle, HttpChildHandle).
 */
import { assert } from '../base/assert.js';
import { childLife } from './child-life.js';
export class SupervisedChild {
    #options;
    #state = 'absent';
    #process;
    #exit;
    #readyAtMs = 0;
    #timer;
    constructor(options) {
        this.#options = options;
    }
    get state() {
        return this.#state;
    }
    /** The process there is now. */
    get process() {
        return this.#process;
    }
    start() {
        this.#handle('start');
    }
    /** Stops it for good; `onEnded` follows. */
    stop() {
        this.#handle('stop');
    }
    /** No waiting for the stop limit any more. */
    killNow() {
        this.#process?.kill();
    }
    #handle(event) {
        const action = childLife[this.#state][event];
        switch (action) {
            case 'ignore':
                return;
            case 'spawn':
                this.#spawn();
                return;
            case 'announce': {
                this.#enter('running');
                this.#readyAtMs = this.#options.clock.monotonicMs();
                assert(this.#process !== undefined, 'child-life 1: a running child has a process');
                this.#options.onReady(this.#process);
                return;
            }
            case 'replace':
                this.#replace();
                return;
            case 'terminate':
                this.#enter('stopping', this.#options.limits.stopMs);
                this.#process?.terminate();
                return;
            case 'kill':
                assert(this.#process !== undefined, 'child-life 1: an overdue child has a process');
                this.#options.onOverdue(this.#process, this.#state);
                this.#process.kill();
                return;
            case 'end':
                this.#enter('ended');
                this.#process = undefined;
                this.#options.onEnded();
                return;
            case 'broken':
                assert(false, `child-life: ${event} in state ${this.#state}`);
        }
    }
    #spawn() {
        this.#enter('starting', this.#options.limits.startMs);
        this.#readyAtMs = 0;
        let isCurrent = true;
        this.#process = this.#options.spawn({
            ready: () => {
                if (isCurrent)
                    this.#handle('ready');
            },
            exited: (exit) => {
                if (!isCurrent)
                    return;
                isCurrent = false;
                this.#exit = exit;
                this.#handle('exit');
            },
        });
    }
    #replace() {
        const exit = this.#exit;
        assert(exit !== undefined, 'child-life: an exit was recorded');
        const died = this.#process;
        this.#process = undefined;
        const lifeMs = this.#readyAtMs === 0 ? 0 : Math.max(1, this.#options.clock.monotonicMs() - this.#readyAtMs);
        const isHealthy = exit.isOrderly && lifeMs > 0;
        const delayMs = isHealthy ? 0 : this.#options.budget.delayAfterDeath(lifeMs);
        this.#enter('delayed');
        this.#timer = this.#options.clock.after(delayMs, () => this.#handle('retry'));
        this.#options.onDeath(died, exit, delayMs, lifeMs > 0);
    }
    #enter(state, limitMs) {
        this.#timer?.cancel();
        this.#timer =
            limitMs === undefined ? undefined : this.#options.clock.after(limitMs, () => this.#handle('deadline'));
        this.#state = state;
    }
}
//# sourceMappingURL=supervised-child.js.map
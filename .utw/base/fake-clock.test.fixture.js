/** A clock that stands still until a test moves it. */
export class FakeClock {
    #nowMs;
    #timers = [];
    constructor(startMs = 1_000_000) {
        this.#nowMs = startMs;
    }
    /** Timers that have neither run nor been cancelled. */
    get timers() {
        return this.#timers.length;
    }
    /** How long until each timer runs, the nearest first. */
    get delaysMs() {
        return this.#timers.map((timer) => timer.atMs - this.#nowMs).sort((a, b) => a - b);
    }
    nowMs() {
        return this.#nowMs;
    }
    monotonicMs() {
        return this.#nowMs;
    }
    after(delayMs, callback) {
        const timer = { atMs: this.#nowMs + delayMs, callback };
        this.#timers.push(timer);
        return { cancel: () => this.#forget(timer) };
    }
    /** Moves time, running what falls due in its order. */
    advance(ms) {
        const untilMs = this.#nowMs + ms;
        for (;;) {
            const due = this.#timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
            if (due === undefined)
                break;
            this.#forget(due);
            this.#nowMs = Math.max(this.#nowMs, due.atMs);
            due.callback();
        }
        this.#nowMs = untilMs;
    }
    #forget(timer) {
        this.#timers = this.#timers.filter((one) => one !== timer);
    }
}
//# sourceMappingURL=fake-clock.test.fixture.js.map
/** Time, handed to what needs it, so that the pure layers can be tested without waiting. */
export const systemClock = {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs, callback) {
        const handle = setTimeout(callback, delayMs);
        handle.unref();
        return { cancel: () => clearTimeout(handle) };
    },
};
//# sourceMappingURL=clock.js.map
/**
 * The life of one supervised child process, as a table. SupervisedChild (supervised-child.ts) carries out the actions.
 *
 *            start            ready              stop
 *   absent ────────▶ starting ─────▶ running ─────────▶ stopping ──exit──▶ ended
 *                     │  ▲             │                   │ deadline: kill
 *                     │  │ retry       │ exit              ▼
 *              exit   ▼  │             ▼                (stopping)
 *                    delayed ◀─────────┘
 *
 * Invariants:
 *  1. There is a process exactly in starting, running and stopping.
 *  2. A timer is set exactly in starting (start limit), stopping (stop limit) and delayed (until retry).
 *  3. `ended` is final.
 */
export const childLife = {
    absent: { start: 'spawn', ready: 'broken', exit: 'broken', stop: 'end', deadline: 'broken', retry: 'broken' },
    starting: {
        start: 'ignore',
        ready: 'announce',
        exit: 'replace',
        stop: 'terminate',
        deadline: 'kill',
        retry: 'broken',
    },
    running: {
        start: 'ignore',
        ready: 'ignore',
        exit: 'replace',
        stop: 'terminate',
        deadline: 'broken',
        retry: 'broken',
    },
    // Ready may cross the request to stop on its way.
    stopping: { start: 'ignore', ready: 'ignore', exit: 'end', stop: 'ignore', deadline: 'kill', retry: 'broken' },
    delayed: { start: 'ignore', ready: 'broken', exit: 'broken', stop: 'end', deadline: 'broken', retry: 'spawn' },
    ended: { start: 'broken', ready: 'ignore', exit: 'ignore', stop: 'ignore', deadline: 'broken', retry: 'broken' },
};
//# sourceMappingURL=child-life.js.map
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
export type ChildState = 'absent' | 'starting' | 'running' | 'stopping' | 'delayed' | 'ended';
export type ChildEvent = 'start' | 'ready' | 'exit' | 'stop' | 'deadline' | 'retry';
export type ChildAction = 'spawn' | 'announce' | 'replace' | 'terminate' | 'kill' | 'end' | 'ignore' | 'broken';
export declare const childLife: {
    readonly absent: {
        readonly start: 'spawn';
        readonly ready: 'broken';
        readonly exit: 'broken';
        readonly stop: 'end';
        readonly deadline: 'broken';
        readonly retry: 'broken';
    };
    readonly starting: {
        readonly start: 'ignore';
        readonly ready: 'announce';
        readonly exit: 'replace';
        readonly stop: 'terminate';
        readonly deadline: 'kill';
        readonly retry: 'broken';
    };
    readonly running: {
        readonly start: 'ignore';
        readonly ready: 'ignore';
        readonly exit: 'replace';
        readonly stop: 'terminate';
        readonly deadline: 'broken';
        readonly retry: 'broken';
    };
    readonly stopping: {
        readonly start: 'ignore';
        readonly ready: 'ignore';
        readonly exit: 'end';
        readonly stop: 'ignore';
        readonly deadline: 'kill';
        readonly retry: 'broken';
    };
    readonly delayed: {
        readonly start: 'ignore';
        readonly ready: 'broken';
        readonly exit: 'broken';
        readonly stop: 'end';
        readonly deadline: 'broken';
        readonly retry: 'spawn';
    };
    readonly ended: {
        readonly start: 'broken';
        readonly ready: 'ignore';
        readonly exit: 'ignore';
        readonly stop: 'ignore';
        readonly deadline: 'broken';
        readonly retry: 'broken';
    };
};

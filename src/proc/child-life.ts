/**
 * The life of one supervised child process, as a table. SupervisedChild (supervised-child.ts) carries out the actions.
 *
 *            start            ready              retire              deadline, stop
 *   absent ────────▶ starting ─────▶ running ──────────▶ retiring ─────────────────▶ stopping
 *                     │  ▲             │ └───────stop────────│──────────────────────▶  │ deadline: kill
 *                     │  │ retry       │ exit                │ exit                    ▼
 *              exit   ▼  │             ▼                     ▼                exit ─▶ ended
 *                    delayed ◀─────────┘                   ended
 *
 * Invariants:
 *  1. There is a process exactly in starting, running, retiring and stopping.
 *  2. A timer is set exactly in starting (start limit), retiring (retire limit), stopping (stop limit) and delayed
 *     (until retry).
 *  3. `ended` is final.
 */

export type ChildState = 'absent' | 'starting' | 'running' | 'retiring' | 'stopping' | 'delayed' | 'ended';

export type ChildEvent =
  | 'start'
  | 'ready' // the child says that it serves
  | 'exit' // the process is gone
  | 'stop' // asked from outside
  | 'retire' // asked from outside: take nothing new, finish what was begun, then stop
  | 'deadline' // the state's timer ran out
  | 'retry'; // the delay is over

export type ChildAction =
  | 'spawn'
  | 'announce' // it serves
  | 'replace' // it died: start another now or later
  | 'retire' // ask it to finish, and set the retire limit
  | 'terminate' // ask it to stop, and set the stop limit
  | 'hurry' // set the stop limit anew
  | 'kill' // it did not stop, or did not start, in time
  | 'end'
  | 'ignore'
  | 'broken';

export const childLife = {
  absent: {
    start: 'spawn',
    ready: 'broken',
    exit: 'broken',
    stop: 'end',
    retire: 'end',
    deadline: 'broken',
    retry: 'broken',
  },
  starting: {
    start: 'ignore',
    ready: 'announce',
    exit: 'replace',
    stop: 'terminate',
    retire: 'terminate',
    deadline: 'kill',
    retry: 'broken',
  },
  running: {
    start: 'ignore',
    ready: 'ignore',
    exit: 'replace',
    stop: 'terminate',
    retire: 'retire',
    deadline: 'broken',
    retry: 'broken',
  },
  retiring: {
    start: 'ignore',
    ready: 'ignore',
    exit: 'end',
    stop: 'terminate',
    retire: 'ignore',
    deadline: 'terminate',
    retry: 'broken',
  },
  // Ready may cross the request to stop on its way. Asked again there may be less time: the whole server stops.
  stopping: {
    start: 'ignore',
    ready: 'ignore',
    exit: 'end',
    stop: 'hurry',
    retire: 'ignore',
    deadline: 'kill',
    retry: 'broken',
  },
  delayed: {
    start: 'ignore',
    ready: 'broken',
    exit: 'broken',
    stop: 'end',
    retire: 'end',
    deadline: 'broken',
    retry: 'spawn',
  },
  ended: {
    start: 'broken',
    ready: 'ignore',
    exit: 'ignore',
    stop: 'ignore',
    retire: 'ignore',
    deadline: 'broken',
    retry: 'broken',
  },
} as const satisfies Record<ChildState, Record<ChildEvent, ChildAction>>;

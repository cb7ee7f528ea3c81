/** What is told of the processes of a group: to `ps`, and to the log when one has died. */

import type { ChildExit, SupervisedChild } from '../proc/supervised-child.js';
import type { GroupProcess } from './daemon-group.js';

export type DaemonProcessState = 'starting' | 'serving' | 'retiring' | 'stopping' | 'delayed';

/** One process, for `ps`. */
export interface DaemonProcessReport {
  readonly pid: number | undefined;
  readonly state: DaemonProcessState;
  readonly generation: number;
  /** Seconds since the epoch. */
  readonly startedAt: number | undefined;
  readonly scoreboard: string | undefined;
  /** Why it is not simply serving. */
  readonly reason: string | undefined;
}

/** What of a process's supervision is told. */
export interface ReportedProcess {
  readonly child: Pick<SupervisedChild<GroupProcess>, 'process' | 'state'>;
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly reason: string | undefined;
}

const states: Readonly<Record<string, DaemonProcessState>> = {
  starting: 'starting',
  running: 'serving',
  retiring: 'retiring',
  stopping: 'stopping',
};

export function reportOf({ child, generation, startedAtMs, reason }: ReportedProcess): DaemonProcessReport {
  const handle = child.process;
  return {
    pid: handle?.pid,
    state: states[child.state] ?? 'delayed',
    generation,
    startedAt: handle === undefined ? undefined : startedAtMs / 1000,
    scoreboard: handle?.settings.scoreboard,
    reason,
  };
}

/** While the server starts (not `isSettled`) a process that can't start ends that, and is not tried again. */
export function describeDeath(
  name: string,
  pid: number | undefined,
  exit: ChildExit,
  delayMs: number,
  isSettled: boolean,
): string {
  const next = delayMs === 0 ? 'restarting it' : `restarting it in ${delayMs / 1000} s`;
  if (exit.cannotStart) return `process '${name}' can't start: ${exit.reason}${isSettled ? `; ${next}` : ''}`;
  return `Process '${name}' (pid=${pid ?? 'none'}) has died; deregistering and ${next}: ${exit.reason}`;
}

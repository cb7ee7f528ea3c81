/** Which requests the processes of a group have run longest, in words: for messages about those that wait. */

import type { ScoreboardContent } from '../wire/scoreboard-reader.js';

/** A process that can be looked into. */
export interface WatchedProcess {
  readonly address: { readonly pid: number };
  readScoreboard(): ScoreboardContent | undefined;
}

const requestsShown = 3;

/** How messages name a process group. */
export function describeGroup(name: string): string {
  return name === '' ? 'embedded mode' : `daemon process group '${name}'`;
}
const targetCharactersShown = 100;

/**
 * `GET /slow?x (pid 12, 8.2 s), ...`, the oldest first; 'nothing' where no thread is busy.
 * @param nowMs milliseconds since the epoch
 */
export function describeRunning(processes: Iterable<WatchedProcess>, nowMs: number): string {
  const running: { readonly label: string; readonly pid: number; readonly startedAt: number }[] = [];
  for (const process of processes) {
    for (const { requestId, startedAt, label } of process.readScoreboard()?.slots ?? []) {
      if (requestId !== 0) running.push({ label, pid: process.address.pid, startedAt });
    }
  }
  if (running.length === 0) return 'nothing';
  running.sort((one, other) => one.startedAt - other.startedAt);
  const shown = running.slice(0, requestsShown).map(({ label, pid, startedAt }) => {
    return `${shorten(label)} (pid ${pid}, ${formatSeconds(nowMs - startedAt * 1000)})`;
  });
  const rest = running.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

/** A method and request target, cut to what a line of the log has room for. */
export function shorten(label: string): string {
  return label.length <= targetCharactersShown ? label : `${label.slice(0, targetCharactersShown)}...`;
}

/** `8.2 s` */
export function formatSeconds(milliseconds: number): string {
  return `${Math.max(0, milliseconds / 1000).toFixed(1)} s`;
}

/** `1 request waits`, `3 requests wait` */
export function countWaiting(count: number, what = 'request'): string {
  return count === 1 ? `1 ${what} waits` : `${count} ${what}s wait`;
}

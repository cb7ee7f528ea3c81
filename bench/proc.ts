/** Processor time and memory of a server's processes, from /proc. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** User and system time of the process and of its children that have ended. */
  readonly cpuTicks: number;
}

/** Of /proc/PID/stat: Linux's USER_HZ, 100 on every architecture that Node.js runs on. */
const ticksPerSecond = 100;

/** /proc/PID/stat. The command's name stands in brackets and may hold anything, brackets too. */
export function parseStat(text: string): ProcessStat {
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const number = (index: number): number => Number(fields[index]);
  return {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '',
    parent: number(1),
    group: number(2),
    cpuTicks: number(11) + number(12) + number(13) + number(14),
  };
}

function readStat(pid: number): ProcessStat | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone, or another user's: in both cases not ours to count.
    return undefined;
  }
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The processes of these groups and all of their descendants, without those that have ended. */
export function findTree(leaders: readonly number[]): number[] {
  // A child that could not be started has no pid; the kernel's own threads are group 0, and all is below process 1.
  const groups = leaders.filter((leader) => leader > 1);
  const stats = allPids().flatMap((pid) => readStat(pid) ?? []);
  const found = new Set(groups);
  for (;;) {
    const more = stats.filter(
      ({ pid, parent, group }) => !found.has(pid) && (groups.includes(group) || found.has(parent)),
    );
    if (more.length === 0) break;
    for (const { pid } of more) found.add(pid);
  }
  return stats.filter(({ pid, state }) => found.has(pid) && state !== 'Z' && state !== 'X').map(({ pid }) => pid);
}

/** Processes with this line in their environment: also those that have left the tree. */
export function findByEnvironment(line: string): number[] {
  return allPids().filter((pid) => read(`/proc/${pid}/environ`)?.split('\0').includes(line) && isAlive(pid));
}

export function isAlive(pid: number): boolean {
  const state = readStat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** In seconds since each of them began. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (readStat(pid)?.cpuTicks ?? 0), 0) / ticksPerSecond;
}

/** Makes peakResidentBytes count from here. */
export function resetPeaks(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      // proc(5): 5 resets the peak resident set size.
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // Gone.
    }
  }
}

export interface Memory {
  /** As it is, shared pages counted in each process. */
  readonly residentBytes: number;
  /** Sum of each process's own peak, shared pages counted in each: what `ps` would show. */
  readonly peakResidentBytes: number;
  /** Sum of what is resident, a page that n processes share counted as 1/n in each: what the machine has spent. */
  readonly proportionalBytes: number;
}

export function memoryOf(pids: readonly number[]): Memory {
  let residentBytes = 0;
  let peakResidentBytes = 0;
  let proportionalBytes = 0;
  for (const pid of pids) {
    const status = read(`/proc/${pid}/status`);
    residentBytes += kilobytes(status, 'VmRSS') * 1024;
    peakResidentBytes += kilobytes(status, 'VmHWM') * 1024;
    proportionalBytes += kilobytes(read(`/proc/${pid}/smaps_rollup`), 'Pss') * 1024;
  }
  return { residentBytes, peakResidentBytes, proportionalBytes };
}

function kilobytes(text: string | undefined, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '')?.[1] ?? 0);
}

/** What /proc tells about processes: the tests' view of a server from outside. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  /** Real, effective, saved and file system ids. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly groups: readonly number[];
}

const pollMs = 15;

/** Resolves with the first value of `probe` that is neither undefined nor false. @throws Error naming `what` */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Whether a process is there and not a zombie. */
export function isAlive(pid: number): boolean {
  const state = statusField(pid, 'State');
  return state !== undefined && !/^[ZX]/.test(state);
}

export async function waitGone(pids: readonly number[], timeoutMs = 5_000): Promise<void> {
  await waitFor(`the end of ${pids.join(', ')}`, () => pids.every((pid) => !isAlive(pid)), timeoutMs);
}

/** Direct children, zombies too. */
export function childrenOf(pid: number): readonly number[] {
  return allPids().filter((one) => parentOf(one) === pid);
}

export function parentOf(pid: number): number | undefined {
  const field = statusField(pid, 'PPid');
  return field === undefined ? undefined : Number(field);
}

/** Processes that were started with this line in their environment, whoever their parent is now. */
export function processesWithEnvironment(line: string): readonly number[] {
  return allPids().filter((pid) => readProc(pid, 'environ')?.split('\0').includes(line) === true && isAlive(pid));
}

/** Names of the operating system's threads, in the order of their ids. */
export function threadNames(pid: number): readonly string[] {
  return threadIds(pid).flatMap((tid) => readProc(pid, `task/${tid}/comm`)?.trimEnd() ?? []);
}

export function threadIds(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Arguments as `ps` sees them. */
export function commandLine(pid: number): string {
  return (readProc(pid, 'cmdline') ?? '').replace(/\0+$/, '').replaceAll('\0', ' ');
}

export function residentBytes(pid: number): number {
  return Number.parseInt(statusField(pid, 'VmRSS') ?? '0', 10) * 1024;
}

export function identityOf(pid: number): ProcessIdentity {
  const numbers = (name: string): readonly number[] =>
    (statusField(pid, name) ?? '').split(/\s+/).filter(Boolean).map(Number);
  return { uids: numbers('Uid'), gids: numbers('Gid'), groups: numbers('Groups') };
}

/** How many descriptors a process has open, by what they point to. */
export function openFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // closed while we read
    }
  });
}

function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function statusField(pid: number, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readProc(pid, 'status') ?? '')?.[1];
}

/** Undefined where the process has gone or is not ours to look into. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** What the kernel and the scoreboards tell about the processes of a running server, for `ps`. */

import { readdirSync, readFileSync } from 'node:fs';
import { ProcessError } from '../base/errors.js';
import { findUser } from '../server/accounts.js';
import type { DaemonProcessNode, GroupNode, HttpChildNode, ServerTree } from '../server/server-tree.js';
import { decodeScoreboard, type ScoreboardSlot } from '../wire/scoreboard-reader.js';

/** Absent where the process has gone meanwhile. */
export interface ProcessFigures {
  /** Whom it runs as: the name, else the number. */
  readonly user?: string;
  readonly ageSeconds?: number;
  readonly residentBytes?: number;
  readonly cpuSeconds?: number;
  /** Of one core, over the whole life of the process. */
  readonly cpuPercent?: number;
}

export interface RequestReport {
  readonly method: string;
  /** As it was asked for, one character for each byte; cut where it is very long. */
  readonly url: string;
  readonly seconds: number;
}

export interface ThreadReport {
  /** The operating system's id. */
  readonly tid: number;
  /**
   * main, monitor, deadlock, request 1 ..., reaper, signal, or application; caretaker where main runs a service. A
   * sub-interpreter has a main thread called group, a monitor and request threads of its own.
   */
  readonly role: string;
  /** What the operating system calls it; the thread that starts another one passes its name on. */
  readonly name: string;
  /** Of a request thread of a sub-interpreter: its application group, a byte string. */
  readonly applicationGroup?: string;
  /** Of a request thread: how many requests it has finished. */
  readonly requestsServed?: number;
  /** Of a request thread that is not idle. */
  readonly request?: RequestReport;
  /** One entry for each call, innermost first. */
  readonly stack?: readonly string[];
}

export interface DaemonProcessReport extends DaemonProcessNode, ProcessFigures {
  readonly requestsServed: number;
  readonly threads: readonly ThreadReport[];
  /** Why there are no Python stacks, where they were asked for. */
  readonly stackProblem?: string;
}

export interface GroupReport extends Omit<GroupNode, 'processes'> {
  /** Of the processes that take requests. */
  readonly requestThreads: { readonly total: number; readonly busy: number };
  /** Requests that run in processes which take no more of them. */
  readonly requestsInEndingProcesses: number;
  readonly processes: readonly DaemonProcessReport[];
}

export interface HttpChildReport extends HttpChildNode, ProcessFigures {
  /** Of its Python interpreter, where it has one (embedded mode); those of Node.js are not among them. */
  readonly threads?: readonly ThreadReport[];
}

export interface ServerReport extends Omit<ServerTree, 'httpChildren' | 'groups'> {
  readonly parent: ProcessFigures;
  readonly httpChildren: readonly HttpChildReport[];
  readonly groups: readonly GroupReport[];
}

/** What the command `stacks` answers about one process. */
export interface ProcessStacks {
  readonly pid: number;
  readonly error?: string;
  readonly threads?: readonly { readonly tid: number; readonly name: string; readonly stack: readonly string[] }[];
}

/** Linux counts processor time in hundredths of a second for whoever asks, whatever the kernel's own tick is (USER_HZ). */
const ticksPerSecond = 100;
/** The monitor borrows the deadlock thread's name for the moment in which it starts that thread anew. */
const threadLooksLimit = 3;
/** What newer versions of Node.js call their threads; older ones call all of them as the process. */
const nodeThreads = /^(?:libuv-|V8|DelayedTask)/;

export function inspectServer(tree: ServerTree, stacks: readonly ProcessStacks[] = []): ServerReport {
  return {
    ...tree,
    parent: inspectProcess(tree.pid),
    httpChildren: tree.httpChildren.map(inspectHttpChild),
    groups: tree.groups.map((group) => inspectGroup(group, stacks)),
  };
}

function inspectHttpChild(child: HttpChildNode): HttpChildReport {
  const figures = { ...child, ...inspectProcess(child.pid) };
  const slots = child.scoreboard === undefined ? undefined : readSlots(child.scoreboard);
  if (slots === undefined) return figures;
  const threads = readSettledThreads(child.pid);
  const ofNode = threads.find(({ tid }) => tid === child.pid)?.name;
  const ofPython = threads.filter(({ name }) => name !== ofNode && !nodeThreads.test(name));
  return { ...figures, threads: assignRoles(child.pid, ofPython, slots) };
}

function inspectGroup(group: GroupNode, stacks: readonly ProcessStacks[]): GroupReport {
  const processes = group.processes.map((node) =>
    inspectDaemonProcess(
      node,
      stacks.find(({ pid }) => pid === node.pid),
    ),
  );
  const busyIn = (some: readonly DaemonProcessReport[]): number =>
    some.reduce((sum, { threads }) => sum + threads.filter(({ request }) => request !== undefined).length, 0);
  const serving = processes.filter(({ state }) => state === 'serving');
  const ending = processes.filter(({ state }) => state !== 'serving');
  return {
    ...group,
    requestThreads: { total: serving.length * group.threads, busy: busyIn(serving) },
    requestsInEndingProcesses: busyIn(ending),
    processes,
  };
}

function inspectDaemonProcess(node: DaemonProcessNode, stacks: ProcessStacks | undefined): DaemonProcessReport {
  if (node.pid === undefined) return { ...node, requestsServed: 0, threads: [] };
  const slots = node.scoreboard === undefined ? undefined : readSlots(node.scoreboard);
  const threads = assignRoles(node.pid, readSettledThreads(node.pid), slots).map((thread): ThreadReport => {
    const stack = stacks?.threads?.find(({ tid }) => tid === thread.tid)?.stack;
    return stack === undefined ? thread : { ...thread, stack };
  });
  return {
    ...node,
    ...inspectProcess(node.pid),
    requestsServed: (slots ?? []).reduce((sum, { served }) => sum + served, 0),
    threads,
    ...(stacks?.error === undefined ? {} : { stackProblem: stacks.error }),
  };
}

/** Undefined where it can't be read: the process ended while we looked, or it is not ours. */
function readSlots(path: string): readonly ScoreboardSlot[] | undefined {
  try {
    return decodeScoreboard(readFileSync(path)).slots;
  } catch {
    return undefined;
  }
}

export interface SystemThread {
  readonly tid: number;
  readonly name: string;
}

function readSettledThreads(pid: number): readonly SystemThread[] {
  let found = readThreads(pid);
  for (let look = 1; look < threadLooksLimit && !found.some(({ name }) => name === 'wsgi-monitor'); look++) {
    found = readThreads(pid);
  }
  return found;
}

/**
 * The threads of a daemon process by role: those that every process has, then the application's own.
 * @param found by ascending id
 */
export function assignRoles(
  pid: number,
  found: readonly SystemThread[],
  slots: readonly ScoreboardSlot[] | undefined,
): readonly ThreadReport[] {
  const taken = new Map<string, number>();
  const ofMain = slots?.filter(({ applicationGroup }) => applicationGroup === '').length ?? 0;
  const guests = ofMain === 0 ? 0 : (slots?.length ?? 0) / ofMain - 1;
  const threads = found.map(({ tid, name }): ThreadReport => {
    const slot = slots?.find(({ threadId }) => threadId === tid);
    let role = findRole(tid, name, pid, slots, ofMain);
    const key = `${role} ${slot?.applicationGroup ?? ''}`;
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    const expected = role === 'group' ? guests : role === 'monitor' ? guests + 1 : 1;
    // A thread that the application starts inherits the name of the one that started it.
    if (count > expected) role = 'application';
    return { tid, role, name, ...(slot === undefined ? {} : describeSlot(slot)) };
  });
  return threads.sort(
    (a, b) => rank(a) - rank(b) || compareNames(a.applicationGroup, b.applicationGroup) || a.tid - b.tid,
  );
}

/** @param ofMain how many request threads each interpreter has */
function findRole(
  tid: number,
  name: string,
  pid: number,
  slots: readonly ScoreboardSlot[] | undefined,
  ofMain: number,
): string {
  if (tid === pid) return 'main';
  const slot = slots?.findIndex(({ threadId }) => threadId === tid) ?? -1;
  if (slot !== -1) return `request ${(slot % ofMain) + 1}`;
  const request = /^wsgi-request-(\d+)$/.exec(name)?.[1];
  if (request !== undefined) return slots === undefined ? `request ${request}` : 'application';
  return /^wsgi-(?!main$)([a-z-]+)$/.exec(name)?.[1] ?? 'application';
}

function compareNames(one = '', other = ''): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function rank({ applicationGroup, role }: ThreadReport): number {
  const request = /^request (\d+)$/.exec(role)?.[1];
  if (request !== undefined) return applicationGroup === undefined ? 3 + Number(request) / 1e6 : 3.5;
  return { main: 0, monitor: 1, deadlock: 2, reaper: 4, application: 6 }[role] ?? 5;
}

function describeSlot(slot: ScoreboardSlot): Pick<ThreadReport, 'applicationGroup' | 'requestsServed' | 'request'> {
  const { applicationGroup, served: requestsServed } = slot;
  const figures = { ...(applicationGroup === '' ? {} : { applicationGroup }), requestsServed };
  if (slot.requestId === 0) return figures;
  const space = slot.label.indexOf(' ');
  return {
    ...figures,
    request: {
      method: slot.label.slice(0, Math.max(space, 0)),
      url: slot.label.slice(space + 1),
      seconds: Math.max(0, Date.now() / 1000 - slot.startedAt),
    },
  };
}

function readThreads(pid: number): readonly SystemThread[] {
  let tids: number[];
  try {
    tids = readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return []; // it ended while we looked
  }
  return tids
    .sort((a, b) => a - b)
    .flatMap((tid) => {
      const name = readProc(`${pid}/task/${tid}/comm`);
      return name === undefined ? [] : [{ tid, name: name.trimEnd() }];
    });
}

function inspectProcess(pid: number): ProcessFigures {
  const stat = readProc(`${pid}/stat`);
  const status = readProc(`${pid}/status`);
  const uptime = Number.parseFloat(readProc('uptime') ?? '');
  if (stat === undefined || status === undefined || Number.isNaN(uptime)) return {};
  return { ...computeFigures(stat, status, uptime), user: userName(Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1])) };
}

/**
 * From /proc/PID/stat and /proc/PID/status (man 5 proc).
 * @param uptimeSeconds of the machine, from /proc/uptime
 */
export function computeFigures(
  stat: string,
  status: string,
  uptimeSeconds: number,
): Required<Omit<ProcessFigures, 'user'>> {
  // The second field, the name in brackets, may hold blanks and brackets. The first behind it is field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const cpuSeconds = (field(14) + field(15)) / ticksPerSecond;
  const ageSeconds = Math.max(uptimeSeconds - field(22) / ticksPerSecond, 0);
  return {
    ageSeconds,
    residentBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
    cpuSeconds,
    // In its first hundredth of a second a process has no measurable share.
    cpuPercent: ageSeconds < 1 / ticksPerSecond ? 0 : (100 * cpuSeconds) / ageSeconds,
  };
}

const userNames = new Map<number, string>();

function userName(uid: number): string {
  let name = userNames.get(uid);
  if (name === undefined) {
    name = lookUpUser(uid) ?? String(uid);
    userNames.set(uid, name);
  }
  return name;
}

function lookUpUser(uid: number): string | undefined {
  try {
    return findUser(String(uid))?.name;
  } catch (error) {
    if (error instanceof ProcessError) return undefined; // no getent: the number says it, too
    throw error;
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined; // it ended while we looked
  }
}

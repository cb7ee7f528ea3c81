/** The text of `ps`: values in, lines out. */

import { escapeLogField, escapeLogMessage } from '../http/log-escape.js';
import type { HttpChildNode } from '../server/server-tree.js';
import { pythonRuntimeFolder } from '../wsgi/daemon-handle.js';
import type {
  DaemonProcessReport,
  GroupReport,
  HttpChildReport,
  ProcessFigures,
  ServerReport,
  ThreadReport,
} from './process-inspection.js';
import { formatUrl } from './start-message.js';

export interface PsTextOptions {
  /** Tree lines and names need UTF-8; otherwise everything is ASCII. */
  readonly isUtf8: boolean;
  readonly withStacks: boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Long sentences are broken at this column. */
const columnsLimit = 100;

/** One row of the table, or a line of text below the row it belongs to. */
type Row =
  | { readonly prefix: string; readonly name: string; readonly pid: string; readonly cells: readonly string[] }
  | { readonly prefix: string; readonly name: string; readonly pid: string; readonly rest: string }
  | { readonly prefix: string; readonly text: string };

const headings = ['USER', 'AGE', 'GEN', 'SERVED', 'RSS', 'CPU', 'STATE'];
const isLeftAligned = [true, false, false, false, false, false, true];

const duties: Readonly<Record<string, string>> = {
  main: 'caretaker: waits for signals, runs the shutdown',
  monitor: 'timers',
  deadlock: 'ends the process if the Python interpreter is stuck',
  group: 'main thread of a sub-interpreter',
  reaper: 'ends the process if its shutdown takes too long',
  caretaker: 'listens to the parent',
  lead: 'has another thread take requests while a slow one runs',
  signal: 'delivers SIGHUP or SIGUSR2 to the application',
};

/** Whether the environment's locale is one of UTF-8, by the order in which POSIX asks the variables. */
export function isUtf8Locale(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** All lines about one server. */
export function formatServer(server: ServerReport, options: PsTextOptions): readonly string[] {
  const lines = [...formatHead(server, options.now), '', ...layOut(treeRows(server, options))];
  return options.isUtf8 ? lines : lines.map(toAscii);
}

function formatHead(server: ServerReport, now: number): readonly string[] {
  const urls = server.addresses.map(({ host, port, scheme }) => formatUrl(host, port, scheme)).join(' ');
  const reloaded = server.reloadedAt === undefined ? '' : `, reloaded ${formatDuration(now - server.reloadedAt)} ago`;
  const problems =
    server.groups.filter(({ problem }) => problem !== undefined).length +
    server.groups.flatMap(({ processes }) => processes).filter(isProblem).length;
  return [
    `${server.version} pid ${server.pid}, up ${formatDuration(now - server.startedAt)}, generation ${server.generation}${reloaded}`,
    `  listens on     ${urls}`,
    `  MPM            ${describeMpm(server)}`,
    `  configuration  ${escapeLogMessage(server.config)}`,
    `  logs           ${server.logs.length === 0 ? 'standard error' : server.logs.map(escapeLogMessage).join(' ')}`,
    ...(server.reloadProblem === undefined
      ? []
      : wrap('PROBLEM: ', `the last reload failed: ${escapeLogMessage(server.reloadProblem)}`)),
    ...(problems === 0 ? [] : [`${count(problems, 'PROBLEM', 'PROBLEMS')} below`]),
  ];
}

/** What the http children have to do, and between which bounds their number may vary. */
function describeMpm({ mpm, httpChildren }: ServerReport): string {
  const sum = (of: 'connections' | 'requests'): number => httpChildren.reduce((total, child) => total + child[of], 0);
  const load = `${count(sum('connections'), 'connection', 'connections')}, ${count(sum('requests'), 'request', 'requests')}`;
  if (mpm.name !== 'prefork') {
    return `${mpm.name}: ${count(httpChildren.length, 'http child', 'http children')} with ${load}`;
  }
  const idle = httpChildren.filter((child) => describeChild(child, mpm) === 'idle').length;
  const bounds = `${mpm.minSpareThreads} to ${mpm.maxSpareThreads} idle, at most ${mpm.childrenLimit}`;
  return `prefork: ${count(httpChildren.length, 'http child', 'http children')}, ${idle} idle (bounds: ${bounds}), ${load}`;
}

/** Under prefork a child is at work for one connection, or for none. */
function describeChild({ state, connections }: HttpChildNode, mpm: ServerReport['mpm']): string {
  if (mpm.name !== 'prefork' || state !== 'serving') return state;
  return connections === 0 ? 'idle' : 'busy';
}

function treeRows(server: ServerReport, options: PsTextOptions): readonly Row[] {
  const rows: Row[] = [
    {
      prefix: '',
      name: 'parent',
      pid: String(server.pid),
      cells: cellsOf(server.parent, server.generation, '-', 'serving'),
    },
  ];
  const branches: (readonly Row[])[] = [
    ...server.httpChildren.map((child) => httpChildRows(child, server, options)),
    ...server.groups.map((group) => groupRows(group, options)),
  ];
  return [...rows, ...hang(branches)];
}

function groupRows(group: GroupReport, options: PsTextOptions): readonly Row[] {
  const heading = textRows(`group '${escapeLogMessage(group.name)}': `, describeGroup(group));
  const problem = group.problem === undefined ? [] : textRows('PROBLEM: ', escapeLogMessage(group.problem));
  const parts = group.processes.map((one) => processRows(one, group, options));
  return [...heading, ...problem, ...hang(parts)];
}

function httpChildRows(child: HttpChildReport, server: ServerReport, options: PsTextOptions): readonly Row[] {
  const { threads } = child;
  const requests = threads?.filter(({ role }) => role.startsWith('request ')) ?? [];
  const served = requests.reduce((sum, { requestsServed = 0 }) => sum + requestsServed, 0);
  const state = describeChild(child, server.mpm);
  const cells = cellsOf(child, child.generation, threads === undefined ? '-' : String(served), state);
  const row: Row = { prefix: '', name: 'http child', pid: String(child.pid), cells };
  if (threads === undefined) return [row];
  const busy = requests.filter(({ request }) => request !== undefined).length;
  const python = server.embedded === undefined ? '' : `, Python ${server.embedded.version.join('.')}`;
  const mode = `embedded mode: ${count(requests.length, 'request thread', 'request threads')}, busy ${busy}${python}`;
  const rows = threads.map((thread) => threadRows(thread, { threads: requests.length }, options));
  return [row, { prefix: '', text: mode }, { prefix: '', text: explainThreads(threads) }, ...hang(rows)];
}

function describeGroup(group: GroupReport): string {
  const { total, busy } = group.requestThreads;
  const processes = count(group.processes.length, 'process', 'processes');
  const python = `Python ${group.python.version.join('.')}`;
  if (group.threads === 0) return `${processes} without request threads (service scripts), ${python}`;
  const ending = group.requestsInEndingProcesses;
  const more = ending === 0 ? '' : `, ${count(ending, 'request', 'requests')} in processes that end`;
  return `${processes} x ${count(group.threads, 'request thread', 'request threads')}, busy ${busy} of ${total}${more}, ${python}`;
}

function processRows(one: DaemonProcessReport, group: GroupReport, options: PsTextOptions): readonly Row[] {
  const served = one.pid === undefined ? '-' : String(one.requestsServed);
  const rows: Row[] = [
    {
      prefix: '',
      name: 'daemon process',
      pid: one.pid === undefined ? '-' : String(one.pid),
      cells: cellsOf(one, one.generation, served, one.state),
    },
  ];
  if (one.reason !== undefined) {
    rows.push(...textRows(reasonLabel(one), escapeLogMessage(one.reason)));
  }
  if (options.withStacks && one.stackProblem !== undefined) rows.push(...textRows('PROBLEM: ', describeStuck(one)));
  if (one.pid === undefined) return rows;
  if (one.threads.length === 0) return [...rows, { prefix: '', text: 'it has just ended' }];
  rows.push({ prefix: '', text: explainThreads(one.threads) });
  return [...rows, ...hang(one.threads.map((thread) => threadRows(thread, group, options)))];
}

function reasonLabel({ state }: DaemonProcessReport): string {
  if (state === 'delayed') return 'PROBLEM: ';
  // What is known of one that starts is how the one before it ended.
  return state === 'starting' ? 'starts again after: ' : `${state}: `;
}

function isProblem(one: DaemonProcessReport): boolean {
  return one.state === 'delayed';
}

function describeStuck(one: DaemonProcessReport): string {
  const reason = escapeLogMessage(one.stackProblem ?? '');
  const next = one.threads.some(({ role }) => role === 'deadlock')
    ? 'if it is stuck, its stack will be in the error log when deadlock-timeout ends it'
    : 'if it is stuck, it stays so: deadlock-timeout is off';
  return `no Python stack, the interpreter does not answer (${reason}); ${next}`;
}

/** Why there are more threads than `threads=` says. */
function explainThreads(threads: readonly ThreadReport[]): string {
  const roles = threads.map(({ role }) => role);
  const requests = roles.filter((role) => role.startsWith('request ')).length;
  const own = roles.filter((role) => role === 'application').length;
  const others = new Map<string, number>();
  for (const role of roles) {
    if (!role.startsWith('request ') && role !== 'application') others.set(role, (others.get(role) ?? 0) + 1);
  }
  const parts = [
    ...(requests === 0 ? [] : [count(requests, 'request thread', 'request threads')]),
    [...others].map(([role, number]) => (number === 1 ? role : `${number} x ${role}`)).join(', '),
    ...(own === 0 ? [] : [`${own} of the application's own`]),
  ];
  return `${count(threads.length, 'thread', 'threads')}: ${parts.join(' + ')}`;
}

function threadRows(thread: ThreadReport, group: Pick<GroupReport, 'threads'>, options: PsTextOptions): readonly Row[] {
  const rows: Row[] = [{ prefix: '', name: thread.role, pid: String(thread.tid), rest: describeThread(thread, group) }];
  // The stacks of threads that wait for work are all the same.
  const isOfInterest =
    thread.request !== undefined || thread.role === 'application' || (group.threads === 0 && thread.role === 'main');
  if (options.withStacks && isOfInterest) {
    for (const entry of ofApplication(thread.stack ?? [])) {
      rows.push({ prefix: '', text: `   ${escapeLogMessage(entry)}` });
    }
  }
  return rows;
}

/** Without the outermost calls, which are ours and the same in every thread. */
function ofApplication(stack: readonly string[]): readonly string[] {
  const isOurs = (entry: string): boolean =>
    entry.startsWith(`${pythonRuntimeFolder}/`) || /\/threading\.py:\d+ in (?:run|_bootstrap\w*):/.test(entry);
  const last = stack.findLastIndex((entry) => !isOurs(entry));
  return stack.slice(0, last + 1);
}

function describeThread(thread: ThreadReport, group: Pick<GroupReport, 'threads'>): string {
  const { applicationGroup, name, request, requestsServed, role } = thread;
  const where = applicationGroup === undefined ? '' : ` in '${escapeLogField(applicationGroup)}'`;
  if (request !== undefined) {
    return `${request.seconds.toFixed(1)} s${where}  ${escapeLogField(`${request.method} ${request.url}`)}`;
  }
  if (role.startsWith('request ')) return requestsServed === undefined ? '' : `idle${where}, ${requestsServed} served`;
  // A thread has the name of the one that started it, unless it was given one.
  if (role === 'application')
    return `the application's own${name.startsWith('wsgi-') ? '' : `: ${escapeLogMessage(name)}`}`;
  if (role === 'main' && group.threads === 0) return 'runs the service scripts';
  return duties[role] ?? '';
}

function cellsOf(figures: ProcessFigures, generation: number, served: string, state: string): readonly string[] {
  const { user = '-', ageSeconds, residentBytes, cpuPercent } = figures;
  return [
    escapeLogMessage(user),
    ageSeconds === undefined ? '-' : formatDuration(ageSeconds),
    String(generation),
    served,
    residentBytes === undefined ? '-' : `${(residentBytes / 1024 / 1024).toFixed(1)} MiB`,
    cpuPercent === undefined ? '-' : `${cpuPercent.toFixed(1)} %`,
    state,
  ];
}

/** Puts branches below what stands above them. */
function hang(branches: readonly (readonly Row[])[]): readonly Row[] {
  return branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1;
    return branch.map((row, at) => {
      const own = at === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  ';
      return { ...row, prefix: `${own}${row.prefix}` };
    });
  });
}

function layOut(rows: readonly Row[]): readonly string[] {
  const nameWidth = Math.max(...rows.map((row) => ('name' in row ? `${row.prefix}${row.name}`.length : 0)));
  const pidWidth = Math.max(3, ...rows.map((row) => ('pid' in row ? row.pid.length : 0)));
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => ('cells' in row ? (row.cells[at] ?? '').length : 0))),
  );
  const align = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (isLeftAligned[at] === true ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const formatRow = (name: string, pid: string, rest: string): string =>
    `${name.padEnd(nameWidth)}  ${pid.padStart(pidWidth)}  ${rest}`.trimEnd();
  return [
    formatRow('', 'PID', align(headings)),
    ...rows.map((row) => {
      if ('text' in row) return `${row.prefix}${row.text}`.trimEnd();
      return formatRow(`${row.prefix}${row.name}`, row.pid, 'cells' in row ? align(row.cells) : row.rest);
    }),
  ];
}

function textRows(label: string, text: string): readonly Row[] {
  return wrap(label, text).map((line) => ({ prefix: '', text: line }));
}

/** Breaks between words; further lines are indented as far as the label reaches. Room is left for the tree's lines. */
function wrap(label: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = label;
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === '' || line === label;
    if (!isEmpty && line.length + 1 + word.length > columnsLimit - 9) {
      lines.push(line);
      line = `${' '.repeat(label.length)}${word}`;
    } else {
      line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function toAscii(line: string): string {
  return line
    .replaceAll('├─', '|-')
    .replaceAll('└─', '`-')
    .replaceAll('│', '|')
    .replace(/[^\x20-\x7e]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`).join(''),
    );
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** 42s, 12m05s, 2h13m, 3d04h: the two units that matter. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number: number): string => String(number).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d${two(Math.floor((whole % 86_400) / 3600))}h`;
}

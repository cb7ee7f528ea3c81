/** One server that is measured: started fresh, up when it has given the right answer, and surely gone afterwards. */

import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Child, killGroup, startChild } from './child.js';
import { onExit } from './cleanup.js';
import { ClientConnection, encodeRequest } from './load/client-connection.js';
import type { Peer, Site } from './peers/peer.js';
import { findByEnvironment, findTree, isAlive } from './proc.js';
import { checkResponse } from './verify.js';
import type { BenchRequest } from './workloads.js';

const startMsLimit = 20_000;
const stopMsLimit = 4_000;
const killMsLimit = 4_000;
const pollMs = 5;
const answerMsLimit = 10_000;
const markerName = 'STILLHOUSE_BENCH_SERVER';

export class ServerProcess {
  readonly port: number;
  /** From the start of the process to the end of the first right answer. */
  readonly startMs: number;
  /** The commands and the configuration as they were used, paths shortened. */
  readonly settings: string;
  readonly #children: readonly Child[];
  readonly #marker: string;
  readonly #forget: () => void;

  private constructor(site: Site, started: Started, startMs: number) {
    this.port = site.port;
    this.settings = started.settings;
    this.startMs = startMs;
    this.#children = started.children;
    this.#marker = started.marker;
    this.#forget = started.forget;
  }

  /** @throws Error with the server's own words where it does not come up; nothing is left then */
  static async start(peer: Peer, makeSite: (port: number) => Site, first: BenchRequest): Promise<ServerProcess> {
    const site = makeSite(await findFreePort());
    mkdirSync(site.folder);
    const { uid, gid } = site.tools.identity;
    if (uid !== undefined && gid !== undefined) chownSync(site.folder, uid, gid);
    const startedMs = performance.now();
    const started = launch(peer, site);
    try {
      await awaitAnswer(site.port, first, started.children);
      return new ServerProcess(site, started, performance.now() - startedMs);
    } catch (error) {
      const log = readLogs(site.folder);
      await endProcesses(started.children, started.marker);
      started.forget();
      const output = [...started.children.map((child) => child.output()), log].join('\n').trim();
      throw new Error(`${error instanceof Error ? error.message : error}\n${output.slice(-1500)}`.trim());
    }
  }

  get pids(): number[] {
    return findTree(this.#children.map(({ pid }) => pid));
  }

  /** Whether all that was started is still there. */
  get isRunning(): boolean {
    return this.#children.every(({ pid }) => isAlive(pid));
  }

  get output(): string {
    return this.#children.map((child) => child.output()).join('\n');
  }

  /** @throws Error where something is left */
  async stop(): Promise<void> {
    await endProcesses(this.#children, this.#marker);
    this.#forget();
    if (await isListening(this.port)) throw new Error(`port ${this.port} is still in use after the server's end`);
  }
}

interface Started {
  readonly children: readonly Child[];
  readonly marker: string;
  readonly settings: string;
  readonly forget: () => void;
}

function launch(peer: Peer, site: Site): Started {
  const { commands, files = {} } = peer.launch(site);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(site.folder, name), text);
  const id = randomUUID();
  const marker = `${markerName}=${id}`;
  const forget = onExit(() => {
    for (const pid of findByEnvironment(marker)) process.kill(pid, 'SIGKILL');
    rmSync(site.folder, { recursive: true, force: true });
  });
  const { identity, setpriv } = site.tools;
  const children = commands.map((command) => startChild(command, { env: { [markerName]: id }, identity, setpriv }));
  for (const child of children) child.process.stdin?.end();
  return { children, marker, settings: describeSettings(site, commands, files), forget };
}

/** Paths of this machine and the port are no setting. */
function describeSettings(site: Site, commands: readonly (readonly string[])[], files: Record<string, string>): string {
  const places: [string, string][] = [
    [site.folder, 'SITE'],
    [site.apps, 'APPS'],
    [site.documents, 'DOCUMENTS'],
    [site.tools.venv, 'VENV'],
    [site.tools.benchFolder, 'BENCH'],
    [site.tools.program, 'STILLHOUSE'],
    [`${site.port}`, 'PORT'],
  ];
  const shorten = (text: string): string => places.reduce((done, [path, name]) => done.replaceAll(path, name), text);
  const shownFiles = Object.entries(files).map(([name, text]) => `# ${name}\n${text}`);
  return shorten([...commands.map((command) => command.join(' ')), ...shownFiles].join('\n').trim());
}

async function awaitAnswer(port: number, request: BenchRequest, children: readonly Child[]): Promise<void> {
  const deadline = performance.now() + startMsLimit;
  const bytes = encodeRequest(request);
  let last = 'nothing listens';
  while (performance.now() < deadline) {
    const dead = children.find(({ pid }) => !isAlive(pid));
    if (dead !== undefined) throw new Error(`the server ended by itself: ${await dead.ended}`);
    const connection = new ClientConnection(port, { keepsBody: true });
    const timeout = setTimeout(() => connection.close(), answerMsLimit);
    try {
      const problem = checkResponse(request, await connection.request(bytes));
      if (problem === undefined) return;
      last = problem;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(timeout);
      connection.close();
    }
    await sleep(pollMs);
  }
  throw new Error(`no right answer in ${startMsLimit / 1000} s: ${last}`);
}

async function endProcesses(children: readonly Child[], marker: string): Promise<void> {
  const groups = children.map(({ pid }) => pid);
  const pids = new Set(findTree(groups));
  for (const { pid, process: child } of children) if (pid !== 0) child.kill('SIGTERM');
  await waitGone(pids, stopMsLimit);
  // Also what was started meanwhile, and what has lost its parent.
  for (const pid of [...findTree(groups), ...findByEnvironment(marker)]) pids.add(pid);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone.
    }
  }
  for (const group of groups) killGroup(group, 'SIGKILL');
  if (!(await waitGone(pids, killMsLimit))) {
    throw new Error(`processes that cannot be killed: ${[...pids].filter(isAlive).join(', ')}`);
  }
}

async function waitGone(pids: ReadonlySet<number>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while ([...pids].some(isAlive)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs * 2);
  }
  return true;
}

function readLogs(folder: string): string {
  return ['error_log', 'nginx_error_log']
    .map((name) => {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch {
        return ''; // Most servers have none.
      }
    })
    .join('');
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Commands to a test's server: as an administrator gives them, or straight over its control socket, which is quicker. */

import { readFileSync, renameSync, utimesSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type CommandResult, runStillhouse } from './command.js';
import { isAlive, waitFor } from './processes.js';
import type { TestServer } from './server.js';

/** What `ps` is answered, as far as the tests look at it. */
export interface Tree {
  readonly generation: number;
  readonly reloadProblem?: string;
  readonly httpChildren: readonly {
    readonly pid: number;
    readonly generation: number;
    readonly state: string;
    readonly connections: number;
    readonly requests: number;
  }[];
  readonly groups: readonly TreeGroup[];
}

export interface TreeGroup {
  readonly name: string;
  readonly problem?: string;
  readonly processes: readonly { readonly pid?: number; readonly state: string; readonly reason?: string }[];
}

const commandMsLimit = 20_000;

/** Runs the command line against the server. */
export function runCommand(server: TestServer, ...words: readonly string[]): Promise<CommandResult> {
  const config = join(server.paths.folder, 'httpd.conf');
  return runStillhouse([...words, '-f', config], { timeoutMs: commandMsLimit });
}

/** Sends one command; resolves with the final answer, also with one that is `{error}`. */
export function sendCommand(server: TestServer, command: object): Promise<Record<string, unknown>> {
  const path = join(server.paths.folder, 'run', `server-${server.pid}`, 'control.sock');
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    let received = '';
    socket.setTimeout(commandMsLimit, () => socket.destroy(new Error(`no answer to ${JSON.stringify(command)}`)));
    socket.on('error', reject);
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('end', () => {
      socket.destroy();
      const last = received.trimEnd().split('\n').at(-1) ?? '';
      if (last === '') reject(new Error(`the server closed the connection without an answer to ${command}`));
      else resolve(JSON.parse(last) as Record<string, unknown>);
    });
    socket.write(`${JSON.stringify(command)}\n`);
  });
}

export async function treeOf(server: TestServer): Promise<Tree> {
  return (await sendCommand(server, { command: 'ps' })) as unknown as Tree;
}

export async function groupOf(server: TestServer, name = 'site'): Promise<TreeGroup> {
  const group = (await treeOf(server)).groups.find((one) => one.name === name);
  if (group === undefined) throw new Error(`no group '${name}'`);
  return group;
}

/** Processes of the group that take requests, in ascending order. */
export async function servingPids(server: TestServer, name = 'site'): Promise<readonly number[]> {
  const { processes } = await groupOf(server, name);
  return processes
    .flatMap(({ pid, state }) => (state === 'serving' && pid !== undefined ? [pid] : []))
    .sort((a, b) => a - b);
}

/** Resolves when none of these processes of before takes requests any more and as many others do. */
export async function waitReplaced(
  server: TestServer,
  before: readonly number[],
  name = 'site',
): Promise<readonly number[]> {
  return await waitFor(`others in place of ${before.join(', ')}`, async () => {
    const now = await servingPids(server, name);
    return now.length >= before.length && !now.some((pid) => before.includes(pid)) && now;
  });
}

/** Resolves with the sentence when `ps` shows a problem of the group. */
export async function waitForProblem(server: TestServer, name = 'site'): Promise<string> {
  return await waitFor('a problem of the group', async () => (await groupOf(server, name)).problem);
}

export async function waitNoProblem(server: TestServer, name = 'site'): Promise<void> {
  await waitFor('the end of the problem', async () => (await groupOf(server, name)).problem === undefined);
}

/** Signals the parent and waits until the log says that the reload is over. */
export async function signalReload(server: TestServer, signal: NodeJS.Signals): Promise<void> {
  const { generation } = await treeOf(server);
  process.kill(server.pid, signal);
  await server.waitForLog(new RegExp(`resuming normal operations \\(generation ${generation + 1}\\)`));
}

/** Changes httpd.conf: the next reload reads it. @throws Error where the text is not there */
export function editConfig(server: TestServer, from: string | RegExp, to: string): void {
  const file = join(server.paths.folder, 'httpd.conf');
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, () => to);
  if (edited === text) throw new Error(`nothing to replace by '${to}' in\n${text}`);
  server.writeFile('httpd.conf', edited);
}

let edits = 0;

/** Puts another file in the place of a script, in one step: nobody ever sees half of it. Its time is always another. */
export function replaceScript(server: TestServer, name: string, content: string): void {
  const made = server.writeFile(`${name}.new`, content);
  edits += 1;
  const seconds = Date.now() / 1000 + edits;
  utimesSync(made, seconds, seconds);
  renameSync(made, join(server.paths.folder, name));
}

/** Gives a file another time. */
export function touch(server: TestServer, name: string): void {
  edits += 1;
  const seconds = Date.now() / 1000 + edits;
  utimesSync(join(server.paths.folder, name), seconds, seconds);
}

/** How long a process goes on to live; rejects where that is longer than the limit. */
export async function lifetimeMs(pid: number, limitMs: number): Promise<number> {
  const startMs = performance.now();
  await waitFor(`the end of ${pid}`, () => !isAlive(pid), limitMs);
  return performance.now() - startMs;
}

/** What the log has of a script that can't be loaded, its traceback line by line. */
export const loadErrors: readonly RegExp[] = [
  /(?:Unable to execute|Could not compile|Could not read) Python script file/,
  /\] (?:Traceback| {2,}|\w*(?:Error|Exception))/,
];

/** What the log has of the stacks that a process leaves as it is ended, line by line. */
export const stackLines =
  /(?:daemon process '[^']*'|http child) \(pid \d+\): (?:Fatal Python error: |Timeout \(0:|(?:Current t|T)hread 0x|Extension modules:| {2}(?:File "|\.\.\.|<no Python frame>))/;

/** A port that nobody listens on, for a Listen line that must name one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}

/**
 * A real server for one test: `bin/stillhouse run` on a free port with a temporary folder of its own. When the test is
 * over it proves that nothing is left of it and that its error log is clean. Every integration test uses this:
 *
 *     await using server = await TestServer.start({
 *       config: ({ folder }) => `WSGIScriptAlias / ${folder}/hello.wsgi`,
 *       files: { 'hello.wsgi': application('hello') },
 *     });
 *     assert.equal((await server.request('/')).status, 200);
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as sendRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { RunAs } from './accounts.js';
import { checkout, program } from './command.js';
import { childrenOf, commandLine, isAlive, processesWithEnvironment, waitFor } from './processes.js';

const startMsLimit = 30_000;
const stopMsLimit = 15_000;
const requestMsLimit = 60_000;
/** What a stopped server's processes may still need to vanish from the process table. */
const goneMsLimit = 3_000;
const dirtyLinesShown = 20;
const environmentName = 'STILLHOUSE_TEST_SERVER';

export interface TestPaths {
  /** The test's temporary folder: holds httpd.conf, error_log and `files`. Mode 0755. */
  readonly folder: string;
  readonly errorLog: string;
  /** A folder in it that everybody may write to, also the user that the applications run as. */
  readonly writable: string;
  /** tests/support/applications of the checkout. */
  readonly applications: string;
  readonly checkout: string;
}

export interface TestServerOptions {
  /** Lines of httpd.conf; Listen, ErrorLog, LogLevel info and DefaultRuntimeDir stand in front of them. */
  readonly config: string | ((paths: TestPaths) => string);
  /** Files written into the folder beforehand; the name may have folders in it. Mode 0644. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `-D` flags. */
  readonly defines?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Further arguments of the command. */
  readonly args?: readonly string[];
  /** Another command than `run -f httpd.conf`, for example `serve`. It must print where it listens. */
  readonly command?: (paths: TestPaths) => readonly string[];
  readonly cwd?: string;
  /** Who the server itself is started as, for a test that runs as root; the folder is theirs then. */
  readonly runAs?: RunAs | undefined;
  /** False: the command is expected to end by itself; `start` waits for that. `later`: `start` waits for nothing. */
  readonly expectStart?: boolean | 'later';
  /** Lines of level error and above that the test provokes. Raw lines (a traceback of a crash) count as errors. */
  readonly allowErrors?: readonly RegExp[];
  /** `Listen 127.0.0.1:0`; other lines, or none, for a test of Listen itself. */
  readonly listen?: string;
}

export interface TestRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer | Readable;
  /** By default a connection of its own for every request. */
  readonly agent?: Agent;
  readonly timeoutMs?: number;
  /** Another address of the server than its first. */
  readonly host?: string;
  readonly port?: number;
}

export interface TestResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** False where the connection ended before the response did. */
  readonly complete: boolean;
  /** Until the headers and until the end. */
  readonly headersMs: number;
  readonly durationMs: number;
}

export interface StopResult {
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
}

/** The text of a fixture in tests/support/applications, by name without `.py`. */
export function application(name: string): string {
  return readFileSync(join(checkout, 'tests/support/applications', `${name}.py`), 'utf8');
}

export class TestServer implements AsyncDisposable {
  readonly paths: TestPaths;
  /** Errors that the test expects in the log; may be added to while it runs. */
  readonly allowErrors: RegExp[];
  readonly #child: ChildProcess;
  readonly #exit: Promise<{ exitStatus: number | null; signal: string | null }>;
  readonly #startedMs = performance.now();
  #output = '';
  #ports: readonly number[] = [];
  #ended: StopResult | undefined;

  private constructor(options: TestServerOptions) {
    const folder = mkdtempSync(join(tmpdir(), 'stillhouse-test-'));
    // As root the server runs as www-data, which must reach the scripts.
    chmodSync(folder, 0o755);
    this.paths = {
      folder,
      errorLog: join(folder, 'error_log'),
      writable: join(folder, 'writable'),
      applications: join(checkout, 'tests/support/applications'),
      checkout,
    };
    mkdirSync(this.paths.writable);
    chmodSync(this.paths.writable, 0o777);
    this.allowErrors = [...(options.allowErrors ?? [])];
    for (const [name, content] of Object.entries(options.files ?? {})) this.writeFile(name, content);
    this.writeFile('httpd.conf', this.#makeConfig(options));
    const args = options.command?.(this.paths) ?? ['run', '-f', join(folder, 'httpd.conf')];
    const defines = (options.defines ?? []).flatMap((define) => ['-D', define]);
    const { runAs = { node: process.execPath, program } } = options;
    if ('uid' in runAs) chownSync(folder, runAs.uid, runAs.gid);
    this.#child = spawn(runAs.node, [runAs.program, ...args, ...defines, ...(options.args ?? [])], {
      cwd: options.cwd ?? folder,
      // Every process of this server inherits the name: so that stragglers are found whoever their parent is.
      env: { ...process.env, ...options.env, [environmentName]: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...('uid' in runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
    });
    this.#child.stdout?.on('data', (data) => {
      this.#output += data;
    });
    this.#child.stderr?.on('data', (data) => {
      this.#output += data;
    });
    this.#exit = new Promise((resolve) => {
      this.#child.on('close', (exitStatus, signal) => {
        this.#ended = { exitStatus, signal, durationMs: performance.now() - this.#startedMs };
        resolve({ exitStatus, signal });
      });
    });
  }

  /** Resolves when the server listens, or, with `expectStart: false`, when its command has ended. */
  static async start(options: TestServerOptions): Promise<TestServer> {
    const server = new TestServer(options);
    try {
      if (options.expectStart === false) await waitFor('the end of the command', () => server.#ended, startMsLimit);
      else if (options.expectStart !== 'later') await server.#waitForStart();
    } catch (error) {
      // The message below tells more than what dispose would find.
      server.#killAll();
      const reason = error instanceof Error ? error.message : String(error);
      const shown = `${reason}\noutput:\n${server.#output}\nerror log:\n${server.errorLog()}`;
      rmSync(server.paths.folder, { recursive: true, force: true });
      throw new Error(shown, { cause: error });
    }
    return server;
  }

  /** The parent. */
  get pid(): number {
    assert(this.#child.pid !== undefined, 'the command could not be spawned');
    return this.#child.pid;
  }

  get port(): number {
    return this.#ports[0] ?? 0;
  }

  /** One for each Listen line. */
  get ports(): readonly number[] {
    return this.#ports;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How the command ended; undefined while it runs. `durationMs` counts from its start. */
  get ended(): StopResult | undefined {
    return this.#ended;
  }

  /** Living daemon processes, oldest first, also such as are still starting. With a group: as the log names them. */
  daemonPids(group?: string): readonly number[] {
    const pids = this.#children().filter((pid) => !isHttpChild(pid));
    if (group === undefined) return pids;
    const started = new RegExp(`\\[pid (\\d+)\\b.*Starting daemon process '${escapeRegex(group)}'`, 'g');
    const ofGroup = new Set([...this.errorLog().matchAll(started)].map((match) => Number(match[1])));
    return pids.filter((pid) => ofGroup.has(pid));
  }

  get httpChildPids(): readonly number[] {
    return this.#children().filter(isHttpChild);
  }

  /** Every living process of this server, the parent too. */
  allPids(): readonly number[] {
    return processesWithEnvironment(`${environmentName}=${this.paths.folder}`);
  }

  /** The error log so far; with those of virtual hosts, which tests call `NAME-error.log` or `error.log`. */
  errorLog(): string {
    const { folder } = this.paths;
    const names = readdirSync(folder).filter((name) => name === 'error_log' || /(?:^|-)error\.log$/.test(name));
    return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  }

  /** Resolves when the log has the pattern. @throws Error with the log where that does not happen in time */
  async waitForLog(pattern: RegExp, timeoutMs = 10_000): Promise<RegExpExecArray> {
    try {
      return await waitFor(`${pattern} in the error log`, () => pattern.exec(this.errorLog()) ?? undefined, timeoutMs);
    } catch (cause) {
      throw new Error(`${String(cause)}; the log is:\n${this.errorLog()}`, { cause });
    }
  }

  /** What the command has printed, both streams. */
  output(): string {
    return this.#output;
  }

  /** Writes a file into the server's folder, readable for everyone. Returns its path. */
  writeFile(name: string, content: string | Buffer): string {
    const path = join(this.paths.folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    writeFileSync(path, content);
    chmodSync(path, 0o644);
    return path;
  }

  /** Sends one request. Rejects only where no response began; a response that breaks off is not `complete`. */
  request(path: string, options: TestRequest = {}): Promise<TestResponse> {
    const startedMs = performance.now();
    const { method = 'GET', headers = {}, body, agent, timeoutMs = requestMsLimit } = options;
    const { host = '127.0.0.1', port = this.port } = options;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      // insecureHTTPParser stays off: what Node refuses as a client is no answer that we may give.
      const request = sendRequest(
        { host, port, path, method, headers, signal, agent: agent ?? new Agent({ keepAlive: false }) },
        (response) => {
          const headersMs = performance.now() - startedMs;
          const chunks: Buffer[] = [];
          const finish = (): void => {
            const received = Buffer.concat(chunks);
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? '',
              headers: response.headers,
              rawHeaders: response.rawHeaders,
              body: received,
              text: received.toString('utf8'),
              complete: response.complete,
              headersMs,
              durationMs: performance.now() - startedMs,
            });
          };
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', finish);
          response.on('error', finish);
        },
      );
      request.on('error', reject);
      if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
      else body.pipe(request);
    });
  }

  /** Sends bytes on a connection of its own; resolves with all that came until the server closed it. */
  rawRequest(bytes: string | Buffer, timeoutMs = 20_000): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1');
      const chunks: Buffer[] = [];
      const timer = setTimeout(() => {
        socket.destroy();
        reject(
          new Error(`the server did not close the connection; received so far: ${Buffer.concat(chunks).toString()}`),
        );
      }, timeoutMs);
      socket.on('connect', () => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes));
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // A reset after a refusal: what came before it is the answer.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks));
      });
    });
  }

  /** Ends the server with a signal and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<StopResult> {
    const startedMs = performance.now();
    if (this.#ended === undefined) this.#child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const ended = await Promise.race([
      this.#exit,
      new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), stopMsLimit);
      }),
    ]);
    clearTimeout(timer);
    if (ended === undefined) {
      throw new Error(`the server runs on ${stopMsLimit} ms after ${signal}; its log is:\n${this.errorLog()}`);
    }
    return { ...ended, durationMs: performance.now() - startedMs };
  }

  /** @throws AssertionError where processes, sockets or unexpected errors in the log are left */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#ended === undefined) {
        const { exitStatus, signal } = await this.stop();
        assert.deepEqual({ exitStatus, signal }, { exitStatus: 0, signal: null }, `after SIGTERM\n${this.#output}`);
      }
      await waitFor('the end of all processes', () => this.allPids().length === 0, goneMsLimit).catch(() => {
        const left = this.allPids().map((pid) => `${pid} ${commandLine(pid)}`);
        assert.fail(`processes are left:\n${left.join('\n')}\nlog:\n${this.errorLog()}`);
      });
      // A parent that was killed can't tidy up; the next start does.
      if (this.#ended?.signal !== 'SIGKILL') {
        const run = join(this.paths.folder, 'run');
        const left = existsSync(run) ? readdirSync(run).filter((name) => name === `server-${this.pid}`) : [];
        assert.deepEqual(left, [], 'the runtime folder is left');
      }
      this.#assertCleanLog();
    } finally {
      this.#killAll();
      if (process.env.STILLHOUSE_TEST_KEEP === undefined) {
        rmSync(this.paths.folder, { recursive: true, force: true });
      }
    }
  }

  #makeConfig(options: TestServerOptions): string {
    const { folder, errorLog } = this.paths;
    const own = typeof options.config === 'string' ? options.config : options.config(this.paths);
    return [
      options.listen ?? 'Listen 127.0.0.1:0',
      `ErrorLog ${errorLog}`,
      'LogLevel info',
      `DefaultRuntimeDir ${folder}/run`,
      own,
      '',
    ].join('\n');
  }

  async #waitForStart(): Promise<void> {
    await waitFor(
      'the server to listen',
      () => {
        if (this.#ended !== undefined) throw new Error(`the server ended with status ${this.#ended.exitStatus}`);
        // The last of the tree's lines, which are printed when all processes serve.
        return /^└─ .*\n/m.test(this.#output);
      },
      startMsLimit,
    );
    const urls = this.#output.matchAll(/^listening on https?:\/\/.*?(?::(\d+))?\/$/gm);
    this.#ports = [...urls].map((match) => Number(match[1] ?? 80));
  }

  #children(): readonly number[] {
    return childrenOf(this.pid).filter(isAlive);
  }

  #assertCleanLog(): void {
    const isClean = (line: string): boolean => {
      const level = /^\[[^\]]+\d{4}\] \[\w+:(\w+)\]/.exec(line)?.[1];
      return level !== undefined && !/^(?:emerg|alert|crit|error)$/.test(level);
    };
    const dirty = this.errorLog()
      .split('\n')
      .filter((line) => line !== '' && !isClean(line) && !this.allowErrors.some((allowed) => allowed.test(line)));
    if (dirty.length === 0) return;
    const shown = dirty.slice(0, dirtyLinesShown).join('\n');
    assert.fail(`${dirty.length} unexpected lines in the error log:\n${shown}`);
  }

  #killAll(): void {
    for (const pid of this.allPids()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone in between.
      }
    }
  }
}

function isHttpChild(pid: number): boolean {
  return commandLine(pid).includes('http-child-main');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The parent's view of one http child: a Node process that runs http-child-main.js and inherits sockets and logs. */

import { type ChildProcess as NodeProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { escapeLogMessage } from '../http/log-escape.js';
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
import { decodeScoreboard, type ScoreboardSlot } from '../wire/scoreboard-reader.js';
import { StackLines } from '../wsgi/stack-lines.js';
import type { BootMessage, FromChild, ToChild } from './child-messages.js';
import { embeddedScoreboard } from './embedded-plan.js';
import { type ChildLoad, noLoad } from './load-reporter.js';

const program = fileURLToPath(new URL('./http-child-main.js', import.meta.url));
/** stdin, stdout, stderr, IPC, and the line for stacks (python/stillhouse/stack_line.py). */
const stackDescriptor = 4;
const firstInheritedDescriptor = 5;
/** Requests of a child that died which its log line names. */
const requestsNamed = 5;

/**
 * Node.js reads the certificates of NODE_EXTRA_CA_CERTS as it starts, which takes longer than all the rest of it. An http child
 * trusts only what the configuration names. In embedded mode the variable belongs to the applications.
 */
function environmentOf({ embedded }: HttpChildBoot): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
  return embedded === null ? environment : process.env;
}

/** A boot message before the inherited descriptors have their numbers in the child. */
export interface HttpChildBoot extends Omit<BootMessage, 'type' | 'listeners' | 'logs'> {
  /** Options of Node.js. */
  readonly nodeOptions: readonly string[];
  readonly listeners: readonly {
    readonly descriptor: number;
    readonly address: BootMessage['listeners'][number]['address'];
  }[];
  readonly logs: ReadonlyMap<string, number>;
  /** Descriptor of the main error log. */
  readonly errorLog: number;
}

export interface HttpChildEvents {
  /** Requests for this group wait for too long in it. */
  onStuck(group: string): void;
  /** One line of the stacks that its Python leaves as it is ended, or dies. */
  onStackLine(line: string): void;
  /** It has accepted MaxConnectionsPerChild connections. */
  onWorn(): void;
}

export class HttpChildHandle implements ChildProcess {
  /** For files of this child alone. */
  readonly folder: string;
  readonly #process: NodeProcess;
  #load = noLoad;
  #failure = '';

  constructor(boot: HttpChildBoot, report: { ready(): void; exited(exit: ChildExit): void }, events: HttpChildEvents) {
    this.folder = boot.folder;
    try {
      mkdirSync(boot.folder, { mode: 0o700 });
      if (boot.user !== null) chownSync(boot.folder, boot.user.uid, boot.user.gid);
    } catch {
      // Only embedded mode needs it: where it can't be had, that says what it can't make there.
    }
    const inherited: number[] = [];
    const inherit = (descriptor: number): number => firstInheritedDescriptor + inherited.push(descriptor) - 1;
    const listeners = boot.listeners.map((one) => ({ address: one.address, descriptor: inherit(one.descriptor) }));
    const logs = Object.fromEntries([...boot.logs].map(([path, descriptor]) => [path, inherit(descriptor)]));
    this.#process = spawn(process.execPath, ['--single-threaded-gc', ...boot.nodeOptions, program], {
      stdio: ['ignore', boot.errorLog, boot.errorLog, 'ipc', 'pipe', ...inherited],
      env: environmentOf(boot),
      // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
      detached: true,
    });
    const stackStream = (this.#process.stdio[stackDescriptor] as Readable | null | undefined) ?? undefined;
    const stacks = new StackLines(stackStream, (line) => events.onStackLine(line));
    let isGone = false;
    const gone = (exit: ChildExit): void => {
      if (isGone) return;
      isGone = true;
      rmSync(boot.folder, { recursive: true, force: true });
      report.exited(exit);
    };
    this.#process.once('error', (error) => {
      gone({ pid: this.pid, status: null, signal: null, cannotStart: true, isOrderly: false, reason: error.message });
    });
    this.#process.once('exit', (status, signal) => {
      const end = signal === null ? `exit code ${status}` : `signal ${signal}`;
      const cannotStart = this.#failure !== '';
      const reason = cannotStart ? this.#failure : `terminated by ${end}${this.#describeLastMoments()}`;
      const isOrderly = status === 0 && !cannotStart;
      // Its last words stand before the line that says that it has gone.
      stacks.onceEnded(() => gone({ pid: this.pid, status, signal, cannotStart, isOrderly, reason }));
    });
    this.#process.on('message', (message: FromChild) => {
      if (message.type === 'ready') report.ready();
      else if (message.type === 'stuck') events.onStuck(message.group);
      else if (message.type === 'worn') events.onWorn();
      else if (message.type === 'load') this.#load = message.load;
      else this.#failure = message.message;
    });
    const { errorLog: _, nodeOptions: __, ...rest } = boot;
    this.send({ ...rest, type: 'boot', listeners, logs });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** What it last said it has to do. */
  get load(): ChildLoad {
    return this.#load;
  }

  get runsRequest(): boolean {
    return this.#readSlots().some(({ requestId }) => requestId !== 0);
  }

  send(message: ToChild): void {
    // Where it has died the message is lost; its exit is on the way.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  retire(): void {
    this.send({ type: 'drain' });
  }

  terminate(): void {
    this.send({ type: 'stop' });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** What embedded mode did when the child died: its scoreboard outlives it. */
  #describeLastMoments(): string {
    const nowSeconds = Date.now() / 1000;
    const named = this.#readSlots()
      .filter((slot) => slot.requestId !== 0)
      .sort((a, b) => a.startedAt - b.startedAt)
      .map(({ label, startedAt }) => `${escapeLogMessage(label)} (${(nowSeconds - startedAt).toFixed(1)} s)`);
    if (named.length === 0) return '';
    const more = named.length > requestsNamed ? ` and ${named.length - requestsNamed} more` : '';
    return `; it was running ${named.slice(0, requestsNamed).join(', ')}${more} in embedded mode`;
  }
  /** None where it has no Python. */
  #readSlots(): readonly ScoreboardSlot[] {
    try {
      return decodeScoreboard(readFileSync(embeddedScoreboard(this.folder))).slots;
    } catch {
      return [];
    }
  }
}

/** The parent's view of one http child: a Node process that runs http-child-main.js and inherits sockets and logs. */

import { type ChildProcess as NodeProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildExit, ChildProcess } from '../proc/supervised-child.js';
import type { BootMessage, FromChild, ToChild } from './child-messages.js';
import { type ChildLoad, noLoad } from './load-reporter.js';

const program = fileURLToPath(new URL('./http-child-main.js', import.meta.url));
/** stdin, stdout, stderr, IPC */
const firstInheritedDescriptor = 4;

/** A boot message before the inherited descriptors have their numbers in the child. */
export interface HttpChildBoot extends Omit<BootMessage, 'type' | 'listeners' | 'logs'> {
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
  /** It has accepted MaxConnectionsPerChild connections. */
  onWorn(): void;
}

export class HttpChildHandle implements ChildProcess {
  readonly #process: NodeProcess;
  #load = noLoad;
  #failure = '';

  constructor(boot: HttpChildBoot, report: { ready(): void; exited(exit: ChildExit): void }, events: HttpChildEvents) {
    const inherited: number[] = [];
    const inherit = (descriptor: number): number => firstInheritedDescriptor + inherited.push(descriptor) - 1;
    const listeners = boot.listeners.map((one) => ({ address: one.address, descriptor: inherit(one.descriptor) }));
    const logs = Object.fromEntries([...boot.logs].map(([path, descriptor]) => [path, inherit(descriptor)]));
    this.#process = spawn(process.execPath, [program], {
      stdio: ['ignore', boot.errorLog, boot.errorLog, 'ipc', ...inherited],
      // Ctrl-C in the terminal reaches the parent alone, which then stops everything in order.
      detached: true,
    });
    let isGone = false;
    const gone = (exit: ChildExit): void => {
      if (isGone) return;
      isGone = true;
      report.exited(exit);
    };
    this.#process.once('error', (error) => {
      gone({ pid: this.pid, status: null, signal: null, cannotStart: true, isOrderly: false, reason: error.message });
    });
    this.#process.once('exit', (status, signal) => {
      const end = signal === null ? `exit code ${status}` : `signal ${signal}`;
      const cannotStart = this.#failure !== '';
      gone({
        pid: this.pid,
        status,
        signal,
        cannotStart,
        isOrderly: status === 0 && !cannotStart,
        reason: cannotStart ? this.#failure : `terminated by ${end}`,
      });
    });
    this.#process.on('message', (message: FromChild) => {
      if (message.type === 'ready') report.ready();
      else if (message.type === 'stuck') events.onStuck(message.group);
      else if (message.type === 'worn') events.onWorn();
      else if (message.type === 'load') this.#load = message.load;
      else this.#failure = message.message;
    });
    const { errorLog: _, ...rest } = boot;
    this.send({ ...rest, type: 'boot', listeners, logs });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** What it last said it has to do. */
  get load(): ChildLoad {
    return this.#load;
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
}

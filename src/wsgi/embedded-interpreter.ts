/**
 * The Python interpreter inside an http child (embedded mode), as the http child sees it: one process of the process
 * group '' that is reached over a channel like any other, though it is this process. What runs in it is in
 * python/stillhouse/embedded_process.py.
 *
 *   new ──start──▶ starting ──ready──▶ serving ──stop──▶ stopping ──▶ taken down
 *                      └─ failed ─▶ ended
 */

import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { ProcessError } from '../base/errors.js';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';
import type { DaemonAddress } from './daemon-connection.js';
import { type DaemonSettings, pythonRuntimeFolder } from './daemon-handle.js';
import { EmbeddedCalls } from './embedded-calls.js';
import { Libpython, openSocketPair } from './libpython.js';
import type { EmbeddablePython } from './libpython-probe.js';

export interface EmbeddedOptions {
  readonly python: EmbeddablePython;
  /** Of the interpreter: PYTHONHASHSEED and its like. They are gone from os.environ when applications are loaded. */
  readonly variables: Readonly<Record<string, string>>;
  /** Each as Python's -W takes it. */
  readonly warnings: readonly string[];
  readonly settings: DaemonSettings;
}

/** The only process of its group, and of its only generation. */
const soleProcess = 1;
const eventCharactersLimit = 4 * 1_048_576;

export class EmbeddedInterpreter {
  readonly #options: EmbeddedOptions;
  #library: Libpython | undefined;
  #orders: Socket | undefined;
  #isCut = false;
  #calls: EmbeddedCalls | undefined;
  #onReady: (failure: ProcessError | undefined) => void = () => {};
  #onStopped: (mayFinalize: boolean) => void = () => {};

  constructor(options: EmbeddedOptions) {
    this.#options = options;
  }

  /**
   * Makes the interpreter; resolves with where its request threads are reached, when the scripts that are to be loaded at
   * the start have been.
   * @throws ProcessError where it can't run as configured
   */
  async start(): Promise<DaemonAddress> {
    const { python, settings, variables, warnings } = this.#options;
    Object.assign(process.env, variables);
    const library = new Libpython(python.library, python.executable);
    for (const name of Object.keys(variables)) delete process.env[name];
    const [ours, theirs] = openSocketPair();
    const ready = new Promise<void>((resolve, reject) => {
      this.#onReady = (failure) => (failure === undefined ? resolve() : reject(failure));
    });
    this.#listen(ours);
    const options = { variables: Object.keys(variables), warnings };
    const isRun = library.run(
      [
        'import sys',
        `sys.path.insert(0, ${asciiJson(dirname(pythonRuntimeFolder))})`,
        'from stillhouse.embedded_process import start',
        'del sys.path[0]',
        `start(${theirs}, ${asciiJson(asciiJson(settings))}, ${asciiJson(asciiJson(options))})`,
        'del start, sys',
      ].join('\n'),
    );
    library.release();
    this.#library = library;
    if (!isRun) this.#onReady(new ProcessError(`embedded mode could not be started: see the error log`));
    await ready;
    const { scoreboard, socket } = settings;
    return { id: soleProcess, pid: process.pid, generation: soleProcess, socket, scoreboard };
  }

  /** How requests are run by calls; undefined where they are not, and before it is ready. */
  get calls(): EmbeddedCalls | undefined {
    return this.#calls;
  }

  /** Has it write the requests that run longest to the log, with their Python stacks. */
  describeRunning(): void {
    this.#send({ command: 'describe' });
  }

  /**
   * Ends requests that still run where that can be, then the interpreter, with what atexit has registered.
   * @param timeoutSeconds after which this process is ended whatever they do
   */
  async stop(reason: string, timeoutSeconds: number): Promise<void> {
    if (this.#library === undefined || this.#orders === undefined || this.#isCut) return;
    const stopped = new Promise<boolean>((resolve) => {
      this.#onStopped = resolve;
    });
    this.#send({ command: 'stop', reason, timeout: timeoutSeconds });
    // Where there are sub-interpreters the process ends without: they have run what atexit has registered.
    const mayFinalize = await stopped;
    if (mayFinalize && this.#options.settings.destroy_interpreter) this.#library.finalize();
    this.#orders.destroy();
  }

  #send(order: object): void {
    if (!this.#isCut) this.#orders?.write(encodeJsonLine(order));
  }

  #listen(descriptor: number): void {
    const orders = new Socket({ fd: descriptor });
    const decoder = new JsonLineDecoder((event) => this.#onEvent(event), eventCharactersLimit);
    orders.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch {
        orders.destroy(); // the application wrote to the descriptor
      }
    });
    orders.on('error', () => {
      // 'close' follows.
    });
    orders.once('close', () => {
      this.#isCut = true;
      this.#onReady(new ProcessError('embedded mode: the interpreter can be given no orders any more'));
      this.#onStopped(false);
    });
    // It does not keep the process from ending.
    orders.unref();
    this.#orders = orders;
  }

  #onEvent(event: Readonly<Record<string, unknown>>): void {
    if (event.event === 'ready') {
      const direct = event.direct as readonly number[];
      if (direct.length > 0) this.#calls = new EmbeddedCalls(direct);
      this.#onReady(undefined);
    } else if (event.event === 'failed') this.#onReady(new ProcessError(`embedded mode: ${String(event.message)}`));
    else if (event.event === 'stopped') this.#onStopped(event.finalize === true);
  }
}

/** JSON in ASCII. Of a text it is a Python literal as well: the escapes are the same. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

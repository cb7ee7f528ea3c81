/**
 * Embedded mode in an http child: the process group whose name is '', and the interpreter behind it. Where the
 * configuration shows that applications run in it the interpreter is there before the first connection; else the first
 * request that comes to it has it made.
 */

import { RequestError, StillhouseError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import type { DirectCalls } from '../wsgi/embedded-calls.js';
import { EmbeddedInterpreter } from '../wsgi/embedded-interpreter.js';
import type { EmbeddablePython } from '../wsgi/libpython-probe.js';
import type { ProcessGroup } from '../wsgi/process-group.js';
import { planEmbedded, probeEmbedded } from './embedded-plan.js';
import { isEmbeddedRestricted } from './embedded-scopes.js';

/** While the server stops the parent waits for 3 s altogether; the Python stacks shall be in the log before that. */
const stopSecondsLimit = 2;
/** As shutdown-timeout of WSGIDaemonProcess. */
const drainSecondsLimit = 5;

/** @throws RequestError where WSGIRestrictEmbedded forbids it */
export function requireUnrestricted(config: Config, script: string): void {
  if (!isEmbeddedRestricted(config)) return;
  throw new RequestError(
    500,
    `Embedded mode of mod_wsgi disabled by runtime system configuration (WSGIRestrictEmbedded): ${script}`,
  );
}

export class EmbeddedMode {
  readonly #config: Config;
  readonly #folder: string;
  readonly #report: (level: 'info' | 'error', message: string) => void;
  #interpreter: EmbeddedInterpreter | undefined;
  #starting: Promise<void> | undefined;
  #failure: string | undefined;

  /** `folder`: for this http child alone, owned by its user. */
  constructor(options: {
    readonly config: Config;
    readonly folder: string;
    readonly report: (level: 'info' | 'error', message: string) => void;
  }) {
    this.#config = options.config;
    this.#folder = options.folder;
    this.#report = options.report;
  }

  /** How the interpreter is called for a request, where it is (prefork). */
  get calls(): DirectCalls | undefined {
    return this.#interpreter?.calls;
  }

  /** Makes the interpreter; resolves when it takes requests of `processes`. @throws StillhouseError where it can't run as configured */
  start(python: EmbeddablePython, processes: ProcessGroup): Promise<void> {
    this.#starting ??= this.#start(python, processes);
    return this.#starting;
  }

  /** Sees to it that requests of `processes` will be run. @throws RequestError where they can't be */
  provide(processes: ProcessGroup, script: string): void {
    requireUnrestricted(this.#config, script);
    if (this.#starting === undefined) this.#startForRequest(processes);
    if (this.#failure !== undefined) throw new RequestError(500, `${this.#failure}; asked for by ${script}`);
  }

  /** Requests wait: writes what keeps the threads busy to the log. */
  describeRunning(): void {
    this.#interpreter?.describeRunning();
  }

  /** Takes the interpreter down; what runs in it has ended, or is given up. */
  async stop(serverStops: boolean): Promise<void> {
    if (this.#failure !== undefined) return;
    await this.#starting;
    await this.#interpreter?.stop('', serverStops ? stopSecondsLimit : drainSecondsLimit);
  }

  async #start(python: EmbeddablePython, processes: ProcessGroup): Promise<void> {
    try {
      const interpreter = new EmbeddedInterpreter(planEmbedded(this.#config, python, this.#folder));
      this.#interpreter = interpreter;
      processes.setProcesses([await interpreter.start()]);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  #startForRequest(processes: ProcessGroup): void {
    try {
      const python = probeEmbedded(this.#config, undefined);
      this.#report('info', `a request asks for embedded mode: loading '${python.library}'`);
      this.#starting = this.#start(python, processes).catch((error: unknown) => {
        if (!(error instanceof StillhouseError)) throw error;
        this.#report('error', error.message);
        processes.refuseToWait();
      });
    } catch (error) {
      if (!(error instanceof StillhouseError)) throw error;
      this.#failure = error.message;
      this.#starting = Promise.resolve();
    }
  }
}

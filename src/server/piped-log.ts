/**
 * A log that a program reads: `CustomLog "|rotatelogs ..."`. The parent starts the program, as itself, and keeps both
 * ends of the pipe: children write into it, and where the program dies what was written meanwhile waits for the next one.
 *
 *   running ──program ends──▶ waiting ──a second later──▶ running
 *      └──────────── dispose ────────────┴──▶ ending ──program has read all, or is killed──▶ gone
 *
 * Owned by OpenLogs. Node makes no pipes for others, so it is a FIFO in a private folder, gone as soon as both ends are open.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessError } from '../base/errors.js';
import { parsePipeCommand } from './pipe-command.js';

export interface PipedLogOptions {
  /** With the bar in front. */
  readonly text: string;
  /** Writers wait where the program does not read: for error logs, which programs write that know no other way. */
  readonly isBlocking: boolean;
  readonly report: (message: string) => void;
}

const restartMs = 1000;
/** After its input has ended: then SIGTERM, and after the same time SIGKILL. */
const endMsLimit = 3000;

export class PipedLog implements Disposable {
  /** The end that is written to. */
  readonly descriptor: number;
  readonly #options: PipedLogOptions;
  readonly #command: readonly string[];
  readonly #readEnd: number;
  #program: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isEnding = false;
  #markEnded: () => void = () => {};
  /** Resolves when it was disposed of and the program has ended. */
  readonly ended = new Promise<void>((resolve) => {
    this.#markEnded = resolve;
  });

  /** @throws ProcessError where the program can't be started */
  constructor(options: PipedLogOptions) {
    this.#options = options;
    this.#command = parsePipeCommand(options.text);
    const [readEnd, writeEnd] = makePipe(options.isBlocking);
    this.#readEnd = readEnd;
    this.descriptor = writeEnd;
    if (!this.#start()) {
      closeSync(readEnd);
      closeSync(writeEnd);
      throw new ProcessError(`the program of the log '${options.text}' can't be started: correct the line`);
    }
  }

  [Symbol.dispose](): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearTimeout(this.#restart);
    closeSync(this.descriptor);
    closeSync(this.#readEnd);
    const program = this.#program;
    if (program === undefined) {
      this.#markEnded();
      return;
    }
    // Its input ends when the last process that writes has ended: one that an application left behind may never.
    const term = setTimeout(() => program.kill('SIGTERM'), endMsLimit).unref();
    const kill = setTimeout(() => program.kill('SIGKILL'), endMsLimit * 2).unref();
    program.once('exit', () => {
      clearTimeout(term);
      clearTimeout(kill);
      this.#markEnded();
    });
  }

  /** False where there is no such program. */
  #start(): boolean {
    const [file = '', ...args] = this.#command;
    const program = spawn(file, args, {
      stdio: [this.#readEnd, 'ignore', 'inherit'],
      // Ctrl-C in the terminal reaches the parent alone: the program must outlive those that write.
      detached: true,
    });
    program.on('error', (error) => this.#gone(program, error.message));
    program.on('exit', (status, signal) =>
      this.#gone(program, signal === null ? `exit code ${status}` : `signal ${signal}`),
    );
    if (program.pid === undefined) return false;
    this.#program = program;
    return true;
  }

  #gone(program: ChildProcess, reason: string): void {
    if (this.#program !== program) return;
    this.#program = undefined;
    if (this.#isEnding) return;
    this.#options.report(
      `piped log program '${this.#options.text}' failed unexpectedly: ${reason}; starting it again in ${restartMs / 1000} s`,
    );
    this.#waitAndStart();
  }

  #waitAndStart(): void {
    this.#restart = setTimeout(() => {
      if (!this.#start()) this.#waitAndStart();
    }, restartMs);
  }
}

/** @throws ProcessError */
function makePipe(isBlocking: boolean): [readEnd: number, writeEnd: number] {
  const folder = mkdtempSync(join(tmpdir(), 'stillhouse-log-'));
  const path = join(folder, 'pipe');
  try {
    execFileSync('mkfifo', ['-m', '600', path], { stdio: 'pipe' });
    // Without a writer only a non-blocking open comes back, so the write end goes first, with a reader in it.
    const both = openSync(path, constants.O_RDWR);
    try {
      const writeEnd = openSync(path, constants.O_WRONLY | (isBlocking ? 0 : constants.O_NONBLOCK));
      try {
        return [openSync(path, constants.O_RDONLY), writeEnd];
      } catch (error) {
        closeSync(writeEnd);
        throw error;
      }
    } finally {
      closeSync(both);
    }
  } catch (cause) {
    throw new ProcessError(
      `no pipe for a log: ${cause instanceof Error ? cause.message : String(cause)}`,
      {},
      { cause },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

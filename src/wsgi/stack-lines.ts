/**
 * The stacks that a process leaves as it is ended or dies: faulthandler writes them a word at a time, so they come to
 * the parent, which puts whole lines into the log. See python/stillhouse/stack_line.py.
 */

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut: the application can write there, too. */
const lineCharactersLimit = 4_096;
/** A process that it has forked may hold the line open after its end. */
const endMsLimit = 200;

export class StackLines {
  readonly #stream: Readable | undefined;
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #pending = '';

  constructor(stream: Readable | undefined, onLine: (line: string) => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    stream?.on('data', (chunk: Buffer) => this.#push(chunk));
    stream?.on('error', () => {
      // Its end is all there is to know.
    });
  }

  /** Calls back when the process, which has ended, has nothing more to say. */
  onceEnded(callback: () => void): void {
    const stream = this.#stream;
    const end = (): void => {
      stream?.destroy();
      if (this.#pending !== '') this.#emit(this.#pending);
      this.#pending = '';
      callback();
    };
    if (stream === undefined || stream.closed) {
      end();
      return;
    }
    const timer = setTimeout(() => {
      stream.off('close', ended);
      end();
    }, endMsLimit);
    const ended = (): void => {
      clearTimeout(timer);
      end();
    };
    stream.once('close', ended);
  }

  #push(chunk: Buffer): void {
    const lines = (this.#pending + this.#decoder.write(chunk)).split('\n');
    this.#pending = (lines.pop() ?? '').slice(0, lineCharactersLimit);
    for (const line of lines) this.#emit(line);
  }

  #emit(line: string): void {
    if (line.trim() !== '') this.#onLine(line.slice(0, lineCharactersLimit));
  }
}

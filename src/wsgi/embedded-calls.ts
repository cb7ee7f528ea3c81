/**
 * Calls of the interpreter inside this process that run a request each: python/stillhouse/direct_calls.py has the other
 * end. A piece of memory that both share holds the frames of the request, and then those of its answer.
 */

import { callbackFor, functionAt, socketOptionSetter } from './libpython.js';

/** What a DirectChannel needs of it; tests have one without Python. */
export interface DirectCalls {
  /** Where the frames of a request are put. */
  readonly memory: Buffer;
  /** What of an answer must be on its way before the request goes on; called during `run`. False: the client has left. */
  onFlush: (frames: Buffer) => boolean;
  /**
   * Runs the request in the first `bytes` of the memory; it is over when this returns.
   * @returns the frames of its answer that were not flushed, valid until the next call; undefined: it was not started
   */
  run(bytes: number): Buffer | undefined;
  /** From now on a connection is broken off whose client takes nothing for so long, while this process waits for it. */
  limitSilence(descriptor: number, ms: number): void;
}

const memoryBytes = 256 * 1024;
/** Up to here frames are looked at where they are; nobody keeps blocks that are so small (outgoing-response.ts). */
const sharedBytesLimit = 8 * 1024;
const declined = -1;
const intLimit = 0x7fff_ffff;
const tcpLevel = 6;
/** TCP_USER_TIMEOUT: unacknowledged, or unsent to a client that takes no more. */
const userTimeout = 18;

export class EmbeddedCalls implements DirectCalls {
  readonly memory = Buffer.alloc(memoryBytes);
  onFlush: (frames: Buffer) => boolean = () => false;
  readonly #call: (...values: unknown[]) => unknown;
  readonly #take: (...values: unknown[]) => unknown;
  readonly #setOption: (descriptor: number, level: number, option: number, value: number) => void;
  #failure: unknown;

  /** `addresses`: of the functions _open, _call and _take. */
  constructor([open = 0, call = 0, take = 0]: readonly number[]) {
    this.#call = functionAt(call, 'int DirectCall(int bytes)');
    this.#take = functionAt(take, 'void DirectTake(void *into, int bytes)');
    this.#setOption = socketOptionSetter();
    const flush = callbackFor('int DirectFlush(int bytes)', (bytes) => this.#flush(bytes as number));
    functionAt(open, 'void DirectOpen(void *memory, int bytes, void *flush)')(this.memory, memoryBytes, flush);
  }

  run(bytes: number): Buffer | undefined {
    const count = this.#call(bytes) as number;
    const failure = this.#failure;
    if (failure !== undefined) {
      this.#failure = undefined;
      throw failure;
    }
    return count === declined ? undefined : this.#read(count);
  }

  limitSilence(descriptor: number, ms: number): void {
    this.#setOption(descriptor, tcpLevel, userTimeout, Math.min(ms, intLimit));
  }

  /** Nothing may be thrown through Python. */
  #flush(bytes: number): number {
    if (this.#failure !== undefined) return 0;
    try {
      return this.onFlush(this.#read(bytes)) ? 1 : 0;
    } catch (error) {
      this.#failure = error;
      return 0;
    }
  }

  #read(bytes: number): Buffer {
    if (bytes <= sharedBytesLimit) return this.memory.subarray(0, bytes);
    const frames = Buffer.allocUnsafeSlow(bytes);
    if (bytes <= memoryBytes) this.memory.copy(frames, 0, 0, bytes);
    else this.#take(frames, bytes);
    return frames;
  }
}

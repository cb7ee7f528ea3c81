/**
 * Calls of the file system, made at once where that takes microseconds, and in the background where it may take for
 * ever. What needs several calls is written once, as a generator of steps; who has a step's result goes on.
 *
 *   local file system:  each step is made on the event loop
 *   any other:          each step is made by libuv's threads, a few at a time
 *
 * On the event loop a call costs about one microsecond where the kernel has what it asks for, by the threads
 * some fifty. Files that are long are read by the threads in any case (static-body.ts).
 */

import { RequestError } from '../base/errors.js';
import type { LocalMounts } from './local-mounts.js';

/** One call, in both its forms. */
export interface FileStep {
  readonly now: () => unknown;
  readonly later: () => Promise<unknown>;
  /** Gives something back: never refused. */
  readonly isCleanup?: boolean;
}

/** Several, and what they lead to. */
export type FileCall<T> = Generator<FileStep, T, unknown>;

/** Made of one step. */
export function* fileStep<T>(now: () => T, later: () => Promise<T>): FileCall<T> {
  return (yield { now, later }) as T;
}

/** libuv has four threads, which compression and lookups need, too: calls that hang have no more than these of them. */
const laterAtOnce = 2;
/** Waiting for one of those; beyond it requests are refused. */
const waitingLimit = 1000;

/** What a request needs of a slow file system is on its way: to be tried again when `ready` is settled. */
export class FilesPending extends Error {
  readonly ready: Promise<void>;

  constructor(ready: Promise<void>) {
    super('what the file system says is not there yet');
    this.ready = ready;
  }
}

export class FileCalls {
  readonly #mounts: Pick<LocalMounts, 'isLocal'>;
  #atOnce = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(mounts: Pick<LocalMounts, 'isLocal'>) {
    this.#mounts = mounts;
  }

  /** Calls for this path return at once. */
  isLocal(path: string): boolean {
    return this.#mounts.isLocal(path);
  }

  /** Makes the call, whose steps are about `path`. @returns a promise where the path is not local */
  run<T>(path: string, call: FileCall<T>): T | Promise<T> {
    return this.isLocal(path) ? runNow(call) : this.runLater(call);
  }

  async runLater<T>(call: FileCall<T>): Promise<T> {
    let step = call.next();
    while (step.done !== true) {
      const { later, isCleanup } = step.value;
      let result: unknown;
      try {
        result = await this.later(later, isCleanup);
      } catch (error) {
        step = call.throw(error);
        continue;
      }
      step = call.next(result);
    }
    return step.value;
  }

  /**
   * One call that may hang, in its turn.
   * @throws RequestError 503 where too many are waiting
   */
  async later<T>(call: () => Promise<T>, isCleanup = false): Promise<T> {
    if (this.#atOnce < laterAtOnce) this.#atOnce += 1;
    else {
      if (this.#waiting.length >= waitingLimit && !isCleanup) {
        throw new RequestError(503, `a file system does not answer: ${waitingLimit} calls are waiting for it`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atOnce -= 1;
      else next();
    }
  }
}

export function runNow<T>(call: FileCall<T>): T {
  let step = call.next();
  while (step.done !== true) {
    const { now } = step.value;
    let result: unknown;
    try {
      result = now();
    } catch (error) {
      step = call.throw(error);
      continue;
    }
    step = call.next(result);
  }
  return step.value;
}

/** For tries that may have to wait: as often as a deep path has folders, and some. */
const triesLimit = 100;

/** Calls `attempt` until what it needs of the file system is there. @throws what `attempt` throws */
export function whenFilesReady<T>(attempt: () => T): T | Promise<T> {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof FilesPending)) throw error;
    return retry(attempt, error);
  }
}

async function retry<T>(attempt: () => T, first: FilesPending): Promise<T> {
  let pending = first;
  for (let tries = 0; tries < triesLimit; tries += 1) {
    await pending.ready;
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof FilesPending)) throw error;
      pending = error;
    }
  }
  throw new RequestError(503, `a file system answers too slowly: nothing is known after ${triesLimit} tries`);
}

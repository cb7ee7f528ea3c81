/**
 * Whether a password fits a stored hash, for many requests at once. Slow hashes are computed in a thread of their own,
 * so that no other request waits for them, and an answer is remembered for some seconds: browsers send the password with
 * each request. What is remembered is a keyed hash of the question, never the password.
 */

import { createHmac, randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { checkPassword, findHashSpeed } from '../http/password/password-hash.js';
import type { PasswordAnswer, PasswordQuestion } from './password-worker.js';

/** Of an answer. Changed files are seen earlier: the stored hash is part of the question. */
const rememberMs = 10_000;
const rememberedLimit = 2048;
/** Checks that may wait for the thread; with a costly hash that is some seconds. Beyond it requests get 503. */
const waitingLimit = 64;

export class TooManyChecks extends Error {
  override readonly name = 'TooManyChecks';

  constructor() {
    super(`${waitingLimit} passwords wait to be checked already`);
  }
}

interface Remembered {
  readonly answer: Promise<boolean>;
  readonly untilMs: number;
}

interface Waiting {
  readonly resolve: (fits: boolean) => void;
  readonly reject: (error: Error) => void;
}

export class PasswordChecker {
  readonly #nowMs: () => number;
  #key: Buffer | undefined;
  /** Oldest first. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @throws TooManyChecks, or Error where the thread has ended */
  check(password: Buffer, stored: string): Promise<boolean> {
    if (findHashSpeed(stored) !== 'slow') return checkPassword(password, stored);
    this.#key ??= randomBytes(32);
    const question = createHmac('sha256', this.#key).update(stored).update('\0').update(password).digest('base64');
    const nowMs = this.#nowMs();
    const known = this.#remembered.get(question);
    if (known !== undefined && known.untilMs > nowMs) return known.answer;
    const answer = this.#ask(password, stored);
    this.#remembered.delete(question);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size < rememberedLimit) break;
      this.#remembered.delete(oldest);
    }
    this.#remembered.set(question, { answer, untilMs: nowMs + rememberMs });
    answer.catch(() => this.#remembered.delete(question));
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(password: Buffer, stored: string): Promise<boolean> {
    if (this.#waiting.size >= waitingLimit) return Promise.reject(new TooManyChecks());
    const worker = this.#startWorker();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const question: PasswordQuestion = { id, password, stored };
      worker.postMessage(question);
    });
  }

  /** Started with the first password: most servers have none. */
  #startWorker(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./password-worker.js', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, fits }: PasswordAnswer) => {
      this.#waiting.get(id)?.resolve(fits);
      this.#waiting.delete(id);
    });
    const ended = (error: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', (code) => ended(new Error(`the thread that checks passwords ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }
}

/** The thread that checks passwords against slow hashes, one after the other. Started by password-checker.ts. */

import { parentPort } from 'node:worker_threads';
import { assert } from '../base/assert.js';
import { checkPassword } from '../http/password/password-hash.js';

export interface PasswordQuestion {
  readonly id: number;
  readonly password: Uint8Array;
  readonly stored: string;
}

export interface PasswordAnswer {
  readonly id: number;
  readonly fits: boolean;
}

const port = parentPort;
assert(port !== null, 'is a thread');

/** Hashing is synchronous work in this thread: two at once would only take turns. */
let queue: Promise<void> = Promise.resolve();

port.on('message', ({ id, password, stored }: PasswordQuestion) => {
  queue = queue.then(async () => {
    const fits = await checkPassword(Buffer.from(password), stored);
    const answer: PasswordAnswer = { id, fits };
    port.postMessage(answer);
  });
});

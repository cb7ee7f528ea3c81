/** A client that sees and sends bytes: for tests of what a well-behaved HTTP client would never do. */

import { connect, type Socket } from 'node:net';
import type { TestServer } from './server.js';

const waitMsLimit = 20_000;

export class RawClient implements Disposable {
  readonly socket: Socket;
  #received = '';
  #receivedBytes = 0;
  #ending: 'open' | 'ended' | 'reset' = 'open';
  #listeners: (() => void)[] = [];

  private constructor(socket: Socket, isReading: boolean) {
    this.socket = socket;
    const changed = (): void => {
      for (const listener of this.#listeners.splice(0)) listener();
    };
    if (isReading) {
      socket.on('data', (chunk: Buffer) => {
        this.#receivedBytes += chunk.length;
        this.#received += chunk.toString('latin1');
        changed();
      });
    }
    socket.on('end', () => {
      if (this.#ending === 'open') this.#ending = 'ended';
      changed();
    });
    socket.on('error', () => {
      this.#ending = 'reset';
      changed();
    });
    socket.on('close', changed);
  }

  /** `isReading: false`: nothing is taken from the connection but by `socket.read` and the like. */
  static open(server: TestServer, options: { readonly isReading?: boolean } = {}): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      // Half open, so that a test decides when this side ends.
      const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket, options.isReading ?? true));
      });
    });
  }

  /** All that came so far, one character for each byte. */
  get text(): string {
    return this.#received;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Status codes of the responses so far; bodies must not look like status lines. */
  get statuses(): readonly number[] {
    return [...this.#received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
  }

  send(text: string | Buffer): this {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    return this;
  }

  /** Ends the sending side only. */
  endSending(): this {
    this.socket.end();
    return this;
  }

  /** Leaves: FIN, as close() does, or a reset. */
  leave(how: 'close' | 'reset' = 'close'): void {
    if (how === 'reset') this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  /** Resolves when the text so far matches. */
  async waitFor(pattern: RegExp, timeoutMs = waitMsLimit): Promise<void> {
    await this.#wait(`${pattern}`, () => pattern.test(this.#received), timeoutMs);
  }

  /** Resolves when the server has ended the connection. */
  async waitForEnd(timeoutMs = waitMsLimit): Promise<'ended' | 'reset'> {
    await this.#wait('the end', () => this.#ending !== 'open', timeoutMs);
    this.socket.destroy();
    return this.#ending === 'reset' ? 'reset' : 'ended';
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #wait(what: string, isThere: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`waited ${timeoutMs} ms in vain for ${what}; received:\n${this.#received.slice(0, 4000)}`));
      }, timeoutMs);
      const check = (): void => {
        if (!isThere()) {
          this.#listeners.push(check);
          return;
        }
        clearTimeout(timer);
        resolve();
      };
      check();
    });
  }
}

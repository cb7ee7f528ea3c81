/** Clients that keep their connections and ask without a pause, so that whatever is lost on the way is seen. */

import { Agent } from 'node:http';
import { waitFor } from './processes.js';
import type { TestServer } from './server.js';

export interface LoadOptions {
  readonly clients: number;
  readonly paths?: readonly string[];
  /** Every other request is a POST with a body of up to this length. */
  readonly bodyBytesLimit?: number;
}

export interface LoadAnswer {
  readonly path: string;
  readonly text: string;
}

export class Load {
  /** In the order in which they came. */
  readonly answers: LoadAnswer[] = [];
  /** What went wrong: one sentence for each request that was not answered with 200, whole and as expected. */
  readonly failures: string[] = [];
  readonly #server: TestServer;
  readonly #options: LoadOptions;
  readonly #clients: Promise<void>[];
  #isOver = false;
  #count = 0;

  /** The application must be version.py. */
  constructor(server: TestServer, options: LoadOptions) {
    this.#server = server;
    this.#options = options;
    this.#clients = Array.from({ length: options.clients }, () => this.#run());
  }

  /** Resolves when this many more requests have been answered. */
  async goOn(count: number): Promise<void> {
    const until = this.answers.length + count;
    await waitFor(`${count} more answers`, () => this.failures.length > 0 || this.answers.length >= until, 30_000);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #run(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      while (!this.#isOver) await this.#ask(agent);
    } finally {
      agent.destroy();
    }
  }

  async #ask(agent: Agent): Promise<void> {
    const { paths = ['/'], bodyBytesLimit = 100_000 } = this.#options;
    this.#count += 1;
    const path = paths[this.#count % paths.length] ?? '/';
    const bytes = this.#count % 2 === 0 ? 0 : 1 + ((this.#count * 7919) % bodyBytesLimit);
    const what = `${bytes === 0 ? 'GET' : `POST of ${bytes} bytes to`} ${path}`;
    try {
      const request = bytes === 0 ? { agent } : { agent, method: 'POST', body: Buffer.alloc(bytes) };
      const { status, complete, text } = await this.#server.request(path, request);
      if (status !== 200 || !complete) this.failures.push(`${what}: ${status}, ${complete ? 'whole' : 'incomplete'}`);
      else if (!text.endsWith(` ${bytes}\n`)) this.failures.push(`${what}: the answer is '${text}'`);
      else this.answers.push({ path, text });
    } catch (error) {
      this.failures.push(`${what}: ${String(error)}`);
    }
  }
}

/**
 * What the `send` library takes for a response where the file can't go straight to the connection, because the
 * configuration changes responses of the scope: it collects the head and passes head and blocks to the sink.
 */

import { type Duplex, Writable } from 'node:stream';
import type { ClientResponse } from '../http/client-response.js';
import { reasonPhrase } from './error-page.js';
import type { HttpResponseSink } from './http-response-sink.js';

export class SinkResponse extends Writable {
  statusCode = 200;
  readonly #sink: HttpResponseSink;
  readonly #outgoing: ClientResponse;
  /** The type of the file, also where the answer is that it has not changed: rules go by it. */
  #type: string | undefined;
  readonly #headers = new Map<string, readonly [name: string, values: readonly string[]]>();

  constructor(sink: HttpResponseSink, outgoing: ClientResponse) {
    super();
    this.#sink = sink;
    this.#outgoing = outgoing;
    outgoing.once('close', () => this.destroy());
  }

  get headersSent(): boolean {
    return this.#sink.hasBegun;
  }

  /** The client's, for whoever wants to know that it has left. */
  get socket(): Duplex {
    return this.#outgoing.socket;
  }

  setHeader(name: string, value: string | number | readonly string[]): this {
    if (name.toLowerCase() === 'content-type') this.#type = String(value);
    this.#headers.set(name.toLowerCase(), [name, typeof value === 'object' ? value : [String(value)]]);
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase())?.[1].join(', ');
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  override _write(block: Buffer, _encoding: string, done: () => void): void {
    this.#begin();
    this.#sink.write(block, () => done());
  }

  override _final(done: () => void): void {
    this.#begin();
    if (this.#outgoing.destroyed) {
      done();
      return;
    }
    this.#outgoing.once('close', () => done());
    this.#sink.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // Broken off in the midst of the body, and that must show.
    if (!this.#outgoing.writableEnded) this.#outgoing.destroy();
    done(error);
  }

  #begin(): void {
    if (this.#sink.hasBegun) return;
    const length = this.getHeader('Content-Length');
    const headers = [...this.#headers].flatMap(([lower, [name, values]]) =>
      lower === 'content-length' ? [] : values.flatMap((value) => [name, value]),
    );
    if (this.statusCode === 304 && this.#type !== undefined) headers.push('Content-Type', this.#type);
    this.#sink.begin(
      this.statusCode,
      reasonPhrase(this.statusCode),
      headers,
      length === undefined ? undefined : Number(length),
      'file',
    );
  }
}

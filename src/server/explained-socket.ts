/**
 * The connection of a request that is explained: src/http1 takes it for a client's. Reads what it was given, keeps the
 * head of the answer and throws the body away.
 */

import { Duplex } from 'node:stream';

export interface SocketEnds {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
}

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; of repeated ones the first. */
  readonly headers: ReadonlyMap<string, string>;
}

/** More than any head that the server writes. */
const headBytesLimit = 1024 * 1024;

export class ExplainedSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  bytesRead = 0;
  bytesWritten = 0;
  /** Once it is there; not of interim answers (100 Continue). */
  head: AnswerHead | undefined;
  readonly #request: Buffer;
  #answer = '';

  constructor(request: Buffer, ends: SocketEnds) {
    super();
    this.#request = request;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
    this.localAddress = ends.localAddress;
    this.localPort = ends.localPort;
  }

  /** Without an end: a client that waits for its answer does not hang up. */
  override _read(): void {
    if (this.bytesRead > 0) return;
    this.bytesRead = this.#request.length;
    this.push(this.#request);
  }

  override _write(block: Buffer, _encoding: string, done: () => void): void {
    this.bytesWritten += block.length;
    if (this.head === undefined && this.#answer.length < headBytesLimit) {
      this.#answer += block.toString('latin1');
      this.#parse();
    }
    done();
  }

  // What src/http1 and client-connection.ts call on a connection; there is none to set.
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    this.destroy();
  }

  resetAndDestroy(): this {
    return this.destroy();
  }

  #parse(): void {
    for (let end = this.#answer.indexOf('\r\n\r\n'); end >= 0; end = this.#answer.indexOf('\r\n\r\n')) {
      const [first = '', ...lines] = this.#answer.slice(0, end).split('\r\n');
      this.#answer = this.#answer.slice(end + '\r\n\r\n'.length);
      const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(first)?.[1] ?? 0);
      if (status < 200) continue;
      const headers = new Map<string, string>();
      for (const line of lines) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).toLowerCase();
        if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
      }
      this.head = { status, headers };
      return;
    }
  }
}

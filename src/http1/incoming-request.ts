/** A request that came on an HttpConnection: its head, and its body on its way from there to whoever reads it. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { copyBlock, giveBlock } from '../base/block-pool.js';
import type { ClientRequest } from '../http/client-request.js';
import { findField, joinFields } from '../http/request-fields.js';
import type { RequestHead } from './request-head.js';

/** What is kept of a body that nobody takes; then the connection is not read from. */
const bodyBytesKept = 64 * 1024;

export class IncomingRequest implements ClientRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly socket: Socket;
  #rawHeaders: readonly string[];
  #headers: IncomingHttpHeaders | undefined;
  readonly #onTaken: () => void;
  #onData: ((block: Buffer) => void) | undefined;
  #onEnd: (() => void) | undefined;
  /** What came and was not taken; of the pool. */
  #kept: Buffer[] | undefined;
  #keptBytes = 0;
  #isFlowing = false;
  #isDelivering = false;
  #isDumped = false;
  #isComplete = false;
  #hasEnded = false;

  /** `onTaken`: something of what was kept has been taken. */
  constructor(head: RequestHead, socket: Socket, onTaken: () => void) {
    this.method = head.method;
    this.url = head.target;
    this.httpVersionMajor = head.versionMajor;
    this.httpVersionMinor = head.versionMinor;
    this.socket = socket;
    this.#rawHeaders = head.fields;
    this.#onTaken = onTaken;
  }

  get httpVersion(): string {
    if (this.httpVersionMajor === 1) return this.httpVersionMinor === 1 ? '1.1' : '1.0';
    return `${this.httpVersionMajor}.${this.httpVersionMinor}`;
  }

  get rawHeaders(): readonly string[] {
    return this.#rawHeaders;
  }

  set rawHeaders(fields: readonly string[]) {
    this.#rawHeaders = fields;
  }

  get headers(): IncomingHttpHeaders {
    this.#headers ??= joinFields(this.#rawHeaders);
    return this.#headers;
  }

  set headers(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    if (this.#headers === undefined) return findField(this.#rawHeaders, name);
    const value = Object.hasOwn(this.#headers, name) ? this.#headers[name] : undefined;
    return typeof value === 'object' ? value.join(', ') : value;
  }

  /** Its last byte has come. */
  get complete(): boolean {
    return this.#isComplete;
  }

  /** No more of the body should be read before some of it is taken. */
  get isFull(): boolean {
    return this.#keptBytes >= bodyBytesKept;
  }

  on(event: 'data', listener: (block: Buffer) => void): this;
  on(event: 'end', listener: () => void): this;
  on(event: 'data' | 'end', listener: ((block: Buffer) => void) | (() => void)): this {
    if (event === 'data') this.#onData = listener;
    else this.#onEnd = listener as () => void;
    return this;
  }

  pause(): void {
    this.#isFlowing = false;
  }

  resume(): void {
    this.#isFlowing = true;
    if (!this.#isDelivering) this.#deliver();
  }

  /** The connection has read another part of the body. The memory of `block` is the connection's. */
  push(block: Buffer): void {
    if (this.#isDumped) return;
    if (this.#isFlowing && !this.#isDelivering && this.#keptBytes === 0) {
      this.#onData?.(block);
      return;
    }
    this.#kept ??= [];
    this.#kept.push(copyBlock(block));
    this.#keptBytes += block.length;
  }

  /** The connection has read all of the body. */
  finish(): void {
    this.#isComplete = true;
    if (this.#isFlowing && !this.#isDelivering) this.#deliver();
  }

  /** Nobody reads what is left of it. */
  dump(): void {
    this.#isDumped = true;
    if (this.#kept !== undefined) for (const block of this.#kept) giveBlock(block);
    this.#kept = undefined;
    this.#keptBytes = 0;
    this.#onData = undefined;
    this.#onEnd = undefined;
  }

  #deliver(): void {
    const had = this.#keptBytes;
    this.#isDelivering = true;
    while (this.#isFlowing && this.#kept !== undefined) {
      const block = this.#kept.shift();
      if (block === undefined) {
        this.#kept = undefined;
        break;
      }
      this.#keptBytes -= block.length;
      this.#onData?.(block);
      giveBlock(block);
    }
    this.#isDelivering = false;
    if (this.#isFlowing && this.#isComplete && !this.#hasEnded) {
      this.#hasEnded = true;
      this.#onEnd?.();
    }
    if (this.#keptBytes < had && !this.#isComplete) this.#onTaken();
  }
}

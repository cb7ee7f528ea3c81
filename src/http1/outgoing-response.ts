/**
 * A response on its way to a client: collects the head, frames the body, and knows when the connection has taken all of
 * it. What is made at once goes out in one write; what is made bit by bit in one write for each turn of the event loop.
 *
 *   head unmade ──writeHead, write, end──▶ head made ──end──▶ ended ──all taken──▶ finished: 'finish', 'close'
 *        └───────────────────────────────────┴────────────────┴── the connection is gone: 'close'
 *
 * Made by HttpConnection, one for each request.
 */

import { EventEmitter } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientResponse, type OwnFields, withOwnFields } from '../http/client-response.js';
import { checkHeadField } from '../http/field-syntax.js';
import type { DirectWriter } from '../http/response-sink.js';
import { formatResponseHead } from './response-head.js';

/** What a response needs of its connection. */
export interface ResponseConnection {
  readonly socket: Socket;
  readonly keepAliveTimeoutMs: number;
  /** The client has all of the response. */
  responseOver(response: OutgoingResponse): void;
  /** Ends the connection behind what was written. */
  linger(): void;
}

export interface AnsweredRequest {
  readonly method: string;
  readonly httpVersion: string;
}

/** Up to here a block is joined with its head, which costs less than a write of two parts, and so copied. */
export const copiedBytesLimit = 8 * 1024;
/** What a connection may keep that is to be written through: nothing, unless a signal comes in between. */
const unwrittenBytesLimit = 1024 * 1024;
const nothing = Buffer.alloc(0);
const turn = (response: OutgoingResponse): void => response.flush();

type Value = string | number | readonly string[];

/** Of a socket without TLS, what Node has and does not document. */
interface PlainHandle {
  readonly fd: number;
  /** Whether writing waits for the client. */
  setBlocking(blocking: boolean): number;
}

export class OutgoingResponse extends EventEmitter implements ClientResponse, DirectWriter {
  readonly req: AnsweredRequest;
  readonly socket: Socket;
  statusCode = 200;
  shouldKeepAlive: boolean;
  onOver: (() => void) | undefined;
  readonly #connection: ResponseConnection;
  /** By name in lower case; created when the first is set. */
  #fields: Map<string, readonly [name: string, value: Value]> | undefined;
  /** Made and not yet sent. */
  #unsentHead = '';
  #isHeadMade = false;
  #isChunked = false;
  #isLast = false;
  #hasBody: boolean;
  /** The client knows chunks. */
  readonly #mayChunk: boolean;
  #awaitsContinue: boolean;
  #bodyBytes = 0;
  #isCorked = false;
  /** As it was before what is held back. */
  #wasBehind = false;
  /** Who wants to know that what was written is taken, and has not been told. */
  #untold: (() => void)[] = [];
  #isEnded = false;
  #isFinished = false;
  #isClosed = false;

  constructor(
    request: AnsweredRequest & { header(name: string): string | undefined },
    connection: ResponseConnection,
    keepAlive: boolean,
    expectsContinue: boolean,
  ) {
    super();
    this.req = request;
    this.#connection = connection;
    this.socket = connection.socket;
    this.shouldKeepAlive = keepAlive;
    this.#awaitsContinue = expectsContinue;
    this.#hasBody = request.method !== 'HEAD';
    this.#mayChunk = request.httpVersion === '1.1' || /(?:^|\W)chunked(?:$|\W)/i.test(request.header('te') ?? '');
  }

  get headersSent(): boolean {
    return this.#isHeadMade;
  }

  get writableEnded(): boolean {
    return this.#isEnded;
  }

  get writableFinished(): boolean {
    return this.#isFinished;
  }

  get writableNeedDrain(): boolean {
    return !this.#isEnded && this.socket.writableNeedDrain;
  }

  get destroyed(): boolean {
    return this.#isClosed || this.socket.destroyed;
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  /** The connection ends behind it. */
  get isLast(): boolean {
    return this.#isLast;
  }

  /** The client sends no more: nothing can follow, whatever the head says. */
  makeLast(): void {
    this.#isLast = true;
  }

  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get unwrittenBytes(): number {
    // Node itself looks there for progress in a long write (net.Socket._onTimeout), and has no public way to it.
    const { _handle } = this.socket as Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null };
    return _handle?.writeQueueSize ?? 0;
  }

  get direct(): DirectWriter | undefined {
    const handle = this.#plainHandle;
    return handle === undefined || this.socket.writableLength > 0 ? undefined : this;
  }

  get descriptor(): number {
    return this.#plainHandle?.fd ?? -1;
  }

  get #plainHandle(): PlainHandle | undefined {
    if ('encrypted' in this.socket) return undefined;
    const { _handle: handle } = this.socket as Socket & { readonly _handle?: Partial<PlainHandle> | null };
    return typeof handle?.setBlocking === 'function' && typeof handle.fd === 'number' && handle.fd >= 0
      ? (handle as PlainHandle)
      : undefined;
  }

  /** @throws TypeError where HTTP can't carry it */
  setHeader(name: string, value: Value): this {
    for (const one of typeof value === 'object' ? value : [String(value)]) checkHeadField(name, one);
    this.#fields ??= new Map();
    this.#fields.set(name.toLowerCase(), [name, value]);
    return this;
  }

  appendHeader(name: string, value: string): this {
    const found = this.#fields?.get(name.toLowerCase())?.[1];
    if (found === undefined) return this.setHeader(name, value);
    return this.setHeader(name, [...(typeof found === 'object' ? found : [String(found)]), value]);
  }

  getHeader(name: string): Value | undefined {
    return this.#fields?.get(name.toLowerCase())?.[1];
  }

  getHeaderNames(): string[] {
    return this.#fields === undefined ? [] : [...this.#fields.keys()];
  }

  removeHeader(name: string): void {
    this.#fields?.delete(name.toLowerCase());
  }

  writeHead(status: number, reason: string, fields: readonly string[], own?: OwnFields): this {
    if (this.#fields === undefined) this.#makeHead(status, reason, fields, undefined, own);
    else this.#makeHead(status, reason, this.#withSetFields(withOwnFields(fields, own)), undefined);
    return this;
  }

  writeContinue(): void {
    this.#awaitsContinue = false;
    if (!this.destroyed) this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
  }

  write(block: Buffer, onTaken?: () => void): boolean {
    if (!this.#isHeadMade) this.#makeImplicitHead(undefined);
    if (!this.#hasBody || this.#isEnded || this.destroyed) {
      onTaken?.();
      return true;
    }
    if (!this.#isCorked) {
      // What else is written in this turn of the event loop goes out with it.
      this.#wasBehind = this.isBehind;
      this.#isCorked = true;
      this.socket.cork();
      process.nextTick(turn, this);
    }
    if (onTaken !== undefined) this.#untold.push(onTaken);
    return this.#send(block, false);
  }

  /** Without a callback for each block: these would be kept until the event loop goes on. */
  writeThrough(block: Buffer): boolean {
    const { socket } = this;
    const handle = this.#plainHandle;
    if (!this.#isHeadMade) this.#makeImplicitHead(undefined);
    if (this.#isEnded || this.destroyed || handle === undefined) return false;
    if (!this.#hasBody) return true;
    // libuv tries to write at once, and does not get back before the client's connection has taken all of it.
    handle.setBlocking(true);
    this.flush();
    this.#send(block, false);
    handle.setBlocking(false);
    // A failure is known at once; that it destroys the socket is left to the event loop.
    if (socket.errored !== null || socket.writableLength > unwrittenBytesLimit) socket.destroy();
    return !socket.destroyed;
  }

  end(block: Buffer = nothing): this {
    if (this.#isEnded) return this;
    if (!this.#isHeadMade) this.#makeImplicitHead(block.length);
    this.#isEnded = true;
    if (this.destroyed) return this;
    const { socket } = this;
    const body = this.#hasBody ? block : nothing;
    if (socket.writableLength > 0 || 'encrypted' in socket) {
      this.#send(body, true, () => this.#finish());
      this.flush();
      return this;
    }
    this.#send(body, true);
    this.flush();
    if (this.#isAllTaken) this.#finish();
    else socket.write(nothing, () => this.#finish());
    return this;
  }

  get isBehind(): boolean {
    return this.#isCorked ? this.#wasBehind : this.socket.writableLength > 0;
  }

  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    const { socket } = this;
    socket.uncork();
    if (this.#untold.length === 0) return;
    const untold = this.#untold;
    this.#untold = [];
    const tell = (): void => {
      for (const onTaken of untold) onTaken();
    };
    if (this.#isAllTaken) tell();
    else socket.write(nothing, tell);
  }

  /** Usually the kernel takes it at once; TLS never says so at once. */
  get #isAllTaken(): boolean {
    return this.socket.writableLength === 0 && !('encrypted' in this.socket);
  }

  cutOff(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#connection.linger();
  }

  reset(): void {
    if (this.#isClosed) return;
    this.flush();
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    if (!this.#isClosed) this.socket.destroy();
  }

  /** The connection is gone. */
  connectionClosed(): void {
    this.#close();
  }

  /** Called by the connection when it has seen to what follows. */
  close(): void {
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onOver?.();
    this.emit('close');
  }

  #finish(): void {
    if (this.#isFinished || this.destroyed) return;
    this.#isFinished = true;
    this.emit('finish');
    this.#connection.responseOver(this);
  }

  #makeImplicitHead(bodyBytes: number | undefined): void {
    const status = this.statusCode;
    this.#makeHead(status, STATUS_CODES[status] ?? 'unknown', this.#withSetFields([]), bodyBytes);
  }

  #makeHead(
    status: number,
    reason: string,
    fields: readonly string[],
    bodyBytes: number | undefined,
    own?: OwnFields,
  ): void {
    if (this.#isHeadMade) throw new TypeError('the head of the response has been made');
    if (!(status >= 100 && status <= 999)) throw new RangeError(`Invalid status code: ${status}`);
    // Who waits for 100 Continue and gets this may send its body or not: nothing can be told behind it.
    if (this.#awaitsContinue) this.shouldKeepAlive = false;
    const hasBody = this.#hasBody && status !== 204 && status !== 304 && status >= 200;
    const head = formatResponseHead(
      {
        status,
        reason,
        mayChunk: this.#mayChunk,
        hasBody,
        shouldKeepAlive: this.shouldKeepAlive,
        keepAliveTimeoutMs: this.#connection.keepAliveTimeoutMs,
        bodyBytes,
        server: own?.server,
        contentLength: own?.contentLength,
      },
      fields,
    );
    this.statusCode = status;
    this.#hasBody = hasBody;
    this.#isHeadMade = true;
    this.#unsentHead = head.text;
    this.#isChunked = head.isChunked;
    if (head.isLast) {
      this.#isLast = true;
      this.shouldKeepAlive = false;
    }
  }

  /** What was set one by one, and `fields`, which go before. */
  #withSetFields(fields: readonly string[]): readonly string[] {
    if (this.#fields === undefined) return fields;
    const replaced = new Set<string>();
    for (let at = 0; at < fields.length; at += 2) replaced.add((fields[at] as string).toLowerCase());
    const all: string[] = [];
    for (const [lower, [name, value]] of this.#fields) {
      if (replaced.has(lower)) continue;
      for (const one of typeof value === 'object' ? value : [String(value)]) all.push(name, one);
    }
    return [...all, ...fields];
  }

  /** Writes a block with what goes before and behind it. @returns false where the connection has enough */
  #send(block: Buffer, isLast: boolean, onTaken?: () => void): boolean {
    const { socket } = this;
    const { length } = block;
    this.#bodyBytes += length;
    let before = this.#unsentHead;
    this.#unsentHead = '';
    let behind = '';
    if (this.#isChunked) {
      if (length > 0) {
        before += `${length.toString(16)}\r\n`;
        behind = '\r\n';
      }
      if (isLast) behind += '0\r\n\r\n';
    }
    if (length <= copiedBytesLimit) {
      const text = length === 0 ? before + behind : before + block.toString('latin1') + behind;
      if (text === '' && onTaken === undefined) return true;
      return socket.write(text, 'latin1', onTaken);
    }
    socket.cork();
    if (before !== '') socket.write(before, 'latin1');
    let isFree = socket.write(block, behind === '' ? onTaken : undefined);
    if (behind !== '') isFree = socket.write(behind, 'latin1', onTaken);
    socket.uncork();
    return isFree;
  }
}

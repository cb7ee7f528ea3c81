/**
 * HTTP/1.1 on one connection: bytes become requests, one at a time, and each is answered before the next one is looked
 * at. What comes meanwhile is kept, and beyond a bound not read. Whoever has an HttpConnection decides what to do with
 * requests and how long to wait for anything; this has no timer.
 *
 *   reading a head ──▶ request (its body may still come) ──response over──▶ reading a head ...
 *        │                │                                  └─ last one ──▶ lingering
 *        └─ malformed ────┴─ the body is malformed ──▶ answer ──▶ lingering ──▶ gone
 *
 * Invariants:
 *  1. `onRequest` is not called while a response is open, nor before the body of the request before has been read.
 *  2. After something malformed nothing that comes is taken for a request.
 */

import type { Socket } from 'node:net';
import { BodyDecoder } from './body-decoder.js';
import { IncomingRequest } from './incoming-request.js';
import { KnownFields } from './known-fields.js';
import { OutgoingResponse, type ResponseConnection } from './outgoing-response.js';
import { ReceiveBuffer } from './receive-buffer.js';
import { type HeadLimits, HeadProblem, lineAt, parseRequestHead, type RequestHead } from './request-head.js';
import { shareReads } from './shared-reads.js';

export interface ConnectionHandler {
  /** Called for one request at a time; the next comes when this response is over. */
  onRequest(request: IncomingRequest, response: OutgoingResponse, expectsContinue: boolean): void;
  /** The response is over and the connection goes on, or not; the response tells its listeners next. */
  onOver(): void;
  /** The rest of the body of the request at hand can't be understood. */
  onBodyProblem(reason: string, status?: number): void;
  /** What came is no request that can be carried out. @returns the answer, as whole bytes */
  onMalformed(status: number, reason: string, requestLine: string): string;
  onClosed(): void;
}

export interface ConnectionLimits extends HeadLimits {
  /** Told to the client; it is for the handler to keep it. */
  readonly keepAliveTimeoutMs: number;
}

/** What is kept of what a client sends before its turn comes. */
const pipelinedBytesLimit = 16 * 1024;
/** So much of an unfinished head is looked at again whenever more of it comes; more only when there is twice as much. */
const rescannedBytesLimit = 4096;

export class HttpConnection implements ResponseConnection {
  readonly socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #handler: ConnectionHandler;
  readonly #received = new ReceiveBuffer();
  /** Made with the second request: most connections have one, or many. */
  #knownFields: KnownFields | undefined;
  /** How much of a head was looked at in vain. */
  #scannedBytes = 0;
  /** The request whose head came last. */
  #request: IncomingRequest | undefined;
  /** Set while the body of that request comes. */
  #decoder: BodyDecoder | undefined;
  #response: OutgoingResponse | undefined;
  #requests = 0;
  #isReadingHeads = false;
  #isPaused = false;
  /** The client has ended its side. */
  #isEnded = false;
  /** What comes is thrown away. */
  #isDeaf = false;
  #isLingering = false;
  /** What is to be done in place of another request. */
  #conclusion: (() => void) | undefined;
  readonly #resumeReading = (): void => this.#resume();

  constructor(socket: Socket, limits: ConnectionLimits, handler: ConnectionHandler) {
    this.socket = socket;
    this.#limits = limits;
    this.#handler = handler;
    socket.on('error', () => {}); // 'close' follows; a client that goes away is no error
    socket.on('close', () => this.#closed());
    socket.on('end', () => this.#ended());
    socket.on('drain', () => this.#response?.emit('drain'));
    const areShared = shareReads(socket, (bytes, length) => {
      this.#take(bytes, length);
      this.#received.giveBack();
    });
    if (!areShared) socket.on('data', (chunk: Buffer) => this.#take(chunk, chunk.length));
  }

  get keepAliveTimeoutMs(): number {
    return this.#limits.keepAliveTimeoutMs;
  }

  /** The response at hand. */
  get response(): OutgoingResponse | undefined {
    return this.#response;
  }

  /** The request whose body is still coming. */
  get bodyRequest(): IncomingRequest | undefined {
    return this.#decoder === undefined ? undefined : this.#request;
  }

  /** Requests whose head has come. */
  get requests(): number {
    return this.#requests;
  }

  /** Nothing of another request has come. */
  get isIdle(): boolean {
    return this.#response === undefined && this.#decoder === undefined && this.#received.length === 0;
  }

  get isLingering(): boolean {
    return this.#isLingering;
  }

  /** What comes is not taken for requests any more. */
  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** Whether another request has come behind the one at hand. */
  get hasWaiting(): boolean {
    const { bytes, from, to } = this.#received;
    const at = bytes.indexOf('\r\n\r\n', from, 'latin1');
    return at >= 0 && at < to;
  }

  /** Answers with an error once the request at hand has its answer, and ends the connection. */
  refuse(status: number, reason: string, requestLine: string): void {
    if (this.#isDeaf) return;
    if (!this.socket.writable) {
      this.socket.destroy();
      return;
    }
    this.#turnDeaf(() => {
      this.socket.write(this.#handler.onMalformed(status, reason, requestLine));
      this.linger();
    });
  }

  /** What is being read is refused for coming too slowly; a header, or nothing. */
  refuseHeader(status: number, reason: string): void {
    const { bytes, from, to } = this.#received;
    this.refuse(status, reason, lineAt(bytes, from, to));
  }

  /** The body of the request at hand will not come to its end. */
  breakBody(reason: string, status?: number): void {
    if (this.#isDeaf) return;
    this.#isDeaf = true;
    this.#received.clear();
    if (this.#response === undefined) {
      this.linger();
      return;
    }
    this.#conclusion = () => this.linger();
    this.#response.shouldKeepAlive = false;
    this.#handler.onBodyProblem(reason, status);
  }

  /** Nothing more is answered: ends the connection behind what was written, and reads until the client does the same. */
  linger(): void {
    if (this.#isLingering) return;
    this.#isLingering = true;
    this.#isDeaf = true;
    this.#received.clear();
    this.#request?.dump();
    this.socket.end();
    this.#isPaused = false;
    this.socket.resume();
  }

  responseOver(response: OutgoingResponse): void {
    if (this.#response !== response) return;
    this.#response = undefined;
    if (this.#decoder !== undefined) {
      this.#request?.dump();
    }
    if (response.isLast) this.linger();
    this.#handler.onOver();
    response.close();
    if (this.#isLingering || this.socket.destroyed) return;
    if (this.#conclusion !== undefined) {
      this.#conclusion();
      return;
    }
    this.#readHeads();
    this.#resume();
  }

  #turnDeaf(conclusion: () => void): void {
    this.#isDeaf = true;
    this.#received.clear();
    if (this.#response === undefined) conclusion();
    else this.#conclusion = conclusion;
  }

  #take(chunk: Buffer, length: number): void {
    if (this.#isDeaf) return;
    let from = 0;
    if (this.#decoder !== undefined) {
      from = this.#decode(this.#decoder, chunk, 0, length);
      if (this.#isDeaf || from === length) {
        if (this.#decoder !== undefined) this.#pauseIfFull();
        return;
      }
    }
    this.#received.append(chunk, from, length);
    if (this.#response !== undefined) this.#pauseIfFull();
    else this.#readHeads();
  }

  #decode(decoder: BodyDecoder, bytes: Buffer, from: number, to: number): number {
    const at = decoder.decode(bytes, from, to);
    if (decoder.problem !== undefined) this.breakBody(decoder.problem);
    else if (decoder.isComplete) {
      this.#decoder = undefined;
      this.#request?.finish();
    }
    return at;
  }

  /** Requests whose answers come at once are taken one after the other here, not one within the other. */
  #readHeads(): void {
    if (this.#isReadingHeads) return;
    this.#isReadingHeads = true;
    while (this.#response === undefined && this.#decoder === undefined && !this.#isDeaf && this.#received.length > 0) {
      if (!this.#mayHaveHead()) break;
      const { bytes, from, to } = this.#received;
      if (this.#requests === 1) this.#knownFields ??= new KnownFields();
      const head = parseRequestHead(bytes, from, to, this.#limits, this.#knownFields);
      if (head === undefined) {
        this.#forgetEmptyLines();
        this.#scannedBytes = this.#received.length;
        break;
      }
      this.#scannedBytes = 0;
      if (head instanceof HeadProblem) this.refuse(head.status, head.reason, head.requestLine);
      else this.#begin(head);
    }
    this.#isReadingHeads = false;
    if (this.#isEnded && !this.#isDeaf && this.#response === undefined) this.#concludeEnd();
  }

  /** Who sends nothing else has not begun a request. */
  #forgetEmptyLines(): void {
    const { bytes, from, to } = this.#received;
    let at = from;
    while (at + 1 < to && bytes[at] === 0x0d && bytes[at + 1] === 0x0a) at += 2;
    if (at > from) this.#received.consume(at);
  }

  /** Spares looking at a long head again and again that comes in small pieces. */
  #mayHaveHead(): boolean {
    const { bytes, from, to, length } = this.#received;
    if (length <= rescannedBytesLimit || length >= 2 * this.#scannedBytes) return true;
    const at = bytes.indexOf('\r\n\r\n', from + this.#scannedBytes - 3, 'latin1');
    if (at >= 0 && at < to) return true;
    return length > this.#limits.headBytes;
  }

  #begin(head: RequestHead): void {
    const { bytes } = this.#received;
    this.#received.consume(head.end);
    if (head.method === 'CONNECT') {
      this.refuse(
        405,
        'CONNECT is not served',
        `CONNECT ${head.target} HTTP/${head.versionMajor}.${head.versionMinor}`,
      );
      return;
    }
    const request = new IncomingRequest(head, this.socket, this.#resumeReading);
    this.#request = request;
    this.#requests += 1;
    if (head.bodyBytes === 0) request.finish();
    else if (!this.#beginBody(head, request, bytes)) return;
    const response = new OutgoingResponse(request, this, head.keepAlive, head.expectsContinue);
    if (this.#isEnded && this.#received.length === 0) response.makeLast();
    this.#response = response;
    this.#handler.onRequest(request, response, head.expectsContinue);
    if (this.#response !== undefined) this.#pauseIfFull();
  }

  /** What of the body is there is looked at first: malformed, it reaches nobody. @returns false where it is refused */
  #beginBody(head: RequestHead, request: IncomingRequest, bytes: Buffer): boolean {
    const decoder = new BodyDecoder(head.bodyBytes, (block) => request.push(block));
    this.#decoder = decoder;
    if (this.#received.length > 0) {
      this.#received.consume(decoder.decode(bytes, head.end, this.#received.to));
    }
    if (decoder.problem !== undefined) {
      this.#decoder = undefined;
      const { method, target, versionMajor, versionMinor } = head;
      this.refuse(400, decoder.problem, `${method} ${target} HTTP/${versionMajor}.${versionMinor}`);
      return false;
    }
    if (decoder.isComplete) {
      this.#decoder = undefined;
      request.finish();
    } else if (this.#isEnded) {
      this.socket.destroy(); // it left in the midst of the body
      return false;
    }
    return true;
  }

  #pauseIfFull(): void {
    if (this.#isPaused || !this.#isFull()) return;
    this.#isPaused = true;
    this.socket.pause();
  }

  #resume(): void {
    if (!this.#isPaused || this.#isFull()) return;
    this.#isPaused = false;
    this.socket.resume();
  }

  #isFull(): boolean {
    if (this.#isDeaf) return false;
    if (this.#decoder !== undefined) return this.#request?.isFull === true;
    return this.#response !== undefined && this.#received.length >= pipelinedBytesLimit;
  }

  #ended(): void {
    this.#isEnded = true;
    if (this.#isDeaf) return;
    if (this.#decoder !== undefined) this.socket.destroy();
    else if (this.#response === undefined) this.#concludeEnd();
    else if (this.#received.length === 0) this.#response.makeLast();
  }

  /** The client has ended its side, and all of its requests are answered. */
  #concludeEnd(): void {
    if (this.#received.length === 0) this.linger();
    else this.refuseHeader(400, 'the client ended in the midst of a request header');
  }

  #closed(): void {
    this.#isDeaf = true;
    this.#received.clear();
    const response = this.#response;
    this.#response = undefined;
    this.#request?.dump();
    this.#handler.onClosed();
    response?.connectionClosed();
  }
}

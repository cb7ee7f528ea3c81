/**
 * One request on its way through a daemon process and back: forwards the body as the application reads it, passes the
 * response on as the client takes it, and moves to another process if the first one gave it back unstarted.
 *
 *   waiting ──send──▶ sent ──response──▶ answering ──end──▶ done
 *      ▲               │
 *      └───revoked─────┘      (at most once because its script has changed: then it waits for a process started later)
 *
 * Invariants:
 *  1. Nothing is sent twice to an application: a request returns to `waiting` only by onRevoked.
 *  2. Body bytes that were sent are kept until the application has taken some or answered; from then on it has started.
 *  3. `onDone` is called once, whatever happens.
 */

import { copyBlock, giveBlock } from '../base/block-pool.js';
import type { IndexedMember } from '../base/indexed-set.js';
import type { RequestBody } from '../http/client-request.js';
import type { ResponseSink } from '../http/response-sink.js';
import { frameHeaderBytes, framePayloadBytesLimit } from '../wire/protocol.js';
import { applicationHeadOf, findField } from './application-head.js';
import type { DirectFacts } from './direct-channel.js';
import { GLOBAL_GROUP } from './expansion.js';
import type { GroupConnection, GroupRequest, ProcessGroup } from './process-group.js';
import type { GroupExchange } from './process-link.js';
import { ResponseCredit } from './response-credit.js';
import { shorten } from './running-requests.js';

export interface WsgiExchangeOptions {
  readonly group: ProcessGroup;
  /** A byte string; '' is the main interpreter. */
  readonly applicationGroup: string;
  readonly sink: ResponseSink;
  /** What the log calls the request. */
  readonly request: { readonly method: string; readonly rawTarget: string; readonly id: string };
  /**
   * Makes the request frame: header space, then the payload. Called at each sending. Unless `mayReload` the process is to
   * run the script as it has it, though the file may have changed.
   */
  readonly encode: (mayReload: boolean) => Buffer;
  /** Undefined where the request has no body. */
  readonly body: RequestBody | undefined;
  /** Body bytes that may come (LimitRequestBody); 0: no limit. */
  readonly bodyBytesLimit: number;
  /** Sends 100 Continue; undefined where the client does not wait for it. */
  readonly sendContinue: (() => void) | undefined;
  /** What the server adds to the response: name, value, name, value. */
  readonly extraHeaders: readonly string[];
  /** WSGIErrorOverride: the server's page takes the place of what the application says of an error. */
  readonly overridesErrors: boolean;
  /**
   * Longest silence of the daemon process (socket-timeout) and of the client (Timeout), in seconds. The group has one for
   * a client that takes nothing of the response (response-socket-timeout).
   */
  readonly daemonTimeoutSeconds: number;
  readonly clientTimeoutSeconds: number;
  /** The application sends the request on to another path of this server (status 200 and Location: /path). */
  readonly onLocalRedirect: (location: string, contentType: string) => void;
  /** No response came: the server answers with its page of `status`. `reason` is undefined where it is logged already. */
  readonly onFailed: (status: number, reason: string | undefined) => void;
  /** Something to log of a response that had begun. */
  readonly report: (level: 'info' | 'error', message: string) => void;
  readonly onDone: (exchange: WsgiExchange) => void;
}

const noBytes = Buffer.alloc(0);
/** Stays empty. */
const noBlocks: Buffer[] = [];

export class WsgiExchange implements GroupExchange, GroupRequest, IndexedMember {
  readonly #options: WsgiExchangeOptions;
  submittedMs = 0;
  setIndex = -1;
  #connection: GroupConnection | undefined;
  #id = 0;
  #isDone = false;
  /** The application has it: it has read of the body or answered. */
  #hasStarted = false;
  /** It was asked back from the process. */
  #isAskedBack = false;
  #wasHeld = false;
  /** Seconds without a sign of life, counted by `tick`. */
  #daemonSilenceSeconds = 0;
  #clientSilenceSeconds = 0;
  #unwrittenBytes = 0;
  /** Since it was sent. */
  #credit: ResponseCredit | undefined;
  // The request body. Blocks are of the pool.
  #isForwarding = false;
  #unsent: Buffer[] = noBlocks;
  #kept: Buffer[] | undefined;
  #receivedBytes = 0;
  #bodyEnded: boolean;
  #endSent: boolean;
  #continueSent = false;
  /** Made with the first block that is written. */
  #onTaken: ((bytes: number) => void) | undefined;

  constructor(options: WsgiExchangeOptions) {
    this.#options = options;
    this.#bodyEnded = options.body === undefined;
    this.#endSent = this.#bodyEnded;
    this.#kept = options.body === undefined ? undefined : [];
  }

  get description(): string {
    const { method, rawTarget, id } = this.#options.request;
    return `${shorten(`${method} ${rawTarget}`)} (request ${id})`;
  }

  get applicationGroup(): string {
    return this.#options.applicationGroup;
  }

  /** How long the client may take nothing of the response. */
  get responseTimeoutSeconds(): number {
    return this.#options.group.limits.responseTimeoutSeconds || this.#options.clientTimeoutSeconds;
  }

  start(): void {
    this.#options.group.submit(this);
  }

  /** The client has its response, or has left before. */
  clientLeft(): void {
    this.#credit?.close();
    if (this.#isDone) return;
    if (this.#connection === undefined) this.#options.group.withdraw(this);
    else this.#connection.channel.abort(this.#id);
    this.#done();
  }

  /** The rest of the body can't be understood, or is not waited for any longer. */
  bodyBroken(reason: string, status = 400): void {
    if (this.#isDone || this.#bodyEnded) return;
    if (this.#connection === undefined) this.#options.group.withdraw(this);
    else this.#connection.channel.abort(this.#id);
    this.#cutShort(status, status === 400 ? `request body is malformed: ${reason}` : reason);
  }

  /** One second went by. */
  tick(): void {
    if (this.#isDone || this.#connection === undefined) return;
    this.#askBack();
    if (this.#isClientSilent()) {
      this.#clientSilenceSeconds += 1;
      const isTaking = this.#options.sink.pendingBytes > 0;
      const seconds = isTaking ? this.responseTimeoutSeconds : this.#options.clientTimeoutSeconds;
      if (this.#clientSilenceSeconds >= seconds) this.#giveUpOnClient(seconds);
      return;
    }
    this.#daemonSilenceSeconds += 1;
    if (this.#daemonSilenceSeconds >= this.#options.daemonTimeoutSeconds) this.#giveUpOnDaemon();
  }

  // GroupRequest

  send(connection: GroupConnection): void {
    const frame = this.#options.encode(!this.#wasHeld);
    if (frame.length - frameHeaderBytes > framePayloadBytesLimit) {
      this.fail(400, `request header makes an environ of more than ${framePayloadBytesLimit} bytes`);
      return;
    }
    this.#connection = connection;
    this.#isAskedBack = false;
    this.#daemonSilenceSeconds = 0;
    const { limits, responseBudget } = this.#options.group;
    this.#credit = new ResponseCredit(limits.responseBufferBytes, responseBudget);
    this.#id = connection.channel.request(
      frame,
      {
        hasBody: this.#options.body !== undefined,
        expectContinue: this.#awaitsContinue,
        advance: this.#credit.advance(),
      },
      this,
    );
    if (this.#options.body === undefined) return;
    if (!this.#awaitsContinue) this.#forward();
    this.#pump();
  }

  fail(status: number, reason: string): void {
    if (this.#isDone) return;
    this.#done();
    this.#options.onFailed(status, reason);
  }

  // GroupExchange

  get direct(): DirectFacts | undefined {
    const { request, sink } = this.#options;
    const writer = sink.direct;
    if (writer === undefined) return undefined;
    const pathEnd = request.rawTarget.indexOf('?');
    const path = pathEnd < 0 ? request.rawTarget : request.rawTarget.slice(0, pathEnd);
    return { name: `${request.method} ${path}`, writer, silenceMsLimit: this.responseTimeoutSeconds * 1000 };
  }

  onResponse(headText: string, block: Buffer, ended: boolean, bodyBytes: number | undefined): boolean {
    this.#hasStarted = true;
    this.#daemonSilenceSeconds = 0;
    this.#clientSilenceSeconds = 0;
    this.#forgetKept();
    const { extraHeaders, sink } = this.#options;
    const { fields, location, reason, status, statusText } = applicationHeadOf(headText);
    const headers = extraHeaders.length === 0 ? fields : [...fields, ...extraHeaders];
    // In embedded mode mod_wsgi has neither of the two.
    const isDaemon = this.#options.group.name !== GLOBAL_GROUP;
    if (isDaemon && status === 200 && location.startsWith('/')) {
      if (!ended) this.#connection?.channel.abort(this.#id);
      this.#done();
      this.#options.onLocalRedirect(location, findField(headers, 'content-type') ?? '');
      return false;
    }
    if (isDaemon && this.#options.overridesErrors && status >= 400) {
      if (!ended) this.#connection?.channel.abort(this.#id);
      this.#done();
      this.#options.onFailed(status, undefined);
      return false;
    }
    try {
      if (!(status >= 200)) throw new RangeError(`status ${statusText} is not one of a final response`);
      sink.begin(status, reason, headers, bodyBytes);
    } catch (error) {
      // Bytes that HTTP can't carry: the application's headers passed mod_wsgi's checks, but not these.
      if (!ended) this.#connection?.channel.abort(this.#id);
      const problem = error instanceof Error ? error.message : String(error);
      this.#cutShort(500, `invalid response from the application: ${problem}`);
      return false;
    }
    return this.onData(block, ended);
  }

  onData(block: Buffer, ended: boolean): boolean {
    this.#daemonSilenceSeconds = 0;
    const { sink } = this.#options;
    if (ended) {
      this.#done();
      return !(block.length > 0 ? sink.end(block) : sink.end());
    }
    if (block.length === 0) return false;
    // Before the client takes it, which may be at once.
    this.#giveCredit(this.#credit?.received(block.length) ?? 0);
    this.#onTaken ??= (bytes) => {
      this.#clientSilenceSeconds = 0;
      this.#giveCredit(this.#credit?.taken(bytes) ?? 0);
    };
    return !sink.write(block, this.#onTaken);
  }

  settle(): boolean {
    return this.#options.sink.settle();
  }

  onCredit(_bytes: number): void {
    this.#hasStarted = true;
    this.#daemonSilenceSeconds = 0;
    this.#forgetKept();
    if (this.#awaitsContinue) {
      this.#continueSent = true;
      // Too late once the response has begun; the client may still send the body.
      if (!this.#options.sink.hasBegun) this.#options.sendContinue?.();
    }
    this.#forward();
    this.#pump();
  }

  onTruncated(reason: string): void {
    if (this.#isDone) return;
    this.#done();
    if (this.#options.sink.hasBegun) this.#options.sink.truncate();
    else this.#options.onFailed(500, reason);
  }

  onRefused(status: number, _reason: string): void {
    if (this.#isDone) return;
    this.#done();
    this.#options.onFailed(status, undefined);
  }

  onRevoked(isForReload: boolean): void {
    if (this.#isDone) return;
    const generation = this.#connection?.address.generation ?? 0;
    this.#connection = undefined;
    this.#credit?.withdraw();
    if (this.#kept !== undefined) {
      this.#unsent = [...this.#kept, ...this.#unsent];
      this.#kept = [];
    }
    this.#endSent = this.#options.body === undefined;
    const { group } = this.#options;
    if (isForReload && !this.#wasHeld) {
      this.#wasHeld = true;
      group.hold(this, generation);
    } else if (this.#isAskedBack) {
      group.expire(this);
    } else {
      group.resubmit(this);
    }
  }

  onLost(): void {
    if (this.#isDone) return;
    this.#done();
    if (this.#options.sink.hasBegun) {
      this.#options.sink.truncate();
      return;
    }
    const name = this.#options.group.name;
    this.#options.onFailed(502, `Daemon process '${name}' closed connection before sending complete response headers.`);
  }

  get #awaitsContinue(): boolean {
    return this.#options.sendContinue !== undefined && !this.#continueSent;
  }

  /** It may wait in the process, behind requests of other http children: after queue-timeout it is wanted back. */
  #askBack(): void {
    if (this.#hasStarted || this.#isAskedBack || !this.#options.group.isOverdue(this)) return;
    this.#isAskedBack = true;
    this.#connection?.channel.revoke(this.#id);
  }

  /** Whether it is the client's turn, and since the last second nothing came of it. */
  #isClientSilent(): boolean {
    const { sink } = this.#options;
    if (sink.pendingBytes === 0) return !this.#bodyEnded && this.#unsent.length === 0 && this.#mayFlow();
    const { unwrittenBytes } = sink;
    // Many blocks may be in one write, which is over only when the last of them is taken.
    if (unwrittenBytes !== this.#unwrittenBytes) this.#clientSilenceSeconds = 0;
    this.#unwrittenBytes = unwrittenBytes;
    return true;
  }

  #giveCredit(bytes: number): void {
    if (bytes > 0 && !this.#isDone) this.#connection?.channel.taken(this.#id, bytes);
  }

  /** Starts to take the body from the client; it flows into the channel as far as credit allows. */
  #forward(): void {
    const { body } = this.#options;
    if (this.#isForwarding || body === undefined) return;
    this.#isForwarding = true;
    body.on('data', (chunk: Buffer) => this.#onBodyChunk(chunk));
    body.on('end', () => {
      this.#bodyEnded = true;
      this.#pump();
    });
  }

  #onBodyChunk(chunk: Buffer): void {
    if (this.#isDone) return; // answered without reading the rest: it is thrown away
    this.#clientSilenceSeconds = 0;
    this.#receivedBytes += chunk.length;
    const { bodyBytesLimit } = this.#options;
    if (bodyBytesLimit > 0 && this.#receivedBytes > bodyBytesLimit) {
      this.#connection?.channel.abort(this.#id);
      if (this.#connection === undefined) this.#options.group.withdraw(this);
      this.#cutShort(413, `request body is longer than LimitRequestBody of ${bodyBytesLimit} bytes`);
      return;
    }
    const rest = this.#unsent.length === 0 ? this.#sendAtOnce(chunk) : chunk;
    if (rest.length === 0) return;
    if (this.#unsent === noBlocks) this.#unsent = [];
    this.#unsent.push(copyBlock(rest));
    this.#options.body?.pause();
  }

  /** Sends what credit allows of a block whose memory is not ours. @returns the rest */
  #sendAtOnce(block: Buffer): Buffer {
    const credit = this.#connection?.channel.credit(this.#id) ?? 0;
    if (credit <= 0) return block;
    const part = block.subarray(0, credit);
    this.#kept?.push(copyBlock(part));
    this.#connection?.channel.data(this.#id, part, false);
    return block.subarray(part.length);
  }

  #mayFlow(): boolean {
    return this.#isForwarding && (this.#connection?.channel.credit(this.#id) ?? 0) > 0;
  }

  #pump(): void {
    const connection = this.#connection;
    // Before anybody listens the body must not be set flowing: it would be lost.
    if (connection === undefined || this.#isDone || this.#endSent || !this.#isForwarding) return;
    const { channel } = connection;
    while (this.#unsent.length > 0) {
      const credit = channel.credit(this.#id);
      if (credit <= 0) return;
      const block = this.#unsent[0] as Buffer;
      const part = block.subarray(0, credit);
      const isWhole = part.length === block.length;
      if (isWhole) this.#unsent.shift();
      else this.#unsent[0] = block.subarray(credit);
      const isLast = this.#bodyEnded && this.#unsent.length === 0;
      channel.data(this.#id, part, isLast);
      this.#endSent = isLast;
      // It changes hands, or its memory is free; of a part that is the rest's.
      if (this.#kept !== undefined) this.#kept.push(isWhole ? block : copyBlock(part));
      else if (isWhole) giveBlock(block);
    }
    if (this.#bodyEnded && !this.#endSent) {
      this.#endSent = true;
      channel.data(this.#id, noBytes, true);
    }
    if (!this.#bodyEnded) this.#options.body?.resume();
  }

  /** It has started: nothing is sent again. */
  #forgetKept(): void {
    if (this.#kept === undefined) return;
    for (const block of this.#kept) giveBlock(block);
    this.#kept = undefined;
  }

  #giveUpOnClient(seconds: number): void {
    this.#connection?.channel.abort(this.#id);
    if (this.#options.sink.pendingBytes > 0) {
      this.#cutShort(408, `client took none of the response for ${seconds} s`);
    } else {
      this.#cutShort(408, `client sent none of the request body for ${seconds} s`);
    }
  }

  #giveUpOnDaemon(): void {
    this.#connection?.channel.abort(this.#id);
    const name = this.#options.group.name;
    const what = this.#options.sink.hasBegun ? 'response' : 'response headers';
    this.#cutShort(504, `Timeout when reading ${what} from daemon process '${name}'.`);
  }

  #cutShort(status: number, reason: string): void {
    this.#done();
    if (this.#options.sink.hasBegun) {
      this.#options.report(status < 500 ? 'info' : 'error', reason);
      this.#options.sink.truncate(status === 408);
    } else {
      this.#options.onFailed(status, reason);
    }
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    for (const block of this.#unsent) giveBlock(block);
    this.#unsent = noBlocks;
    this.#forgetKept();
    this.#credit?.end();
    // What the application left unread of the body flows away.
    if (this.#isForwarding && !this.#bodyEnded) this.#options.body?.resume();
    this.#options.onDone(this);
    if (this.#connection !== undefined) this.#options.group.dispatch();
  }
}

/**
 * The http child's end of the channel, without sockets: which requests are open on one connection, their credit, and
 * the frames that come of it. The owner writes what `write` is given and passes in what it reads.
 *
 * Frames of one event-loop turn are written together: `write` gets one buffer for many requests.
 */

import { ProtocolError } from '../base/errors.js';
import { FrameDecoder, writeFrameHeader } from './frame-decoder.js';
import { OpenRequests } from './open-requests.js';
import {
  frameFlag,
  frameHeaderBytes,
  frameType,
  openRequestsLimit,
  protocolVersion,
  requestWindowBytes,
  serviceTimeUnitMs,
} from './protocol.js';

/** What happens to one request on its way through a daemon process. Called during `receive`. */
export interface ChannelExchange {
  /** `head`: status line, then name and value of each header, a line each. `block`: the first of the body. */
  onResponse(head: string, block: Buffer, ended: boolean): void;
  onData(block: Buffer, ended: boolean): void;
  /** The application took `bytes` of the request body; they may be sent anew. */
  onCredit(bytes: number): void;
  /** The response that began can't be completed. */
  onTruncated(reason: string): void;
  /** No response can be made; the server answers with its page of `status`. */
  onRefused(status: number, reason: string): void;
  /**
   * The request has not started in this process and never will: another may have it; where `isForReload` is set one that
   * is started from now on, since its script has changed.
   */
  onRevoked(isForReload: boolean): void;
  /** The process died, or the connection broke, after the request had started. */
  onLost(): void;
}

/** Response credit is given back in steps of this many bytes. */
const creditStepBytes = 65_536;
const outboxBytes = 65_536;
/** Ids are u32. */
const requestIdLimit = 0xffff_ffff;

export class ChannelClient {
  readonly #write: (bytes: Buffer) => void;
  readonly #schedule: (flush: () => void) => void;
  readonly #onFreed: (() => void) | undefined;
  readonly #onServed: ((tookMs: number) => void) | undefined;
  readonly #decoder: FrameDecoder;
  readonly #open = new OpenRequests<ChannelExchange>();
  #nextId = 1;
  #outbox = Buffer.allocUnsafe(outboxBytes);
  #outboxAt = 0;
  #flushScheduled = false;
  #saidGoodbye = false;

  /**
   * `schedule` runs its callback once at the end of the current event-loop turn. `onFreed`: a request that was aborted is
   * over in the daemon process, too. `onServed`: a response is complete, for which a request thread took so long.
   */
  constructor(options: {
    readonly connectionNumber: number;
    /** A byte string. */
    readonly applicationGroup?: string;
    readonly write: (bytes: Buffer) => void;
    readonly schedule: (flush: () => void) => void;
    readonly onFreed?: () => void;
    readonly onServed?: (tookMs: number) => void;
  }) {
    this.#write = options.write;
    this.#schedule = options.schedule;
    this.#onFreed = options.onFreed;
    this.#onServed = options.onServed;
    this.#decoder = new FrameDecoder((type, flags, requestId, payload, serviceTime) => {
      if (serviceTime > 0) this.#onServed?.(serviceTime * serviceTimeUnitMs);
      this.#onFrame(type, flags, requestId, payload);
    }, frameType.data);
    const name = Buffer.from(options.applicationGroup ?? '', 'latin1');
    const hello = Buffer.concat([Buffer.alloc(8), name]);
    hello.writeUInt32LE(protocolVersion, 0);
    hello.writeUInt32LE(options.connectionNumber, 4);
    this.#put(frameType.hello, 0, 0, hello);
  }

  /** Requests sent and neither answered nor given back, also such as were aborted and have not come to their end. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** The daemon process takes no more requests. */
  get isLeaving(): boolean {
    return this.#saidGoodbye;
  }

  get hasRoom(): boolean {
    return !this.#saidGoodbye && !this.isUsedUp && this.#open.size < openRequestsLimit;
  }

  /** Every request id has been given out: the connection must be made anew once the last request is answered. */
  get isUsedUp(): boolean {
    return this.#nextId > requestIdLimit;
  }

  /**
   * Sends a request. `frame` is header space (frameHeaderBytes) followed by the payload; it is copied.
   * @returns its id on this connection
   */
  request(
    frame: Buffer,
    facts: { readonly hasBody: boolean; readonly expectContinue: boolean },
    exchange: ChannelExchange,
  ): number {
    const id = this.#nextId++;
    const expects = facts.hasBody && facts.expectContinue;
    this.#open.add({ id, exchange, creditBytes: expects ? 0 : requestWindowBytes, takenBytes: 0 });
    const flags = (facts.hasBody ? 0 : frameFlag.end) | (expects ? frameFlag.expectContinue : 0);
    writeFrameHeader(frame, 0, frame.length - frameHeaderBytes, id, frameType.request, flags);
    this.#append(frame);
    return id;
  }

  /** How many body bytes may be sent now. */
  credit(id: number): number {
    return this.#open.find(id)?.creditBytes ?? 0;
  }

  /** Sends body bytes, no more than `credit` allows. */
  data(id: number, block: Buffer, ended: boolean): void {
    const request = this.#open.find(id);
    if (request?.exchange === undefined) return;
    request.creditBytes -= block.length;
    this.#put(frameType.data, ended ? frameFlag.end : 0, id, block);
  }

  /** `bytes` of the response that were received may be sent anew. */
  taken(id: number, bytes: number): void {
    const request = this.#open.find(id);
    if (request?.exchange === undefined) return; // answered whole or aborted: nothing more is wanted
    request.takenBytes += bytes;
    if (request.takenBytes < creditStepBytes) return;
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32LE(request.takenBytes, 0);
    request.takenBytes = 0;
    this.#put(frameType.credit, 0, id, payload);
  }

  /** The client left: nobody waits for the answer, and nothing more is reported of it. */
  abort(id: number): void {
    const request = this.#open.find(id);
    if (request?.exchange === undefined) return;
    request.exchange = undefined;
    this.#put(frameType.abort, 0, id, Buffer.alloc(0));
  }

  /** Asks for the request back; `onRevoked` follows if it had not started. */
  revoke(id: number): void {
    if (this.#open.find(id)?.exchange !== undefined) this.#put(frameType.revoke, 0, id, Buffer.alloc(0));
  }

  /** The id of the next request. */
  get nextId(): number {
    return this.#nextId;
  }

  /** The id of the request that is open for longest; `nextId` where none is. */
  get oldestId(): number {
    return this.#open.oldestId ?? this.#nextId;
  }

  /** The ids of requests that have not started, where those up to id `highestStarted` have; in their order. */
  unstarted(highestStarted: number): number[] {
    const ids: number[] = [];
    for (const { id, exchange } of this.#open.all) if (id > highestStarted && exchange !== undefined) ids.push(id);
    return ids;
  }

  /** Takes bytes from the daemon process. @throws ProtocolError: close the connection. */
  receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  /** The connection is gone. @returns the requests that were open, by id */
  abandon(): Map<number, ChannelExchange> {
    const open = new Map<number, ChannelExchange>();
    for (const { id, exchange } of this.#open.all) if (exchange !== undefined) open.set(id, exchange);
    this.#open.clear();
    this.#saidGoodbye = true;
    return open;
  }

  #onFrame(type: number, flags: number, id: number, payload: Buffer): void {
    if (type === frameType.goodbye) {
      this.#saidGoodbye = true;
      return;
    }
    const request = this.#open.find(id);
    if (request === undefined) return;
    const ended = (flags & frameFlag.end) !== 0;
    const { exchange } = request;
    if (exchange === undefined) {
      // Aborted by us: of what was still on its way only the end is of interest.
      if (ended || type === frameType.abort || type === frameType.refuse || type === frameType.revoked) {
        this.#open.delete(id);
        this.#onFreed?.();
      }
      return;
    }
    switch (type) {
      case frameType.response: {
        if (payload.length < 4) throw new ProtocolError('response frame is cut');
        const headEnd = 4 + payload.readUInt32LE(0);
        if (headEnd > payload.length) throw new ProtocolError('response head is longer than its frame');
        const head = payload.toString('latin1', 4, headEnd);
        if (ended) this.#open.delete(id);
        exchange.onResponse(head, payload.subarray(headEnd), ended);
        return;
      }
      case frameType.data:
        if (ended) this.#open.delete(id);
        exchange.onData(payload, ended);
        return;
      case frameType.credit: {
        if (payload.length !== 4) throw new ProtocolError('credit frame of the wrong length');
        const bytes = payload.readUInt32LE(0);
        request.creditBytes += bytes;
        exchange.onCredit(bytes);
        return;
      }
      case frameType.abort:
        this.#open.delete(id);
        exchange.onTruncated(payload.toString('utf8'));
        return;
      case frameType.refuse:
        if (payload.length < 2) throw new ProtocolError('refuse frame is cut');
        this.#open.delete(id);
        exchange.onRefused(payload.readUInt16LE(0), payload.toString('utf8', 2));
        return;
      case frameType.revoked:
        this.#open.delete(id);
        exchange.onRevoked((flags & frameFlag.reload) !== 0);
        return;
      default:
        throw new ProtocolError(`frame of unknown type ${type}`);
    }
  }

  #put(type: number, flags: number, id: number, payload: Buffer): void {
    const header = Buffer.allocUnsafe(frameHeaderBytes);
    writeFrameHeader(header, 0, payload.length, id, type, flags);
    this.#append(header);
    if (payload.length > 0) this.#append(payload);
  }

  #append(bytes: Buffer): void {
    if (this.#outboxAt + bytes.length > this.#outbox.length) {
      this.flush();
      if (bytes.length > this.#outbox.length) {
        // Copied, since the caller reuses its buffer before the socket has written it.
        this.#write(Buffer.from(bytes));
        return;
      }
    }
    bytes.copy(this.#outbox, this.#outboxAt);
    this.#outboxAt += bytes.length;
    if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      this.#schedule(() => this.flush());
    }
  }

  /** Writes what has been put together. */
  flush(): void {
    this.#flushScheduled = false;
    if (this.#outboxAt === 0) return;
    const bytes = this.#outbox.subarray(0, this.#outboxAt);
    // The socket owns these bytes until they are written: go on behind them, in a new buffer when this one is used up.
    const rest = this.#outbox.length - this.#outboxAt;
    this.#outbox = rest >= outboxBytes / 4 ? this.#outbox.subarray(this.#outboxAt) : Buffer.allocUnsafe(outboxBytes);
    this.#outboxAt = 0;
    this.#write(bytes);
  }
}

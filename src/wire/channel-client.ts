/**
 * The http child's end of the channel, without sockets: which requests are open on one connection, their credit, and
 * the frames that come of it. The owner writes what `write` is given and passes in what it reads.
 *
 * Frames of one event-loop turn are written together: `write` gets one buffer for many requests.
 */

import { ProtocolError } from '../base/errors.js';
import { FrameDecoder, writeFrameHeader } from './frame-decoder.js';
import { type OpenRequest, OpenRequests } from './open-requests.js';
import {
  advanceUnitBytes,
  frameFlag,
  frameHeaderBytes,
  frameType,
  openRequestsLimit,
  protocolVersion,
  requestWindowBytes,
  responseWindowBytes,
  serviceTimeUnitMs,
} from './protocol.js';

/**
 * What happens to one request on its way through a daemon process. Called during `receive`. The memory of a `block` is
 * used anew after that. A call that returns true wants to be asked before, by `settle`.
 */
export interface ChannelExchange {
  /**
   * `head`: status line, then name and value of each header, a line each. `block`: the first of the body. `bodyBytes`: the length of
   * the whole body, where that is known.
   */
  onResponse(head: string, block: Buffer, ended: boolean, bodyBytes: number | undefined): boolean;
  onData(block: Buffer, ended: boolean): boolean;
  /** All that was received has been passed on. @returns whether the memory of the blocks may be used anew; else never */
  settle(): boolean;
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

/** What the header of a request frame says. */
export interface RequestFrameFacts {
  readonly hasBody: boolean;
  readonly expectContinue: boolean;
  /** How much of the response may come beyond the window, in the protocol's unit. */
  readonly advance?: number;
}

/** Response credit is given back in steps of this many bytes. */
const creditStepBytes = 65_536;
/** What is put together for one write; where bodies are sent, more. */
const outboxBytes = 65_536;
const largeOutboxBytes = 262_144;
/** Ids are u32. */
const requestIdLimit = 0xffff_ffff;

export class ChannelClient {
  readonly #write: (bytes: Buffer) => boolean;
  readonly #schedule: (flush: () => void) => void;
  readonly #onFreed: (() => void) | undefined;
  readonly #onServed: ((tookMs: number) => void) | undefined;
  readonly #decoder: FrameDecoder;
  readonly #open = new OpenRequests<ChannelExchange>();
  #nextId = 1;
  #outbox = Buffer.allocUnsafeSlow(outboxBytes);
  #outboxAt = 0;
  /** During `receive`: exchanges that may go on reading from what was received. */
  readonly #holders = new Set<ChannelExchange>();
  #flushScheduled = false;
  #saidGoodbye = false;
  /** Requests with response bytes to give back that are worth a frame. */
  readonly #creditDue: number[] = [];

  /**
   * `schedule` runs its callback once at the end of the current event-loop turn. `onFreed`: a request that was aborted is
   * over in the daemon process, too. `onServed`: a response is complete, for which a request thread took so long.
   */
  constructor(options: {
    readonly connectionNumber: number;
    /** A byte string. */
    readonly applicationGroup?: string;
    /** @returns whether the memory of `bytes` may be used anew at once */
    readonly write: (bytes: Buffer) => boolean;
    readonly schedule: (flush: () => void) => void;
    readonly onFreed?: () => void;
    readonly onServed?: (tookMs: number) => void;
  }) {
    this.#write = options.write;
    this.#schedule = options.schedule;
    this.#onFreed = options.onFreed;
    this.#onServed = options.onServed;
    this.#decoder = new FrameDecoder(
      (type, flags, requestId, payload, leftBytes, extra) => {
        if (extra > 0 && leftBytes === 0) this.#onServed?.(extra * serviceTimeUnitMs);
        this.#onFrame(type, flags, requestId, payload, leftBytes);
      },
      { restType: frameType.data, headBytes: streamedHeadBytes },
    );
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
  request(frame: Buffer, facts: RequestFrameFacts, exchange: ChannelExchange): number {
    const id = this.#nextId++;
    const expects = facts.hasBody && facts.expectContinue;
    this.#open.add({
      id,
      exchange,
      creditBytes: expects ? 0 : requestWindowBytes,
      takenBytes: 0,
      windowBytes: responseWindowBytes + (facts.advance ?? 0) * advanceUnitBytes,
      hasResponse: false,
    });
    const flags = (facts.hasBody ? 0 : frameFlag.end) | (expects ? frameFlag.expectContinue : 0);
    writeFrameHeader(frame, 0, frame.length - frameHeaderBytes, id, frameType.request, flags, facts.advance);
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
    const hadStep = request.takenBytes >= creditStepBytes;
    request.takenBytes += bytes;
    if (hadStep || request.takenBytes < creditStepBytes) return;
    // One frame for all that is taken until the turn is over: each wakes a thread.
    this.#creditDue.push(id);
    this.#scheduleFlush();
  }

  #putCredits(): void {
    if (this.#creditDue.length === 0) return;
    for (const id of this.#creditDue.splice(0)) {
      const request = this.#open.find(id);
      if (request?.exchange === undefined) continue;
      const payload = Buffer.allocUnsafe(4);
      payload.writeUInt32LE(request.takenBytes, 0);
      request.windowBytes += request.takenBytes;
      request.takenBytes = 0;
      this.#put(frameType.credit, 0, id, payload);
    }
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

  /**
   * Takes bytes from the daemon process.
   * @returns whether the memory of `chunk` may be used anew at once
   * @throws ProtocolError: close the connection.
   */
  receive(chunk: Buffer): boolean {
    this.#decoder.push(chunk);
    if (this.#holders.size === 0) return true;
    let isFree = true;
    for (const holder of this.#holders) if (!holder.settle()) isFree = false;
    this.#holders.clear();
    return isFree;
  }

  /** The connection is gone. @returns the requests that were open, by id */
  abandon(): Map<number, ChannelExchange> {
    const open = new Map<number, ChannelExchange>();
    for (const { id, exchange } of this.#open.all) if (exchange !== undefined) open.set(id, exchange);
    this.#open.clear();
    this.#saidGoodbye = true;
    return open;
  }

  #onFrame(type: number, flags: number, id: number, payload: Buffer, leftBytes: number): void {
    if (type === frameType.goodbye) {
      this.#saidGoodbye = true;
      return;
    }
    const request = this.#open.find(id);
    if (request === undefined) return;
    const isLast = leftBytes === 0 && endsRequest(type, flags);
    const { exchange } = request;
    if (exchange !== undefined) checkFrame(request, type, payload);
    if (isLast) this.#open.delete(id);
    if (exchange === undefined) {
      // Aborted by us: of what was still on its way only the end is of interest.
      if (isLast) this.#onFreed?.();
      return;
    }
    if (type === frameType.credit) request.creditBytes += payload.readUInt32LE(0);
    if (deliverFrame(exchange, type, flags, payload, leftBytes)) this.#holders.add(exchange);
  }

  #put(type: number, flags: number, id: number, payload: Buffer): void {
    this.#reserve(frameHeaderBytes + payload.length);
    writeFrameHeader(this.#outbox, this.#outboxAt, payload.length, id, type, flags);
    this.#outboxAt += frameHeaderBytes;
    this.#append(payload);
  }

  #append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    if (bytes.length > this.#outbox.length) {
      // Copied, since the caller reuses its buffer before the socket has written it.
      this.#write(Buffer.from(bytes));
      return;
    }
    bytes.copy(this.#outbox, this.#outboxAt);
    this.#outboxAt += bytes.length;
    this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#schedule(() => {
      this.#flushScheduled = false;
      this.#putCredits();
      this.flush();
    });
  }

  /** Makes room for so many bytes in the outbox; for more than it can ever have, empties it. */
  #reserve(bytes: number): void {
    const wanted = this.#outboxAt + bytes;
    if (wanted <= this.#outbox.length) return;
    if (wanted <= largeOutboxBytes && this.#outbox.length < largeOutboxBytes) {
      const larger = Buffer.allocUnsafeSlow(largeOutboxBytes);
      this.#outbox.copy(larger, 0, 0, this.#outboxAt);
      this.#outbox = larger;
      return;
    }
    this.flush();
    if (this.#outbox.length < outboxBytes) this.#outbox = Buffer.allocUnsafeSlow(outboxBytes);
    if (bytes > this.#outbox.length && bytes <= largeOutboxBytes) {
      this.#outbox = Buffer.allocUnsafeSlow(largeOutboxBytes);
    }
  }

  /** Writes what has been put together. */
  flush(): void {
    if (this.#outboxAt === 0) return;
    const bytes = this.#outbox.subarray(0, this.#outboxAt);
    this.#outboxAt = 0;
    const outbox = this.#outbox;
    if (this.#write(bytes)) return;
    // The socket owns these bytes until they are written: go on behind them, in a new buffer when this one is used up.
    const rest = outbox.length - bytes.length;
    this.#outbox = rest >= outboxBytes / 4 ? outbox.subarray(bytes.length) : Buffer.allocUnsafeSlow(outboxBytes);
  }
}

/** Bodies are passed on as they come; the head of a response whole. */
function streamedHeadBytes(type: number, payload: Buffer): number {
  if (type === frameType.data) return 1;
  if (type !== frameType.response) return Number.POSITIVE_INFINITY;
  return payload.length < 4 ? 4 : 4 + payload.readUInt32LE(0);
}

/** Whether nothing more comes of the request that the frame belongs to. */
export function endsRequest(type: number, flags: number): boolean {
  const { abort, refuse, revoked } = frameType;
  return (flags & frameFlag.end) !== 0 || type === abort || type === refuse || type === revoked;
}

/** @throws ProtocolError where `deliverFrame` could not make anything of it, or it comes out of turn */
function checkFrame(request: OpenRequest<ChannelExchange>, type: number, payload: Buffer): void {
  const { abort, credit, data, refuse, response, revoked } = frameType;
  if (type === response) {
    if (payload.length < 4) throw new ProtocolError('response frame is cut');
    const headEnd = 4 + payload.readUInt32LE(0);
    if (headEnd > payload.length) throw new ProtocolError('response head is longer than its frame');
    if (request.hasResponse) throw new ProtocolError('second response to a request');
    request.hasResponse = true;
    countBody(request, payload.length - headEnd);
  } else if (type === data) {
    if (!request.hasResponse) throw new ProtocolError('body of a response before its head');
    countBody(request, payload.length);
  } else if (type === credit) {
    if (payload.length !== 4) throw new ProtocolError('credit frame of the wrong length');
    if (request.creditBytes + payload.readUInt32LE(0) > requestWindowBytes) {
      throw new ProtocolError('credit for more of a request body than was sent');
    }
  } else if (type === refuse) {
    if (payload.length < 2) throw new ProtocolError('refuse frame is cut');
  } else if (type !== abort && type !== revoked) {
    throw new ProtocolError(`frame of unknown type ${type}`);
  }
}

function countBody(request: OpenRequest<ChannelExchange>, bytes: number): void {
  request.windowBytes -= bytes;
  if (request.windowBytes < 0) throw new ProtocolError('more of a response than it has credit for');
}

/**
 * Tells an exchange what a frame for it says; the frame is sound. `leftBytes` of it are still to come.
 * @returns whether the exchange wants to be asked before the memory of `payload` is used anew
 */
export function deliverFrame(
  exchange: ChannelExchange,
  type: number,
  flags: number,
  payload: Buffer,
  leftBytes = 0,
): boolean {
  const isLast = (flags & frameFlag.end) !== 0;
  const ended = isLast && leftBytes === 0;
  switch (type) {
    case frameType.response: {
      const headEnd = 4 + payload.readUInt32LE(0);
      const head = payload.toString('latin1', 4, headEnd);
      const block = payload.subarray(headEnd);
      return exchange.onResponse(head, block, ended, isLast ? block.length + leftBytes : undefined);
    }
    case frameType.data:
      return exchange.onData(payload, ended);
    case frameType.credit:
      exchange.onCredit(payload.readUInt32LE(0));
      return false;
    case frameType.abort:
      exchange.onTruncated(payload.toString('utf8'));
      return false;
    case frameType.refuse:
      exchange.onRefused(payload.readUInt16LE(0), payload.toString('utf8', 2));
      return false;
    case frameType.revoked:
      exchange.onRevoked((flags & frameFlag.reload) !== 0);
      return false;
    default:
      return false;
  }
}

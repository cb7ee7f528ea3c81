/**
 * A channel to the interpreter inside this process: requests that have proved to be fast are run by calling it, the
 * others go over the channel below. One at a time: while a request is called, or is on its way, no other is taken, so
 * that never two of them run where one request thread is asked for.
 *
 *   request ──turn over──▶ called ──▶ answered
 *      └─ its body has not come whole, Python declines ──▶ sent over the channel below
 *
 * Requests that are called have negative ids.
 */

import type { DirectWriter } from '../http/response-sink.js';
import { type ChannelExchange, deliverFrame, endsRequest, type RequestFrameFacts } from '../wire/channel-client.js';
import { writeFrameHeader } from '../wire/frame-decoder.js';
import { frameFlag, frameHeaderBytes, frameType } from '../wire/protocol.js';
import { DirectChoice } from './direct-choice.js';
import type { DirectCalls } from './embedded-calls.js';
import type { GroupChannel, GroupExchange } from './process-link.js';

/** What a request must tell to be called. */
export interface DirectFacts {
  /** Requests of one name take about the same time. */
  readonly name: string;
  /** Where its response goes before it is whole. */
  readonly writer: DirectWriter;
  /** How long its client may take nothing of it. */
  readonly silenceMsLimit: number;
}

interface Called {
  readonly id: number;
  readonly exchange: GroupExchange;
  readonly facts: DirectFacts;
  readonly hasBody: boolean;
  readonly frameBytes: number;
  /** With the body that is behind the frame. */
  bytes: number;
  hasWholeBody: boolean;
  /** Nobody waits for the answer. */
  isAborted: boolean;
  /** The client left while it was written to; its connection says so when the event loop goes on. */
  hasLeft: boolean;
  hasFlushed: boolean;
}

const idLimit = 0x7fff_ffff;
/** In the header of a frame. */
const typeOffset = 8;
const flagsOffset = 9;

export interface DirectChannelOptions {
  readonly channel: GroupChannel;
  readonly calls: DirectCalls;
  readonly nowMs: () => number;
  /** Runs its callback when what is at hand is done. */
  readonly schedule: (run: () => void) => void;
  /** A request whose client had left is over. */
  readonly onFreed: () => void;
}

export class DirectChannel implements GroupChannel {
  readonly #options: DirectChannelOptions;
  readonly #choice = new DirectChoice();
  readonly #runCalled = (): void => this.#run();
  #called: Called | undefined;
  #lastId = 0;
  /** Of requests that were to be called and were sent over the channel below, the ids there. */
  readonly #sent = new Map<number, number>();

  constructor(options: DirectChannelOptions) {
    this.#options = options;
    options.calls.onFlush = (frames) => this.#flush(frames);
  }

  get openRequests(): number {
    return this.#options.channel.openRequests + (this.#called === undefined ? 0 : 1);
  }

  get hasRoom(): boolean {
    return this.#called === undefined && this.#options.channel.hasRoom;
  }

  get isUsedUp(): boolean {
    return this.#options.channel.isUsedUp;
  }

  get nextId(): number {
    return this.#options.channel.nextId;
  }

  get oldestId(): number {
    return this.#options.channel.oldestId;
  }

  request(frame: Buffer, facts: RequestFrameFacts, exchange: GroupExchange): number {
    const { calls, channel } = this.#options;
    const { direct } = exchange;
    if (direct === undefined || facts.expectContinue) return channel.request(frame, facts, exchange);
    const isFree = this.#called === undefined && channel.openRequests === 0;
    if (!isFree || frame.length > calls.memory.length || !this.#choice.isFast(direct.name)) {
      return channel.request(frame, facts, this.#watch(exchange, direct, undefined));
    }
    this.#lastId = (this.#lastId % idLimit) + 1;
    const { hasBody } = facts;
    writeFrameHeader(frame, 0, frame.length - frameHeaderBytes, this.#lastId, frameType.request, frameFlag.end);
    frame.copy(calls.memory);
    this.#called = {
      id: -this.#lastId,
      exchange,
      facts: direct,
      hasBody,
      frameBytes: frame.length,
      bytes: frame.length,
      hasWholeBody: !hasBody,
      isAborted: false,
      hasLeft: false,
      hasFlushed: false,
    };
    this.#options.schedule(this.#runCalled);
    return -this.#lastId;
  }

  credit(id: number): number {
    const called = this.#find(id);
    if (called !== undefined) return this.#options.calls.memory.length - called.bytes;
    return this.#options.channel.credit(this.#idBelow(id));
  }

  data(id: number, block: Buffer, ended: boolean): void {
    const called = this.#find(id);
    if (called === undefined) {
      this.#options.channel.data(this.#idBelow(id), block, ended);
      return;
    }
    block.copy(this.#options.calls.memory, called.bytes);
    called.bytes += block.length;
    called.hasWholeBody = ended;
  }

  taken(id: number, bytes: number): void {
    // Of a request that is called nothing is sent ahead.
    if (this.#find(id) === undefined) this.#options.channel.taken(this.#idBelow(id), bytes);
  }

  abort(id: number): void {
    const called = this.#find(id);
    if (called !== undefined) {
      called.isAborted = true;
      return;
    }
    this.#options.channel.abort(this.#idBelow(id));
    this.#sent.delete(id);
  }

  revoke(id: number): void {
    if (this.#find(id) === undefined) this.#options.channel.revoke(this.#idBelow(id));
  }

  unstarted(highestStarted: number): number[] {
    return this.#options.channel.unstarted(highestStarted);
  }

  #find(id: number): Called | undefined {
    return this.#called?.id === id ? this.#called : undefined;
  }

  /** 0, which no request has, where it is over. */
  #idBelow(id: number): number {
    return id > 0 ? id : (this.#sent.get(id) ?? 0);
  }

  #run(): void {
    const called = this.#called;
    if (called === undefined) return;
    if (called.isAborted) {
      this.#called = undefined;
      this.#options.onFreed();
      return;
    }
    // What is still to come may wait for what the application answers.
    if (!called.hasWholeBody) {
      this.#send(called);
      return;
    }
    const { calls, nowMs } = this.#options;
    const startedMs = nowMs();
    const frames = calls.run(called.bytes);
    if (called.hasFlushed) calls.limitSilence(called.facts.writer.descriptor, 0);
    if (frames === undefined) {
      this.#send(called);
      return;
    }
    this.#choice.note(called.facts.name, nowMs() - startedMs);
    this.#called = undefined;
    if (called.isAborted) this.#options.onFreed();
    else if (!called.hasLeft) this.#deliver(called, frames);
  }

  /** Over the channel below, what has come of its body included. */
  #send(called: Called): void {
    this.#called = undefined;
    const { calls, channel } = this.#options;
    const frame = Buffer.from(calls.memory.subarray(0, called.frameBytes));
    const body = Buffer.from(calls.memory.subarray(called.frameBytes, called.bytes));
    const exchange = this.#watch(called.exchange, called.facts, called.id);
    const id = channel.request(frame, { hasBody: called.hasBody, expectContinue: false }, exchange);
    this.#sent.set(called.id, id);
    if (called.hasBody && (body.length > 0 || called.hasWholeBody)) channel.data(id, body, called.hasWholeBody);
  }

  /** What was flushed. @returns whether its client is still there */
  #flush(frames: Buffer): boolean {
    const called = this.#called;
    if (called === undefined) return false;
    const { facts } = called;
    if (!called.hasFlushed) {
      called.hasFlushed = true;
      this.#options.calls.limitSilence(facts.writer.descriptor, facts.silenceMsLimit);
    }
    for (let at = 0; at < frames.length; at = frameEnd(frames, at)) {
      if (called.isAborted || called.hasLeft) return false;
      const type = frames[at + typeOffset] as number;
      let block = frames.subarray(at + frameHeaderBytes, frameEnd(frames, at));
      if (type === frameType.response) {
        const headEnd = 4 + block.readUInt32LE(0);
        deliverFrame(called.exchange, type, 0, block.subarray(0, headEnd));
        if (called.isAborted) return false;
        block = block.subarray(headEnd);
      } else if (type !== frameType.data) continue;
      called.hasLeft = !facts.writer.writeThrough(block);
    }
    return !called.hasLeft;
  }

  /** The rest of the answer, which ends it. */
  #deliver(called: Called, frames: Buffer): void {
    for (let at = 0; at < frames.length; ) {
      const type = frames[at + typeOffset] as number;
      const flags = frames[at + flagsOffset] as number;
      const end = frameEnd(frames, at);
      const block = frames.subarray(at + frameHeaderBytes, end);
      if (deliverFrame(called.exchange, type, flags, block)) called.exchange.settle();
      if (endsRequest(type, flags) || called.isAborted) return;
      at = end;
    }
    called.exchange.onTruncated('the call of the interpreter ended without an answer');
  }

  #watch(exchange: GroupExchange, { name }: DirectFacts, idAbove: number | undefined): ChannelExchange {
    const { nowMs } = this.#options;
    const startedMs = nowMs();
    return new WatchedExchange(exchange, () => {
      this.#choice.note(name, nowMs() - startedMs);
      if (idAbove !== undefined) this.#sent.delete(idAbove);
    });
  }
}

function frameEnd(frames: Buffer, at: number): number {
  return at + frameHeaderBytes + frames.readUInt32LE(at);
}

/** Notices when a request that goes over the channel below is over. */
class WatchedExchange implements ChannelExchange {
  readonly #exchange: ChannelExchange;
  readonly #onOver: () => void;

  constructor(exchange: ChannelExchange, onOver: () => void) {
    this.#exchange = exchange;
    this.#onOver = onOver;
  }

  onResponse(head: string, block: Buffer, ended: boolean, bodyBytes: number | undefined): boolean {
    if (ended) this.#onOver();
    return this.#exchange.onResponse(head, block, ended, bodyBytes);
  }

  onData(block: Buffer, ended: boolean): boolean {
    if (ended) this.#onOver();
    return this.#exchange.onData(block, ended);
  }

  settle(): boolean {
    return this.#exchange.settle();
  }

  onCredit(bytes: number): void {
    this.#exchange.onCredit(bytes);
  }

  onTruncated(reason: string): void {
    this.#onOver();
    this.#exchange.onTruncated(reason);
  }

  onRefused(status: number, reason: string): void {
    this.#onOver();
    this.#exchange.onRefused(status, reason);
  }

  onRevoked(isForReload: boolean): void {
    this.#onOver();
    this.#exchange.onRevoked(isForReload);
  }

  onLost(): void {
    this.#onOver();
    this.#exchange.onLost();
  }
}

/**
 * A long file on its way to a client: read by libuv's threads a chunk at a time, the next one while the client takes the
 * one before. static-handler.ts makes one for each; short files never come here.
 *
 * The memory of all of them together is bounded: a body has two large chunks while there are any left of `largeLimit`, one
 * where there is one left, else one small one, however slow its client is.
 */

import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { ClientResponse } from '../http/client-response.js';
import type { FileCalls } from './file-calls.js';
import type { HttpResponseSink } from './http-response-sink.js';

/** Measured best: fewer calls cost less, more does not stay in the processor's cache. */
const largeBytes = 256 * 1024;
const smallBytes = 64 * 1024;
/** 32 MB for all bodies of an http child. */
const largeLimit = 128;
/** A chunk that nobody has needed for so long is given back. */
const sweepMs = 1000;

export interface StaticBodySource {
  readonly fd: number;
  readonly path: string;
  /** Where in the file. */
  readonly start: number;
  readonly length: number;
}

export interface SentBody {
  /** That were handed to the connection. */
  readonly bodyBytes: number;
  /** Why it is incomplete, where that is not the client's doing. */
  readonly failure: string | undefined;
}

const readLater = promisify(read);

/** Large chunks: those that are lent out, and those that wait for the next body. */
class Chunks {
  readonly #idle: Buffer[] = [];
  #lent = 0;
  /** So many were not needed since the last sweep. */
  #unneeded = 0;
  #sweeper: NodeJS.Timeout | undefined;

  get lent(): number {
    return this.#lent;
  }

  /** The first one of a body. */
  take(): Buffer {
    return this.takeLarge() ?? Buffer.allocUnsafeSlow(smallBytes);
  }

  takeLarge(): Buffer | undefined {
    if (this.#lent >= largeLimit) return undefined;
    this.#lent += 1;
    const chunk = this.#idle.pop();
    this.#unneeded = Math.min(this.#unneeded, this.#idle.length);
    return chunk ?? Buffer.allocUnsafeSlow(largeBytes);
  }

  /** `mayReuse`: nobody reads from it any more. */
  giveBack(chunk: Buffer, mayReuse: boolean): void {
    if (chunk.length !== largeBytes) return;
    this.#lent -= 1;
    if (!mayReuse) return;
    this.#idle.push(chunk);
    this.#sweeper ??= setInterval(() => this.#sweep(), sweepMs).unref();
  }

  #sweep(): void {
    this.#idle.splice(0, this.#unneeded);
    this.#unneeded = this.#idle.length;
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

const chunks = new Chunks();

/** Bytes of memory in use for bodies, without the small chunks. */
export function lentBytes(): number {
  return chunks.lent * largeBytes;
}

/** Sends the body behind a head that was made. Resolves when the response is over or its client gone. */
export function sendBody(
  source: StaticBodySource,
  sink: HttpResponseSink,
  outgoing: ClientResponse,
  calls: FileCalls,
): Promise<SentBody> {
  return new Promise((resolve) => new StaticBody(source, sink, outgoing, calls, resolve));
}

class StaticBody {
  readonly #source: StaticBodySource;
  readonly #sink: HttpResponseSink;
  readonly #outgoing: ClientResponse;
  readonly #calls: FileCalls;
  readonly #onOver: (sent: SentBody) => void;
  /** What is read next, and where the body ends in the file. */
  #position: number;
  readonly #end: number;
  /** All that it has, and which of them are free. */
  readonly #own: Buffer[] = [];
  readonly #free: Buffer[] = [];
  /** Read and not yet written: chunk and bytes in it. */
  #ready: { readonly chunk: Buffer; readonly bytes: number } | undefined;
  #isReading = false;
  #isWriting = false;
  #isOver = false;
  #bodyBytes = 0;
  #failure: string | undefined;

  constructor(
    source: StaticBodySource,
    sink: HttpResponseSink,
    outgoing: ClientResponse,
    calls: FileCalls,
    onOver: (sent: SentBody) => void,
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#outgoing = outgoing;
    this.#calls = calls;
    this.#onOver = onOver;
    this.#position = source.start;
    this.#end = source.start + source.length;
    if (outgoing.destroyed) {
      this.#over();
      return;
    }
    outgoing.once('close', () => this.#over());
    this.#own.push(chunks.take());
    this.#free.push(...this.#own);
    this.#advance();
  }

  #advance(): void {
    if (this.#isOver) return;
    if (this.#ready !== undefined && !this.#isWriting) this.#write(this.#ready.chunk, this.#ready.bytes);
    if (this.#ready !== undefined || this.#isReading || this.#position >= this.#end) return;
    const chunk = this.#free.pop() ?? this.#secondChunk();
    if (chunk !== undefined) this.#read(chunk);
  }

  #secondChunk(): Buffer | undefined {
    if (this.#own.length > 1) return undefined;
    const chunk = chunks.takeLarge();
    if (chunk !== undefined) this.#own.push(chunk);
    return chunk;
  }

  #read(chunk: Buffer): void {
    const { fd, path } = this.#source;
    const bytes = Math.min(chunk.length, this.#end - this.#position);
    const position = this.#position;
    this.#isReading = true;
    if (this.#calls.isLocal(path)) {
      read(fd, chunk, 0, bytes, position, (error, bytesRead) => this.#hasRead(chunk, error, bytesRead));
      return;
    }
    this.#calls
      .later(() => readLater(fd, chunk, 0, bytes, position))
      .then(
        ({ bytesRead }) => this.#hasRead(chunk, null, bytesRead),
        (error: unknown) => this.#hasRead(chunk, error, 0),
      );
  }

  #hasRead(chunk: Buffer, error: unknown, bytes: number): void {
    this.#isReading = false;
    if (this.#isOver) {
      this.#release();
      return;
    }
    const { path } = this.#source;
    if (error !== null) this.#fail(`the file can't be read any further: ${path} (${String(error)})`);
    // A file that shrank meanwhile: the client must see that the body is not whole.
    else if (bytes === 0) this.#fail(`the file became shorter while it was sent: ${path}`);
    else {
      this.#position += bytes;
      this.#ready = { chunk, bytes };
      this.#advance();
    }
  }

  #write(chunk: Buffer, bytes: number): void {
    const block = chunk.subarray(0, bytes);
    this.#ready = undefined;
    this.#bodyBytes += bytes;
    this.#isWriting = true;
    // With the last block the response is over when the client has it.
    if (this.#position >= this.#end) this.#sink.end(block);
    else this.#sink.write(block, () => this.#hasWritten(chunk));
  }

  #hasWritten(chunk: Buffer): void {
    this.#isWriting = false;
    this.#free.push(chunk);
    this.#advance();
  }

  #fail(reason: string): void {
    this.#failure = reason;
    this.#outgoing.destroy();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isReading) this.#release();
  }

  #release(): void {
    // What was not taken may still be with the kernel or with a compressor.
    const mayReuse = this.#outgoing.writableFinished;
    for (const chunk of this.#own) chunks.giveBack(chunk, mayReuse);
    this.#onOver({ bodyBytes: this.#bodyBytes, failure: this.#failure });
  }
}

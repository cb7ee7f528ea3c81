/**
 * The body of a response on its way through gzip. Each block is compressed to its end and passed on before the next one
 * is looked at, so what an application yields reaches the client when it would without. HttpResponseSink owns it.
 */

import { constants, createGzip, type Gzip, gzipSync, type ZlibOptions } from 'node:zlib';
import type { DeflateRules } from './filter-directives.js';

/** Takes the compressed bytes. */
export interface CompressedBodyTarget {
  /** `onTaken` is called when the client's connection has taken them; an empty block asks for that of those before it. */
  write(block: Buffer, onTaken?: () => void): void;
  end(): void;
  /** The body can't go on. */
  fail(error: unknown): void;
}

const noBytes = Buffer.alloc(0);

function zlibOptionsOf({ level, memoryLevel, windowBits }: DeflateRules): ZlibOptions {
  return { level, memLevel: memoryLevel, windowBits };
}

/** A whole body at once, on this thread: for bodies that are no longer than a block. */
export function compressWhole(body: Buffer, rules: DeflateRules): Buffer {
  return gzipSync(body, zlibOptionsOf(rules));
}

export class CompressedBody {
  readonly #target: CompressedBodyTarget;
  readonly #gzip: Gzip;
  #blocksInHand = 0;
  #onIdle: (() => void) | undefined;
  inputBytes = 0;
  outputBytes = 0;

  constructor(rules: DeflateRules, target: CompressedBodyTarget) {
    this.#target = target;
    this.#gzip = createGzip({ ...zlibOptionsOf(rules), flush: constants.Z_SYNC_FLUSH });
    this.#gzip.on('readable', () => this.#passOn());
    this.#gzip.once('end', () => target.end());
    this.#gzip.once('error', (error) => target.fail(error));
  }

  write(block: Buffer, onTaken: () => void): void {
    this.inputBytes += block.length;
    this.#blocksInHand += 1;
    this.#gzip.write(block, (error) => {
      this.#blocksInHand -= 1;
      if (error) return; // it was closed: nobody waits for it any more
      this.#passOn();
      this.#target.write(noBytes, onTaken);
      if (this.#blocksInHand === 0) this.#onIdle?.();
    });
  }

  end(block?: Buffer): void {
    this.inputBytes += block?.length ?? 0;
    if (block === undefined) this.#gzip.end();
    else this.#gzip.end(block);
  }

  /** Calls back when all that was written has been passed on. */
  whenIdle(callback: () => void): void {
    if (this.#blocksInHand === 0) callback();
    else this.#onIdle = callback;
  }

  /** Gives its memory back. What was not passed on is lost. */
  close(): void {
    this.#gzip.destroy();
  }

  #passOn(): void {
    const block = this.#gzip.read() as Buffer | null;
    if (block === null) return;
    this.outputBytes += block.length;
    this.#target.write(block);
  }
}

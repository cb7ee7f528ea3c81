/**
 * Reads HTTP/1.1 responses of one connection: only as much of the protocol as the bench's own clients need, one response
 * at a time, and no more work for each than needed, since it shares the machine with what is measured.
 */

export interface ReadResponse {
  readonly status: number;
  readonly bodyBytes: number;
  /** Only where asked for. */
  readonly body: Buffer | undefined;
  readonly keepAlive: boolean;
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const headBytesLimit = 64 * 1024;

type State = 'head' | 'length' | 'chunk-size' | 'chunk-data' | 'trailer' | 'until-close';

export class ResponseReader {
  readonly #keepsBody: boolean;
  #state: State = 'head';
  /** What has come and is not understood yet: part of a head, of a chunk's size. */
  #rest: Buffer = Buffer.alloc(0);
  #left = 0;
  #status = 0;
  #keepAlive = true;
  #bodyBytes = 0;
  #blocks: Buffer[] = [];

  constructor({ keepsBody }: { keepsBody: boolean }) {
    this.#keepsBody = keepsBody;
  }

  /** The response that this data completes, if it does. @throws Error where it is not HTTP, or more than one response */
  push(data: Buffer): ReadResponse | undefined {
    let input = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    this.#rest = Buffer.alloc(0);
    for (;;) {
      const before = this.#state;
      const used = this.#consume(input);
      if (used === undefined) {
        this.#rest = input;
        return undefined;
      }
      input = input.subarray(used);
      if (this.#state === 'head' && before !== 'head') return this.#finish(input);
      if (this.#state === 'length' && this.#left === 0) return this.#finish(input);
      if (input.length === 0 && this.#state !== 'head') return undefined;
    }
  }

  /** The connection has ended: a response without a length is complete then. @throws Error where one is cut off */
  end(): ReadResponse | undefined {
    if (this.#state === 'until-close') return this.#finish(Buffer.alloc(0));
    if (this.#state === 'head' && this.#rest.length === 0) return undefined;
    throw new Error('the connection ended within a response');
  }

  /** How many bytes of `input` it has used; undefined where it needs more. `head` as the next state: complete. */
  #consume(input: Buffer): number | undefined {
    switch (this.#state) {
      case 'head': {
        const end = input.indexOf(headEnd);
        if (end < 0) {
          if (input.length > headBytesLimit) throw new Error(`no end of the head in ${headBytesLimit} bytes`);
          return undefined;
        }
        this.#readHead(input.toString('latin1', 0, end));
        return end + headEnd.length;
      }
      case 'length':
      case 'chunk-data': {
        const size = Math.min(this.#left, input.length);
        const isChunk = this.#state === 'chunk-data';
        this.#keep(input.subarray(0, size));
        this.#left -= size;
        if (!isChunk) return size;
        // The line end after a chunk's data is read with the size of the next.
        if (this.#left === 0) this.#state = 'chunk-size';
        return size;
      }
      case 'chunk-size': {
        const start = this.#bodyBytes === 0 ? 0 : lineEnd.length;
        const end = input.indexOf(lineEnd, start);
        if (end < 0) return undefined;
        const text = input.toString('latin1', start, end);
        if (!/^[0-9a-f]+ *(?:;.*)?$/i.test(text)) throw new Error(`'${text}' is no size of a chunk`);
        this.#left = Number.parseInt(text, 16);
        this.#state = this.#left === 0 ? 'trailer' : 'chunk-data';
        return end + lineEnd.length;
      }
      case 'trailer': {
        const end = input.indexOf(lineEnd);
        if (end < 0) return undefined;
        if (end === 0) this.#state = 'head';
        return end + lineEnd.length;
      }
      case 'until-close':
        this.#keep(input);
        return input.length;
    }
  }

  #readHead(head: string): void {
    const status = /^HTTP\/1\.([01]) (\d{3})(?: |\r|$)/.exec(head);
    if (status === null) throw new Error(`no response of HTTP/1.1: '${head.slice(0, 40)}'`);
    this.#status = Number(status[2]);
    const connection = /\r\nconnection: *([^\r]*)/i.exec(head)?.[1]?.toLowerCase();
    this.#keepAlive = status[1] === '1' ? connection !== 'close' : connection === 'keep-alive';
    this.#bodyBytes = 0;
    this.#blocks = [];
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#state = 'chunk-size';
      return;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#left = Number(length ?? 0);
    this.#state = length === undefined ? 'until-close' : 'length';
    if (length === undefined) this.#keepAlive = false;
  }

  #keep(block: Buffer): void {
    this.#bodyBytes += block.length;
    if (this.#keepsBody && block.length > 0) this.#blocks.push(block);
  }

  #finish(rest: Buffer): ReadResponse {
    if (rest.length > 0) throw new Error(`${rest.length} bytes after the response`);
    this.#state = 'head';
    const body = this.#keepsBody ? Buffer.concat(this.#blocks) : undefined;
    this.#blocks = [];
    return { status: this.#status, bodyBytes: this.#bodyBytes, body, keepAlive: this.#keepAlive };
  }
}

/** A response on its way to one client: what every response carries, what the access log needs, and an honest end. */

import { type ClientResponse, hasContentLength, type OwnFields, withOwnFields } from '../http/client-response.js';
import { formatFields } from '../http/field-lines.js';
import type { DirectWriter, ResponseOrigin, ResponseSink } from '../http/response-sink.js';
import { copiedBytesLimit } from '../http1/outgoing-response.js';
import { CompressedBody, compressWhole } from './compressed-body.js';
import type { DeflateRules } from './filter-directives.js';
import type { OutputRules } from './output-rules.js';
import type { RequestContext } from './request-context.js';
import { mayCompress, shapeResponse } from './response-shaping.js';

/**
 * After these Apache closes the connection, whoever answered so (ap_status_drops_connection). After the last two client
 * and server may disagree on what comes next.
 */
const connectionEndingStatuses: ReadonlySet<number> = new Set([400, 408, 411, 413, 414, 500, 501, 503, 417, 505]);

export function endsConnection(status: number): boolean {
  return connectionEndingStatuses.has(status);
}

const noFields: readonly string[] = [];

/** A body that is known to be no longer is compressed at once, and the client told its length. */
const compressedWholeBytesLimit = 16 * 1024;

export class HttpResponseSink implements ResponseSink {
  /** Set once: whose response it is, and so which rules change it. Without it none do. */
  context: RequestContext | undefined;
  /** The client has the compressed representation of a file, and asks whether it is still the same. */
  isOfCompressed = false;
  #compressed: CompressedBody | undefined;
  /** Set while the blocks of a short body are collected. */
  #whole:
    | { readonly blocks: Buffer[]; readonly deflate: DeflateRules; readonly send: (body: Buffer) => void }
    | undefined;
  readonly #response: ClientResponse;
  readonly #serverHeader: string;
  #hasBegun = false;
  #isClosedByEnd = false;
  #pendingBytes = 0;
  /** Blocks were written since the last `settle` that may still be read from. */
  #holds = false;
  #hasEnded = false;
  #wasTruncated = false;
  #headers: readonly string[] = noFields;
  #own: OwnFields | undefined;

  constructor(response: ClientResponse, serverHeader: string) {
    this.#response = response;
    this.#serverHeader = serverHeader;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get unwrittenBytes(): number {
    return this.#response.unwrittenBytes;
  }

  get direct(): DirectWriter | undefined {
    return this.context === undefined || mayCompress(this.context) ? undefined : this.#response.direct;
  }

  /** Bytes of the body so far, for the access log. */
  get bodyBytes(): number {
    return this.#response.bodyBytes;
  }

  get wasTruncated(): boolean {
    return this.#wasTruncated;
  }

  begin(
    status: number,
    reason: string,
    headers: readonly string[],
    bodyBytes?: number,
    origin: ResponseOrigin = 'application',
  ): void {
    const rules = this.context?.scope.output;
    if (rules === undefined || origin === 'echo') this.#begin(status, reason, headers, bodyBytes);
    else this.#beginShaped(rules, { status, reason, headers, bodyBytes, origin });
  }

  #beginShaped(
    rules: OutputRules,
    head: {
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly string[];
      readonly bodyBytes: number | undefined;
      readonly origin: ResponseOrigin;
    },
  ): void {
    const { status, reason, bodyBytes } = head;
    const context = this.context as RequestContext;
    const { headers, deflate, closes } = shapeResponse(rules, context, {
      ...head,
      isOfCompressed: this.isOfCompressed,
    });
    if (closes) this.#response.shouldKeepAlive = false;
    if (deflate === undefined) {
      this.#begin(status, reason, headers, bodyBytes);
    } else if (this.#response.req.method === 'HEAD') {
      // How long it would be only compressing it would tell.
      this.#begin(status, reason, headers, undefined);
    } else if (bodyBytes !== undefined && bodyBytes <= compressedWholeBytesLimit) {
      formatFields(headers); // throws where a field can't be sent, as the head is made later
      this.#hasBegun = true;
      const send = (body: Buffer): void => {
        this.#begin(status, reason, headers, body.length);
        this.#response.end(body);
      };
      this.#whole = { blocks: [], deflate, send };
    } else {
      this.#begin(status, reason, headers, undefined);
      this.#compressed = this.#openCompressed(deflate);
    }
  }

  #openCompressed(deflate: DeflateRules): CompressedBody {
    const compressed = new CompressedBody(deflate, {
      write: (block, onTaken) => {
        if (onTaken === undefined) this.#response.write(block);
        else this.#response.write(block, onTaken);
      },
      end: () => {
        this.#takeNotes(deflate, compressed.inputBytes, compressed.outputBytes);
        this.#response.end();
      },
      fail: () => this.truncate(true),
    });
    this.#response.once('close', () => compressed.close());
    return compressed;
  }

  #takeNotes({ notes }: DeflateRules, inputBytes: number, outputBytes: number): void {
    const { context } = this;
    if (notes.size === 0 || context === undefined) return;
    const ratio = inputBytes === 0 ? '-' : String(Math.floor((outputBytes * 100) / inputBytes));
    const texts = { Input: String(inputBytes), Output: String(outputBytes), Ratio: ratio };
    context.notes ??= new Map();
    for (const [subject, name] of notes) context.notes.set(name, texts[subject]);
  }

  #begin(status: number, reason: string, headers: readonly string[], bodyBytes: number | undefined): void {
    const isHead = this.#response.req.method === 'HEAD';
    // HEAD, 204 and 304: what is written of a body goes nowhere (RFC 9110 section 6.4.1).
    const dropsBody = isHead || status === 204 || status === 304;
    // 204 and 304 have no body to describe, whoever does (RFC 9110 sections 8.6 and 15.4.5, AP_STATUS_IS_HEADER_ONLY).
    const kept = status === 204 || status === 304 ? withoutBodyFields(headers) : headers;
    // Of an empty answer to HEAD nobody knows how long the one to GET would be.
    const isLengthKnown = bodyBytes !== undefined && (!dropsBody || (isHead && bodyBytes > 0));
    const own = { server: this.#serverHeader, contentLength: isLengthKnown ? bodyBytes : undefined };
    this.#isClosedByEnd = this.#response.req.httpVersion === '1.0' && !isLengthKnown && !hasContentLength(kept);
    if (status >= 400 && endsConnection(status)) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, reason, kept, own);
    this.#headers = kept;
    this.#own = own;
    this.#hasBegun = true;
  }

  /** A field of the response as it was begun, for the access log; repeated ones joined. */
  findHeader(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const found: string[] = [];
    const fields = withOwnFields(this.#headers, this.#own);
    for (let at = 0; at + 1 < fields.length; at += 2) {
      if (fields[at]?.toLowerCase() === wanted) found.push(fields[at + 1] ?? '');
    }
    return found.length === 0 ? undefined : found.join(', ');
  }

  write(block: Buffer, onTaken: (bytes: number) => void): boolean {
    const bytes = block.length;
    if (this.#whole !== undefined) {
      this.#whole.blocks.push(Buffer.from(block));
      onTaken(bytes);
      return true;
    }
    const onBlockTaken = (): void => {
      this.#pendingBytes -= bytes;
      onTaken(bytes);
    };
    this.#pendingBytes += bytes;
    if (this.#compressed !== undefined) {
      this.#compressed.write(block, onBlockTaken);
      this.#holds = true;
      return false;
    }
    const isShared = this.#isShared(block);
    this.#response.write(isShared ? block : ownBlock(block), onBlockTaken);
    if (isShared) this.#holds = true;
    return !isShared;
  }

  /**
   * A large block is written from where it is; usually the connection takes it at once. Where it has not taken what went
   * before it will be a while, and of the memory around the block there may be much more than of it.
   */
  #isShared(block: Buffer): boolean {
    return block.length > copiedBytesLimit && !this.#response.isBehind;
  }

  end(block?: Buffer): boolean {
    if (this.#whole !== undefined) {
      const { blocks, deflate, send } = this.#whole;
      this.#whole = undefined;
      const body = Buffer.concat(block === undefined ? blocks : [...blocks, block]);
      const compressed = compressWhole(body, deflate);
      this.#takeNotes(deflate, body.length, compressed.length);
      send(compressed);
      return true;
    }
    this.#hasEnded = true;
    if (this.#compressed !== undefined) {
      this.#compressed.end(block);
      this.#holds = true;
      return false;
    }
    const isShared = block !== undefined && this.#isShared(block);
    this.#response.end(isShared || block === undefined ? block : ownBlock(block));
    if (!isShared || this.#response.writableFinished) return true;
    this.#holds = true;
    return false;
  }

  settle(): boolean {
    if (!this.#holds) return true;
    this.#holds = false;
    this.#response.flush();
    return this.#hasEnded ? this.#response.writableFinished : this.#pendingBytes === 0;
  }

  truncate(isClientStuck = false): void {
    this.#wasTruncated = true;
    if (this.#whole !== undefined) this.#response.destroy();
    // What was yielded before is the client's.
    else if (this.#compressed !== undefined && !isClientStuck) this.#compressed.whenIdle(() => this.#breakOff(false));
    else this.#breakOff(isClientStuck);
  }

  #breakOff(isClientStuck: boolean): void {
    if (isClientStuck) this.#response.destroy();
    // What only the connection's end delimits would look complete: a reset does not.
    else if (this.#isClosedByEnd) this.#response.reset();
    // Without the last chunk, or with fewer bytes than Content-Length said, and then the connection's end.
    else this.#response.cutOff();
  }
}

/** Small ones are copied as they are written. */
function ownBlock(block: Buffer): Buffer {
  return block.length <= copiedBytesLimit ? block : Buffer.from(block);
}

function withoutBodyFields(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!/^content-(?:length|type)$/i.test(name)) kept.push(name, headers[at + 1] as string);
  }
  return kept;
}

/** A response on its way to one client: what every response carries, what the access log needs, and an honest end. */

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ResponseSink } from '../http/response-sink.js';

/**
 * After these Apache closes the connection, whoever answered so (ap_status_drops_connection). After the last two client
 * and server may disagree on what comes next.
 */
const connectionEndingStatuses: ReadonlySet<number> = new Set([400, 408, 411, 413, 414, 500, 501, 503, 417, 505]);

export function endsConnection(status: number): boolean {
  return connectionEndingStatuses.has(status);
}

export class HttpResponseSink implements ResponseSink {
  readonly #response: ServerResponse;
  readonly #serverHeader: string;
  #hasBegun = false;
  /** HEAD, 204 and 304: what is written of a body goes nowhere (RFC 9110 section 6.4.1). */
  #dropsBody = false;
  #isClosedByEnd = false;
  #pendingBytes = 0;
  #bodyBytes = 0;
  #wasTruncated = false;
  #headers: readonly string[] = [];

  constructor(response: ServerResponse, serverHeader: string) {
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
    // Node itself looks there for progress in a long write (net.Socket._onTimeout), and has no public way to it.
    const socket = this.#response.socket as
      | (Socket & { readonly _handle?: { readonly writeQueueSize?: number } })
      | null;
    return socket?._handle?.writeQueueSize ?? 0;
  }

  /** Bytes of the body so far, for the access log. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get wasTruncated(): boolean {
    return this.#wasTruncated;
  }

  begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number): void {
    const hasOwnLength = hasLength(headers);
    const isHead = this.#response.req.method === 'HEAD';
    this.#dropsBody = isHead || status === 204 || status === 304;
    // 204 and 304 have no body to describe, whoever does (RFC 9110 sections 8.6 and 15.4.5, AP_STATUS_IS_HEADER_ONLY).
    const kept = status === 204 || status === 304 ? withoutBodyFields(headers) : headers;
    const all = ['Server', this.#serverHeader, ...kept];
    // Of an empty answer to HEAD nobody knows how long the one to GET would be.
    const isLengthKnown = bodyBytes !== undefined && (!this.#dropsBody || (isHead && bodyBytes > 0));
    if (isLengthKnown && !hasOwnLength) all.push('Content-Length', String(bodyBytes));
    this.#isClosedByEnd = !hasOwnLength && !isLengthKnown && this.#response.req.httpVersion === '1.0';
    if (endsConnection(status)) this.#response.shouldKeepAlive = false;
    this.#response.writeHead(status, reason, all);
    this.#headers = all;
    this.#hasBegun = true;
  }

  /** A field of the response as it was begun, for the access log; repeated ones joined. */
  findHeader(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const found: string[] = [];
    for (let at = 0; at + 1 < this.#headers.length; at += 2) {
      if (this.#headers[at]?.toLowerCase() === wanted) found.push(this.#headers[at + 1] ?? '');
    }
    return found.length === 0 ? undefined : found.join(', ');
  }

  write(block: Buffer, onTaken: (bytes: number) => void): void {
    const bytes = block.length;
    if (!this.#dropsBody) this.#bodyBytes += bytes;
    this.#pendingBytes += bytes;
    this.#response.write(block, () => {
      this.#pendingBytes -= bytes;
      onTaken(bytes);
    });
  }

  end(block?: Buffer): void {
    if (block === undefined) {
      this.#response.end();
      return;
    }
    if (!this.#dropsBody) this.#bodyBytes += block.length;
    this.#response.end(block);
  }

  /** Bytes of a body that went past this sink (files are sent by their own handler). */
  countBody(bytes: number): void {
    this.#bodyBytes += bytes;
  }

  truncate(isClientStuck = false): void {
    this.#wasTruncated = true;
    const { socket } = this.#response;
    if (socket === null || isClientStuck) this.#response.destroy();
    // What only the connection's end delimits would look complete: a reset does not.
    else if (this.#isClosedByEnd) socket.resetAndDestroy();
    // Without the last chunk, or with fewer bytes than Content-Length said, and then the connection's end.
    else socket.destroySoon();
  }
}

function withoutBodyFields(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!/^content-(?:length|type)$/i.test(name)) kept.push(name, headers[at + 1] as string);
  }
  return kept;
}

function hasLength(headers: readonly string[]): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === 'content-length') return true;
  }
  return false;
}

/** A response on its way to one client: what every response carries, what the access log needs, and an honest end. */

import type { ServerResponse } from 'node:http';
import type { ResponseSink } from '../http/response-sink.js';

export class HttpResponseSink implements ResponseSink {
  readonly #response: ServerResponse;
  readonly #serverHeader: string;
  #hasBegun = false;
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

  /** Bytes of the body so far, for the access log. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  get wasTruncated(): boolean {
    return this.#wasTruncated;
  }

  begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number): void {
    const all = ['Server', this.#serverHeader, ...headers];
    if (bodyBytes !== undefined && !hasLength(headers)) all.push('Content-Length', String(bodyBytes));
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
    this.#bodyBytes += bytes;
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
    this.#bodyBytes += block.length;
    this.#response.end(block);
  }

  /** Bytes of a body that went past this sink (files are sent by their own handler). */
  countBody(bytes: number): void {
    this.#bodyBytes += bytes;
  }

  truncate(): void {
    this.#wasTruncated = true;
    // Without the last chunk, or with fewer bytes than Content-Length said, and then the connection's end.
    const { socket } = this.#response;
    if (socket === null) this.#response.destroy();
    else socket.destroySoon();
  }
}

function hasLength(headers: readonly string[]): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === 'content-length') return true;
  }
  return false;
}

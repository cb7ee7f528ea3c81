/**
 * The response to a client as handlers see it, whoever writes it to the connection: named and shaped as in node:http, as
 * far as it is used here.
 */

import type { Duplex } from 'node:stream';
import type { DirectWriter } from './response-sink.js';

/** What the server adds to the fields of a response. */
export interface OwnFields {
  /** Goes before them. Has been checked. */
  readonly server: string;
  /** Goes behind them where they do not say it; undefined where nobody knows. */
  readonly contentLength: number | undefined;
}

/** `fields` and these, flat. */
export function withOwnFields(fields: readonly string[], own: OwnFields | undefined): readonly string[] {
  if (own === undefined) return fields;
  const { contentLength, server } = own;
  const all = ['Server', server, ...fields];
  if (contentLength !== undefined && !hasContentLength(fields)) all.push('Content-Length', String(contentLength));
  return all;
}

/** `fields` is flat: name, value, name, value. */
export function hasContentLength(fields: readonly string[]): boolean {
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    if (name.length === 'content-length'.length && name.toLowerCase() === 'content-length') return true;
  }
  return false;
}

export interface ClientResponse {
  readonly req: { readonly method: string; readonly httpVersion: string };
  /** For whoever wants to know that the client has left. */
  readonly socket: Duplex;
  statusCode: number;
  /** Called when it is over or its connection gone, before the listeners of `close`. */
  onOver: (() => void) | undefined;
  /** Whether another request may follow on the connection, as far as it is known. Counts until the head is made. */
  shouldKeepAlive: boolean;
  /** The head is made: no other can be. */
  readonly headersSent: boolean;
  /** `end` was called. */
  readonly writableEnded: boolean;
  /** All of it was taken by the connection. */
  readonly writableFinished: boolean;
  /** It is over, or its connection gone. */
  readonly destroyed: boolean;
  /** Of the body, without what frames it, as far as it was written. */
  readonly bodyBytes: number;
  /** Bytes of the write at hand that the connection has not taken: falls while the client takes a large block. */
  readonly unwrittenBytes: number;
  /** Undefined where the connection can't be written to without the event loop. */
  readonly direct: DirectWriter | undefined;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  appendHeader(name: string, value: string): unknown;
  getHeader(name: string): string | number | readonly string[] | undefined;
  getHeaderNames(): string[];
  removeHeader(name: string): void;
  /** `fields` is flat; a name that `setHeader` has set is replaced. @throws where HTTP can't carry it, with nothing changed */
  writeHead(status: number, reason: string, fields: readonly string[], own?: OwnFields): unknown;
  writeContinue(): void;
  /**
   * `onTaken`: the connection has taken it, or is gone; perhaps called at once. Until then the memory of `block` is read from.
   * @returns false where it is to be waited for `drain`
   */
  write(block: Buffer, onTaken?: () => void): boolean;
  end(block?: Buffer): unknown;
  /** The connection has not taken what was written in earlier turns. */
  readonly isBehind: boolean;
  /** Writes what is held back until the end of the turn, to be written together. */
  flush(): void;
  /** Ends the connection behind what was written, without the rest of the response. */
  cutOff(): void;
  /** Ends the connection so that the client gets an error. */
  reset(): void;
  /** Breaks the connection off. */
  destroy(): void;
  /** `close`: the response is over or the connection gone; comes once. */
  on(event: 'close' | 'drain' | 'finish', listener: () => void): unknown;
  once(event: 'close' | 'drain' | 'finish', listener: () => void): unknown;
  off(event: 'close' | 'drain' | 'finish', listener: () => void): unknown;
}

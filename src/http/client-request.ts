/**
 * A client's request as handlers see it, whoever reads it from the connection: named and shaped as in node:http, as far
 * as it is used here.
 */

import type { IncomingHttpHeaders } from 'node:http';

/**
 * The body of a request. Nothing of it flows before `resume` is called; `data` and `end` have one listener each. The memory
 * of a block is used anew when the listener returns.
 */
export interface RequestBody {
  on(event: 'data', listener: (block: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  pause(): unknown;
  /** May call the listeners before it returns. */
  resume(): unknown;
}

export interface ClientRequest extends RequestBody {
  readonly method: string;
  /** The request target as it was sent. */
  readonly url: string;
  /** `1.1` */
  readonly httpVersion: string;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  /**
   * Flat, as sent, a character for each byte: name, value, name, value. The list itself never changes, and requests whose
   * header is the same may have the same one.
   */
  rawHeaders: readonly string[];
  /** By names in lower case, several fields of one name joined. Made of `rawHeaders` when it is first asked for. */
  headers: IncomingHttpHeaders;
  /** One field of `headers`, without making the rest: `name` in lower case. */
  header(name: string): string | undefined;
  /** What came and went on the connection so far. */
  readonly socket: { readonly bytesRead: number; readonly bytesWritten: number };
}

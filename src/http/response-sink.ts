/**
 * Where a handler puts its response. The server implements it over a connection: it adds what every response carries,
 * counts bytes for the access log, and knows what HEAD, 204 and 304 do to a body.
 */

/**
 * Who made a response. What the server answers itself, errors and redirects, is not for all of the rules that change the
 * responses of applications and files; an `echo` of the request (TRACE) is for none of them.
 */
export type ResponseOrigin = 'application' | 'file' | 'server' | 'echo';

/** Writes to a client while the event loop stands still. */
export interface DirectWriter {
  /** Of the connection's socket. */
  readonly descriptor: number;
  /** One block of the body, the head before it. Returns when the connection has it. False: the client has left. */
  writeThrough(block: Buffer): boolean;
}

export interface ResponseSink {
  /** The status line has been handed to the connection: no error page can follow. */
  readonly hasBegun: boolean;
  /** Bytes handed over and not yet taken by the client. */
  readonly pendingBytes: number;
  /** Bytes of the write at hand that the connection has not taken: falls while the client takes a large block. */
  readonly unwrittenBytes: number;
  /** Undefined where what is written needs the event loop before it is on its way: TLS, compression. */
  readonly direct?: DirectWriter | undefined;
  /**
   * Starts the response. `headers` is flat: name, value, name, value.
   * @param bodyBytes length of the body where it is known and `headers` does not say
   * @param origin an application where it is left out
   */
  begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number, origin?: ResponseOrigin): void;
  /**
   * One block of the body; `onTaken` is called with its length when the client's connection has taken it, perhaps at once.
   * @returns whether the memory of `block` may be used anew; else `settle` tells
   */
  write(block: Buffer, onTaken: (bytes: number) => void): boolean;
  /**
   * The response is complete.
   * @returns as `write`
   */
  end(block?: Buffer): boolean;
  /**
   * Writes what is held back to be written together.
   * @returns whether the memory of all blocks may be used anew, that were written since the last call
   */
  settle(): boolean;
  /** The response can't be completed: makes that visible to the client, at once where it does not read (`isClientStuck`). */
  truncate(isClientStuck?: boolean): void;
}

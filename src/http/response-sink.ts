/**
 * Where a handler puts its response. The server implements it over a connection: it adds what every response carries,
 * counts bytes for the access log, and knows what HEAD, 204 and 304 do to a body.
 */

export interface ResponseSink {
  /** The status line has been handed to the connection: no error page can follow. */
  readonly hasBegun: boolean;
  /** Bytes handed over and not yet taken by the client. */
  readonly pendingBytes: number;
  /** Bytes of the write at hand that the connection has not taken: falls while the client takes a large block. */
  readonly unwrittenBytes: number;
  /**
   * Starts the response. `headers` is flat: name, value, name, value.
   * @param bodyBytes length of the body where it is known and `headers` does not say
   */
  begin(status: number, reason: string, headers: readonly string[], bodyBytes?: number): void;
  /** One block of the body; `onTaken` is called with its length when the client's connection has taken it. */
  write(block: Buffer, onTaken: (bytes: number) => void): void;
  /** The response is complete. */
  end(block?: Buffer): void;
  /** The response can't be completed: makes that visible to the client, at once where it does not read (`isClientStuck`). */
  truncate(isClientStuck?: boolean): void;
}

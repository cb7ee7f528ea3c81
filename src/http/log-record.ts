/**
 * What one access-log line is made of. The http child fills one of these when a response is over and hands it to the
 * compiled formats; nothing here is computed before a format asks for it, so lookups are methods.
 *
 * Text that came from the client or from a file name is kept as a byte string: one character for each byte
 * (latin-1), as node:http gives header values. Characters beyond that are logged as their UTF-8 bytes.
 */

export interface LogRecord {
  /** The client, as access rules see it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The other end of the TCP connection where that is not the client; `%{c}a`. */
  readonly peerAddress?: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** Empty where the connection closed before a request line was complete. */
  readonly method: string;
  /** The request target as it arrived. */
  readonly target: string;
  /** `HTTP/1.1`; empty for a request line without a version. */
  readonly protocol: string;
  /** The decoded path that was asked for, without the query; `%U`. */
  readonly path: string;
  /** Names and values in turn, as node:http's rawHeaders. */
  readonly rawHeaders: readonly string[];
  /** The same for trailer fields, where there were any. */
  readonly rawTrailers?: readonly string[];
  /** The final status; 0 where there was none. */
  readonly status: number;
  /** The status before an internal redirect (an ErrorDocument) changed it. */
  readonly originalStatus: number;
  /** Bytes of the response body. */
  readonly bodyBytes: number;
  /** Bytes read for this request, request line and header included. */
  readonly receivedBytes: number;
  /** Bytes written for it, header included. */
  readonly sentBytes: number;
  /** When the request began, milliseconds since the epoch; fractions count. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly user: string | undefined;
  /** The name by which this server calls itself under UseCanonicalName; `%V`. */
  readonly serverName: string;
  /** The virtual host's ServerName; `%v`. */
  readonly canonicalName: string;
  readonly canonicalPort: number;
  /** Ties the line to lines of the error log; undefined where nothing was logged there. */
  readonly requestId: string | undefined;
  /** The same for the connection; `%{c}L`. */
  readonly connectionId?: string;
  /** How many requests this connection had served before. */
  readonly keepaliveCount: number;
  /** 'X' aborted before the response was complete, '+' may be kept alive, '-' closed afterwards. */
  readonly connectionStatus: 'X' | '+' | '-';
  readonly handler: string | undefined;
  readonly filename: string | undefined;
  readonly pid: number;
  /** The thread that ran it, where there is one; otherwise `pid`. */
  readonly tid?: number;
  /** A response header field as it was sent; names without regard to case. */
  responseHeader(name: string): string | undefined;
  responseTrailer?(name: string): string | undefined;
  /** A variable of the request's environment (SetEnv, SetEnvIf and what the server sets). */
  environment(name: string): string | undefined;
  /** A variable of mod_ssl; undefined without TLS. */
  sslVariable?(name: string): string | undefined;
  /** A note that a part of the server left on the request; `%{x}n`. */
  note?(name: string): string | undefined;
}

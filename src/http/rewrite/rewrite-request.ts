/**
 * What the engine is given: the request it works on and the services it may ask. Every string is a byte string (see
 * uri-escapes.ts); whoever turns a path into a file name must encode it as latin1.
 */

import type { MapSource } from './rewrite-map.js';

/** Server variables that the engine can't know by itself. Undefined reads as the empty string. */
export type RequestFact =
  | 'AUTH_TYPE'
  | 'CONN_REMOTE_ADDR'
  | 'CONTEXT_DOCUMENT_ROOT'
  | 'CONTEXT_PREFIX'
  | 'DOCUMENT_ROOT'
  | 'IPV6'
  | 'REMOTE_ADDR'
  | 'REMOTE_HOST'
  | 'REMOTE_IDENT'
  | 'REMOTE_PORT'
  | 'REMOTE_USER'
  | 'SCRIPT_GROUP'
  | 'SCRIPT_USER'
  | 'SERVER_ADDR'
  | 'SERVER_ADMIN'
  | 'SERVER_PROTOCOL'
  | 'SERVER_SOFTWARE';

export interface RewriteRequest {
  /** The decoded URL path: REQUEST_URI. */
  readonly uri: string;
  /** The request target as the client sent it. */
  readonly unparsedUri: string;
  /** Without the question mark; undefined where there is none. */
  readonly query: string | undefined;
  /** The file the URL was mapped to; not looked at by per-server rules, which run before that. */
  readonly filename: string;
  /** What was left of the URL after `filename`. */
  readonly pathInfo: string;
  readonly method: string;
  /** `GET /path HTTP/1.1`, as sent. */
  readonly requestLine: string;
  readonly scheme: 'http' | 'https';
  /** Also true for the look-ups that a handler does on the side; not for internal redirects. */
  readonly isSubrequest: boolean;
  /** Name and port for URLs that point back here, according to UseCanonicalName. */
  readonly serverName: string;
  readonly serverPort: number;
  /** Names are compared without regard to case. */
  header(name: string): string | undefined;
  /** Ties log lines to the request: REQUEST_LOG_ID in expressions. */
  readonly id: string;
  /** The request's environment, then the server's own (as %{ENV:name} reads both). */
  environment(name: string): string | undefined;
  /** The request's environment alone. */
  requestVariable(name: string): string | undefined;
  /** The environment that the server was started with. */
  serverVariable(name: string): string | undefined;
  fact(name: RequestFact): string | undefined;
  /** mod_ssl's variables, for %{SSL:name}. */
  sslVariable(name: string): string | undefined;
  /** Whether a URL with this host and port would reach the same virtual host. */
  matchesHost(host: string, port: number): boolean;
}

/** What stat tells, with symbolic links followed. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  /** Any of the three execute bits. */
  readonly executable: boolean;
}

export interface RewriteServices {
  /** Undefined where there is nothing or it can't be reached. */
  fileTest(path: string): FileFacts | undefined;
  isSymbolicLink(path: string): boolean;
  /** From 0, below 1. */
  random(): number;
  /** Milliseconds since 1970. */
  now(): number;
  readonly maps: MapSource;
  /** For -U and -F: the status that a look-up of this URL path or file would end in. */
  lookupStatus(kind: 'url' | 'file', target: string): number;
}

/** One request on its way through the server: what Apache keeps in its request_rec. Made and used by RequestHandler. */

import type { ClientRequest } from '../http/client-request.js';
import type { ClientResponse } from '../http/client-response.js';
import type { CompiledScope, CompiledServer } from './compiled-server.js';
import type { ClientConnection } from './http-connections.js';
import type { HttpResponseSink } from './http-response-sink.js';
import type { RequestTrace } from './request-trace.js';

export interface RequestContext {
  readonly incoming: ClientRequest;
  readonly outgoing: ClientResponse;
  readonly sink: HttpResponseSink;
  readonly connection: ClientConnection;
  /** Sends 100 Continue; undefined where the client does not wait for it. */
  readonly sendContinue: (() => void) | undefined;
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAtMs: number;
  readonly startedAtMonotonicMs: number;
  /** The connection's counters when the request began. */
  readonly bytesReadBefore: number;
  readonly bytesWrittenBefore: number;
  /** Ties log lines to the request. */
  readonly id: string;
  /** Who is told what becomes of the request (`explain`); undefined for requests of clients. */
  readonly trace: RequestTrace | undefined;
  readonly server: CompiledServer;
  /** The client as far as it is known: the connection's other end, or who a proxy there speaks for (mod_remoteip). */
  clientAddress: string;
  readonly scheme: 'http' | 'https';
  /** It goes on as what Apache looks up by a subrequest (an index, a fallback): rules with NS leave it alone. */
  isSubrequest: boolean;
  /** Name and port by which the server calls itself in this request (UseCanonicalName). */
  readonly serverName: string;
  readonly serverPort: number;
  /** As sent; GET while an error document is made. */
  method: string;
  /** `HTTP/1.1` */
  readonly protocol: string;
  /** As sent. */
  readonly rawTarget: string;
  /** Decoded, a byte string; changes with internal redirects. */
  uri: string;
  /** Without the question mark; '' where there is none. */
  query: string;
  /** Variables from SetEnv, SetEnvIf and RewriteRule; created when the first is set. */
  environment: Map<string, string> | undefined;
  /** Who the client says to be, a byte string: logged also where that was refused. */
  user: string | undefined;
  /** AuthType as it is written; undefined until the request has asked for a user. */
  authType: string | undefined;
  /** The scope for which the Authorizer has decided last. */
  authorizedScope: CompiledScope | undefined;
  /** The settings in force; the server's own until sections are known. */
  scope: CompiledScope;
  handler: string | undefined;
  /** Where its application runs; undefined where it has none, or that is not known yet. */
  processGroup: string | undefined;
  filename: string | undefined;
  pathInfo: string;
  /** For the access log; created when the first is left. */
  notes: Map<string, string> | undefined;
  /** Set-Cookie values and Vary names that rules add to the response: name, value, name, value. */
  readonly extraHeaders: string[];
  /** The flag END was met: no more rewriting, also where the request goes on inside the server. */
  rewritingEnded: boolean;
  /** What an absolute request target names, `name` or `name:port`: it takes the place of the Host field. */
  readonly targetHost: string | undefined;
  /** While an error document is made: the status that it is for. */
  failedStatus: number | undefined;
  /**
   * Set where an application sent the request on to another path of this server: the type that it gave, '' for none.
   * The method is GET then, and the body has been the application's.
   */
  redirectedType: string | undefined;
  /** How often the request has started over inside the server. */
  redirects: number;
  readonly restarts: InternalRestarts;
  /** Who is at work for the request: told when the response is over or the client has left. */
  worker: RequestWorker | undefined;
}

export interface RequestWorker {
  clientLeft(): void;
}

/** Makes a request that is with its handler go on with another path of this server. */
export interface InternalRestarts {
  /** In place of an application's response (Location with status 200). */
  redirectInternally(context: RequestContext, location: string, contentType: string): void;
  /** As the answer to a request that failed (ErrorDocument). */
  serveErrorDocument(context: RequestContext, status: number, target: string): void;
}

const none: ReadonlyMap<string, string> = new Map();

export function environmentOf(context: RequestContext): ReadonlyMap<string, string> {
  return context.environment ?? none;
}

export function setVariable(context: RequestContext, name: string, value: string | undefined): void {
  context.environment ??= new Map();
  if (value === undefined) context.environment.delete(name);
  else context.environment.set(name, value);
}

/**
 * The variables as a request sees them that goes on from another inside the server: what they were is REDIRECT_ now,
 * and it is told where it comes from (ap_internal_redirect).
 */
export function renameEnvironment(context: RequestContext, status: number): void {
  const renamed = new Map<string, string>();
  for (const [name, value] of context.environment ?? none) renamed.set(`REDIRECT_${name}`, value);
  renamed.set('REDIRECT_URL', context.uri);
  renamed.set('REDIRECT_STATUS', String(status));
  if (context.query !== '') renamed.set('REDIRECT_QUERY_STRING', context.query);
  if (context.user !== undefined) renamed.set('REDIRECT_REMOTE_USER', context.user);
  context.environment = renamed;
}

/**
 * A request from its arrival to its end: makes its context, sends it through the phases (request-phases.ts), answers
 * what goes wrong with the server's page or ErrorDocument, and writes the access log when all is over.
 */

import { RequestError } from '../base/errors.js';
import type { WallClock } from '../base/wall-clock.js';
import type { ClientRequest } from '../http/client-request.js';
import type { ClientResponse } from '../http/client-response.js';
import { AccessFileError } from './access-files.js';
import type { AccessLogs } from './access-logging.js';
import type { CompiledServer } from './compiled-server.js';
import type { ClientConnection, HttpLimits } from './http-connections.js';
import { HttpResponseSink } from './http-response-sink.js';
import type { InternalRestarts, RequestContext } from './request-context.js';
import { identifyRequest, type RequestIdentity } from './request-identity.js';
import { type PhaseServices, RequestPhases } from './request-phases.js';
import { startOverAt, startOverForError } from './request-restarts.js';
import { continuing, effectivePort, formatHost, startRequest } from './request-start.js';
import type { RequestTrace } from './request-trace.js';
import { applyLocations } from './url-phase.js';

export interface RequestHandlerOptions extends PhaseServices {
  /** The server of a connection's own end and a Host name. */
  readonly findServer: (localAddress: string, localPort: number, name: string | undefined) => CompiledServer;
  readonly limits: HttpLimits;
  readonly accessLogs: AccessLogs;
  readonly clock: { readonly wall: WallClock; monotonicMs(): number };
  /** Who is told what becomes of the request; nobody, where it is a client's. */
  readonly traceOf?: ((incoming: ClientRequest) => RequestTrace) | undefined;
}

const idPrefixBytes = 6;

export class RequestHandler implements InternalRestarts {
  readonly #options: RequestHandlerOptions;
  readonly #phases: RequestPhases;
  /** Request ids: unlike those of any other child, and counting up within this one. */
  readonly #idPrefix = makeIdPrefix();
  #requests = 0;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
    this.#phases = new RequestPhases(options);
  }

  handle(
    incoming: ClientRequest,
    outgoing: ClientResponse,
    connection: ClientConnection,
    expectsContinue: boolean,
  ): void {
    const { findServer, clock } = this.#options;
    const startedAtMonotonicMs = clock.monotonicMs();
    const rawTarget = incoming.url;
    const method = incoming.method;
    const identity = identifyRequest(incoming, this.#options.limits, connection);
    const { header } = identity;
    const server = header?.server ?? findServer(connection.localAddress, connection.localPort, identity.host?.name);
    if (header !== undefined) header.server = server;
    const scope = server.ownScope;
    const scheme = connection.secure === undefined ? server.scheme : 'https';
    const usesOwnName = server.useCanonicalName || identity.host === undefined;
    const context: RequestContext = {
      incoming,
      outgoing,
      sink: new HttpResponseSink(outgoing, server.serverHeader),
      connection,
      sendContinue: expectsContinue ? continuing(outgoing) : undefined,
      startedAtMs: clock.wall.at(startedAtMonotonicMs),
      startedAtMonotonicMs,
      bytesReadBefore: 0,
      bytesWrittenBefore: incoming.socket.bytesWritten,
      id: `${this.#idPrefix}${(++this.#requests).toString(36)}`,
      clientAddress: connection.remoteAddress,
      scheme,
      isSubrequest: false,
      notes: undefined,
      trace: this.#options.traceOf?.(incoming),
      server,
      serverName: usesOwnName ? (server.name ?? connection.localAddress) : (identity.host?.name ?? ''),
      serverPort: effectivePort(server, usesOwnName ? undefined : identity.host?.port, connection, scheme),
      method,
      protocol: `HTTP/${incoming.httpVersion}`,
      rawTarget,
      uri: rawTarget,
      query: '',
      environment: undefined,
      user: undefined,
      authType: undefined,
      authorizedScope: undefined,
      scope,
      handler: undefined,
      processGroup: undefined,
      filename: undefined,
      pathInfo: '',
      extraHeaders: [],
      rewritingEnded: false,
      targetHost: formatHost(identity.target?.host),
      failedStatus: undefined,
      redirectedType: undefined,
      redirects: 0,
      restarts: this,
      worker: undefined,
    };
    context.sink.context = context;
    outgoing.onOver = () => this.#over(context);
    context.trace?.arrived(context, identity.host?.name);
    this.#begin(context, identity);
  }

  #over(context: RequestContext): void {
    const durationMs = this.#options.clock.monotonicMs() - context.startedAtMonotonicMs;
    const isComplete = context.outgoing.writableFinished && !context.sink.wasTruncated;
    this.#options.accessLogs.write(context, durationMs, isComplete);
    context.trace?.ended(context);
    context.worker?.clientLeft();
  }

  #fail(context: RequestContext, error: unknown): void {
    if (error instanceof RequestError) {
      applyLocations(context);
      const level = error instanceof AccessFileError ? 'alert' : undefined;
      this.#options.answers.answer(context, error.status, error.message, level);
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.answers.answer(context, 500, `internal error: ${text}`, 'crit');
    }
  }

  #begin(context: RequestContext, identity: RequestIdentity): void {
    try {
      startRequest(context, identity);
      if (context.uri === '*') this.#options.answers.answerEmpty(context, 200, []);
      else this.#run(context);
    } catch (error) {
      this.#fail(context, error);
    }
  }

  /** @throws RequestError with nothing sent; what fails later is answered */
  #run(context: RequestContext): void {
    this.#phases.run(context)?.catch((error: unknown) => this.#fail(context, error));
  }

  redirectInternally(context: RequestContext, location: string, contentType: string): void {
    try {
      startOverAt(context, location, contentType);
      this.#run(context);
    } catch (error) {
      this.#fail(context, error);
    }
  }

  serveErrorDocument(context: RequestContext, status: number, target: string): void {
    try {
      startOverForError(context, status, target);
      this.#run(context);
    } catch (error) {
      this.#fail(context, error);
    }
  }
}

/** Nobody must be kept from guessing it: so node:crypto, which takes milliseconds to load, is not needed. */
function makeIdPrefix(): string {
  const bytes = Buffer.alloc(idPrefixBytes);
  bytes.writeUIntBE(Math.floor(Math.random() * 2 ** (8 * idPrefixBytes)), 0, idPrefixBytes);
  return bytes.toString('base64url');
}

/**
 * One client connection of an http child: which requests may follow each other on it, and what only time can tell, by a
 * sweep once a second. HTTP itself is spoken by src/http1. HttpConnections makes them and sweeps.
 *
 * What ends a connection that nobody else ends:
 *  - no request comes: KeepAliveTimeout, and before the first one the limit for headers;
 *  - a header or a body comes too slowly: RequestReadTimeout, Timeout;
 *  - the client takes nothing of a response that is made: Timeout, or what its handler has set;
 *  - after the last response the client does not end its side: the lingering limits.
 */

import type { Socket } from 'node:net';
import { type ConnectionHandler, type ConnectionLimits, HttpConnection } from '../http1/http-connection.js';
import type { IncomingRequest } from '../http1/incoming-request.js';
import type { OutgoingResponse } from '../http1/outgoing-response.js';
import { KnownEnviron } from '../wsgi/known-environ.js';
import type { ClientConnection, HttpEvents, HttpLimits } from './http-connections.js';
import { allowedSeconds, type ReadPace } from './reqtimeout-directives.js';
import type { KnownHeader } from './request-identity.js';
import type { SecureConnection } from './tls-acceptor.js';

/** What all connections of an http child have in common. */
export interface ConnectionOwner {
  readonly limits: HttpLimits;
  readonly connectionLimits: ConnectionLimits;
  readonly events: HttpEvents;
  readonly sweepMs: number;
  /** Responses from now on end their connections. */
  readonly isClosing: boolean;
  /** The same, but for requests that have been sent behind another one. */
  readonly isDraining: boolean;
  /** So many requests more, or fewer, are at hand. */
  onRequests(change: 1 | -1): void;
  onClosed(connection: WatchedConnection): void;
}

/** After its last response a connection is read from until the client ends it, is silent this long, or sends this long. */
const lingerSilenceMs = 2_000;
const lingerMsLimit = 30_000;

type ConnectionEnds = Pick<
  ClientConnection,
  'id' | 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort' | 'listenerHost' | 'secure'
>;

export class WatchedConnection implements ClientConnection, ConnectionHandler {
  readonly id: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly listenerHost: string | undefined;
  readonly secure: SecureConnection | undefined;
  readonly environ = new KnownEnviron();
  knownHeader: KnownHeader | undefined;
  requests = 0;
  onBodyBroken: ((reason: string, status?: number) => void) | undefined;
  bodyPace: ReadPace | undefined;
  responseTimeoutMs: number | undefined;
  isSendingFile = false;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #http: HttpConnection;
  /** The response that the last sweep found written to its end and not taken by the client. */
  #untaken: OutgoingResponse | undefined;
  /** What ends a connection whose client does not take the rest of its response; while it is set. */
  #onTimeout: (() => void) | undefined;
  /** Milliseconds since all was sent that will be; undefined before. `#lingerBytes`: had been read at the last sweep. */
  #lingeredMs: number | undefined;
  #silentMs = 0;
  #lingerBytes = 0;
  /** What the client is sending, as the last sweep saw it: a header, the body of this request, or nothing. */
  #sent: IncomingRequest | 'header' | undefined = 'header';
  /** Which request was the last one then, how much had come before it, and for how long it has been coming. */
  #sentRequests = 0;
  #sentFromBytes = 0;
  #sentMs = 0;
  /** For how long no request came, and which one was the last before. */
  #idleMs = 0;
  #idleRequests = 0;

  constructor(socket: Socket, ends: ConnectionEnds, owner: ConnectionOwner) {
    this.id = ends.id;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
    this.localAddress = ends.localAddress;
    this.localPort = ends.localPort;
    this.listenerHost = ends.listenerHost;
    this.secure = ends.secure;
    this.#owner = owner;
    this.#socket = socket;
    this.#http = new HttpConnection(socket, owner.connectionLimits, this);
  }

  // ConnectionHandler

  onRequest(request: IncomingRequest, response: OutgoingResponse, expectsContinue: boolean): void {
    const { limits, isClosing, isDraining, events } = this.#owner;
    this.requests += 1;
    this.#owner.onRequests(1);
    this.responseTimeoutMs = undefined;
    this.isSendingFile = false;
    this.bodyPace = undefined;
    if (this.#onTimeout !== undefined) {
      this.#socket.setTimeout(0, this.#onTimeout);
      this.#onTimeout = undefined;
    }
    const { keepAlive, maxKeepAliveRequests } = limits;
    // Requests that were sent behind this one are answered before a drained connection ends.
    const isEnding = isClosing || (isDraining && !this.#http.hasWaiting);
    if (!keepAlive || isEnding || (maxKeepAliveRequests > 0 && this.requests >= maxKeepAliveRequests)) {
      response.shouldKeepAlive = false;
    }
    events.onRequest(request, response, this, expectsContinue);
  }

  onOver(): void {
    this.#owner.onRequests(-1);
    this.onBodyBroken = undefined;
    // What was idle when the server began to close was ended then.
    if (this.#owner.isClosing && !this.#http.isDeaf && !this.#http.hasWaiting) this.#http.linger();
  }

  onBodyProblem(reason: string, status?: number): void {
    this.onBodyBroken?.(reason, status);
  }

  onMalformed(status: number, reason: string, requestLine: string): string {
    return this.#owner.events.onMalformed(status, reason, requestLine, this);
  }

  onClosed(): void {
    this.#owner.onClosed(this);
  }

  // HttpConnections

  refuse(status: number, reason: string, requestLine: string): void {
    this.#http.refuse(status, reason, requestLine);
  }

  /** No more requests than have come already. */
  drain(): void {
    if (this.#http.response !== undefined && !this.#http.hasWaiting) this.#http.response.shouldKeepAlive = false;
  }

  /** Ends it unless a request is at hand: a client that has sent half a header may never send the rest. */
  close(): void {
    if (this.#http.response === undefined && !this.#http.isLingering) this.#socket.destroy();
  }

  /** What only time can tell: clients that don't take their response, and connections that were kept open to linger. */
  sweep(): void {
    if (this.#http.isLingering) this.#watchLingering();
    else if (this.#http.isIdle && this.requests > 0) this.#watchIdleness();
    else this.#watchPace();
    this.#watchTaking();
  }

  #watchLingering(): void {
    const { bytesRead } = this.#socket;
    const { isClosing, sweepMs } = this.#owner;
    if (this.#lingeredMs === undefined) {
      this.#lingeredMs = 0;
      this.#lingerBytes = bytesRead;
    }
    const isSilent = bytesRead === this.#lingerBytes;
    this.#lingeredMs += sweepMs;
    this.#silentMs = isSilent ? this.#silentMs + sweepMs : 0;
    this.#lingerBytes = bytesRead;
    if (!this.#socket.writableFinished) return;
    if (isClosing || this.#silentMs > lingerSilenceMs || this.#lingeredMs > lingerMsLimit) this.#socket.destroy();
  }

  #watchIdleness(): void {
    const { limits, sweepMs } = this.#owner;
    const isLonger = this.#sent === undefined && this.requests === this.#idleRequests;
    this.#idleMs = isLonger ? this.#idleMs + sweepMs : 0;
    this.#idleRequests = this.requests;
    this.#sent = undefined;
    if (limits.keepAliveTimeoutMs > 0 && this.#idleMs >= limits.keepAliveTimeoutMs) this.#socket.destroy();
  }

  /** Ends what comes too slowly (mod_reqtimeout, Timeout). */
  #watchPace(): void {
    const { bytesRead } = this.#socket;
    const { limits, sweepMs } = this.#owner;
    const { bodyRequest, response } = this.#http;
    const sent = bodyRequest ?? (response === undefined ? 'header' : undefined);
    if (sent !== this.#sent || this.requests !== this.#sentRequests) {
      this.#sent = sent;
      this.#sentRequests = this.requests;
      this.#sentFromBytes = bytesRead;
      this.#sentMs = 0;
      return;
    }
    // It is we who don't read.
    if (sent === undefined || this.#http.isDeaf || (sent !== 'header' && sent.isFull)) return;
    this.#sentMs += sweepMs;
    const bytes = bytesRead - this.#sentFromBytes;
    if (sent === 'header') {
      this.#watchHeader(bytes);
      return;
    }
    const seconds = allowedSeconds(this.bodyPace ?? limits.bodyPace, bytes);
    if (this.#sentMs / 1000 <= seconds) return;
    this.#http.breakBody(`request body came too slowly: ${bytes} bytes in ${seconds} s (RequestReadTimeout)`, 408);
  }

  #watchHeader(bytes: number): void {
    const { events, limits } = this.#owner;
    const isLate = limits.headerMsLimit > 0 && this.#sentMs > limits.headerMsLimit;
    if (!isLate && this.#sentMs / 1000 <= allowedSeconds(events.headerPaceOf(this), bytes)) return;
    // Who never said anything gets no answer, nor does anybody log it.
    if (this.#socket.bytesRead === 0) this.#socket.destroy();
    else this.#http.refuseHeader(408, 'request header did not arrive in time');
  }

  /** What is said the client has not taken since the last sweep: Timeout is how long it may pause. */
  #watchTaking(): void {
    const socket = this.#socket;
    const { response } = this.#http;
    const isWaiting =
      response !== undefined && (response.writableEnded || (this.isSendingFile && response.headersSent));
    const isUntaken = isWaiting || (socket.writableEnded && !socket.writableFinished);
    if (isUntaken && this.#onTimeout === undefined && this.#untaken === response) {
      const timeoutMs = this.responseTimeoutMs ?? this.#owner.limits.timeoutMs;
      // Counts from the last byte that the client took, also where that was one of many in a write.
      this.#onTimeout = () => {
        if (socket.writableLength > 0) this.#owner.events.onStuck(this, timeoutMs / 1000);
        socket.destroy();
      };
      socket.setTimeout(timeoutMs, this.#onTimeout);
    }
    this.#untaken = isUntaken ? response : undefined;
  }
}

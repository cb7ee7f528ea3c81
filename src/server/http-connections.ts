/**
 * The listeners of one http child and what they accept: connections with their numbers and limits, as Apache has them.
 * Hands every request to `onRequest`. What happens on a connection is in client-connection.ts and src/http1.
 */

import { createServer, type Server, type Socket } from 'node:net';
import type { ClientRequest } from '../http/client-request.js';
import type { ClientResponse } from '../http/client-response.js';
import type { KnownEnviron } from '../wsgi/known-environ.js';
import { AcceptGate, type AcceptRules } from './accept-gate.js';
import { type ConnectionOwner, WatchedConnection } from './client-connection.js';
import type { BoundAddress } from './listening-sockets.js';
import type { ChildLoad } from './load-reporter.js';
import type { ReadPace } from './reqtimeout-directives.js';
import type { KnownHeader } from './request-identity.js';
import type { SecureConnection, TlsAcceptor } from './tls-acceptor.js';

/** One client connection. */
export interface ClientConnection {
  /** Unique in this http child. */
  readonly id: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** The address in the Listen line; undefined where it has none. */
  readonly listenerHost: string | undefined;
  /** Undefined without TLS. */
  readonly secure: SecureConnection | undefined;
  /** What its requests told applications before. */
  readonly environ: KnownEnviron;
  /** Of the request before. */
  knownHeader: KnownHeader | undefined;
  /** Requests begun on it so far, this one included. */
  requests: number;
  /** Set by whoever reads the body of the request at hand: the rest of it can't be understood and will never come. */
  /** `status`: of the answer, 400 where it is left out. */
  onBodyBroken: ((reason: string, status?: number) => void) | undefined;
  /** Set by whoever answers the request at hand, where its server has a pace of its own for bodies. */
  bodyPace: ReadPace | undefined;
  /** Set by whoever answers the request at hand, where its client may take nothing for another time than Timeout. */
  responseTimeoutMs: number | undefined;
  /** Set by whoever answers the request at hand with a file: Timeout counts before all of it is written, too. */
  isSendingFile: boolean;
}

export interface HttpLimits {
  readonly requestLineBytesLimit: number;
  readonly requestFieldsLimit: number;
  readonly requestFieldBytesLimit: number;
  readonly keepAlive: boolean;
  readonly keepAliveTimeoutMs: number;
  /** 0: no limit. */
  readonly maxKeepAliveRequests: number;
  readonly timeoutMs: number;
  /** The longest that any server gives a header. */
  readonly headerMsLimit: number;
  /** For bodies, where the server of the request has no other. */
  readonly bodyPace: ReadPace;
  readonly accept: AcceptRules;
}

export interface HttpEvents {
  /** Called for one request of a connection at a time; the next comes when this response is over. */
  onRequest(
    incoming: ClientRequest,
    outgoing: ClientResponse,
    connection: ClientConnection,
    expectsContinue: boolean,
  ): void;
  /**
   * What came was no request that can be understood: the answer, as whole bytes, and then the connection ends.
   * `requestLine`: as far as it is known, for the access log.
   */
  onMalformed(status: number, reason: string, requestLine: string, connection: ClientConnection): string;
  /** How slowly the header of a request may come on this connection. */
  headerPaceOf(connection: ClientConnection): ReadPace;
  /** The client has taken nothing of a response that was made to its end: its connection is broken off. */
  onStuck(connection: ClientConnection, seconds: number): void;
  /** A connection or a request has begun or ended. */
  onLoad(): void;
  /** As many connections were accepted as this process is to serve. */
  onWorn(): void;
}

/** What sees to TLS on connections that have been accepted. */
export type ConnectionTls = Pick<TlsAcceptor, 'accept' | 'close' | 'serves'>;

const sweepMs = 1000;

export class HttpConnections {
  readonly #backlog: number;
  /** Undefined where no server speaks TLS. */
  readonly #gate: AcceptGate;
  readonly #tls: ConnectionTls | undefined;
  readonly #owner: ConnectionOwner;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<WatchedConnection>();
  #nextId = 1;
  #requests = 0;
  #isClosing = false;
  #isDraining = false;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(limits: HttpLimits, backlog: number, events: HttpEvents, tls?: ConnectionTls) {
    this.#backlog = backlog;
    this.#tls = tls;
    this.#gate = new AcceptGate(limits.accept, backlog, {
      onChange: () => events.onLoad(),
      onWorn: () => events.onWorn(),
    });
    const isClosing = (): boolean => this.#isClosing;
    const isDraining = (): boolean => this.#isDraining;
    this.#owner = {
      limits,
      connectionLimits: {
        requestLineBytes: limits.requestLineBytesLimit,
        headBytes: headBytesLimit(limits),
        keepAliveTimeoutMs: limits.keepAliveTimeoutMs,
      },
      events,
      sweepMs,
      get isClosing() {
        return isClosing();
      },
      get isDraining() {
        return isDraining();
      },
      onRequests: (change) => {
        this.#requests += change;
        events.onLoad();
      },
      onClosed: (connection) => this.#connections.delete(connection),
    };
  }

  get load(): ChildLoad {
    return { connections: this.#gate.connections, requests: this.#requests };
  }

  /** Starts to accept on an inherited descriptor. @throws where it can't be listened on */
  async listen(descriptor: number, address: BoundAddress): Promise<void> {
    // A client may end its sending side and wait for the answer. One that has left looks the same until something is
    // written to it, as it does to Apache.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accepted(socket, address));
    this.#servers.push(server);
    this.#sweeper ??= setInterval(() => this.#sweep(), sweepMs).unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ fd: descriptor, backlog: this.#backlog }, () => {
        server.off('error', reject);
        this.#gate.add(server);
        resolve();
      });
    });
  }

  /** Serves a connection that came by no listener. With `secure`, what is said on it is what TLS has unpacked. */
  serve(socket: Socket, address: BoundAddress, secure: SecureConnection | undefined): void {
    if (secure === undefined) this.#accepted(socket, address);
    else this.#open(socket, address, secure);
  }

  /**
   * Accepts no more, and lets the connections end by themselves: the next response of each closes it, and where none
   * comes KeepAliveTimeout does. None is closed while its client may be sending: that client would have to guess whether
   * its request was run. What has come to the port and was not accepted is for the other processes that listen there.
   * Resolves when the last connection has ended.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const closed = this.#closeServers();
    for (const connection of this.#connections) connection.drain();
    await closed;
    clearInterval(this.#sweeper);
  }

  /** Accepts no more; resolves when the last connection has ended. Responses from now on close theirs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = this.#closeServers();
    this.#tls?.close();
    for (const connection of this.#connections) connection.close();
    await closed;
    clearInterval(this.#sweeper);
  }

  /** Resolves when the last of their connections has ended, too. */
  async #closeServers(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  #accepted(accepted: Socket, address: BoundAddress): void {
    if (this.#tls?.serves(address.port) !== true) {
      this.#open(accepted, address, undefined);
      return;
    }
    // It gets here when TLS is done with it.
    this.#tls.accept(accepted, numeric(accepted.localAddress), {
      ready: (socket, secure) => this.#open(socket, address, secure),
      // Plain HTTP where TLS is spoken: it gets the answer that it can read, as from Apache.
      refused: (socket) => {
        this.#open(socket, address, undefined).refuse(400, 'plain HTTP to a port where TLS is spoken', '');
      },
    });
  }

  #open(socket: Socket, address: BoundAddress, secure: SecureConnection | undefined): WatchedConnection {
    const connection = new WatchedConnection(
      socket,
      {
        id: String(this.#nextId++),
        remoteAddress: numeric(socket.remoteAddress),
        remotePort: socket.remotePort ?? 0,
        localAddress: numeric(socket.localAddress),
        localPort: socket.localPort ?? address.port,
        listenerHost: address.host,
        secure,
      },
      this.#owner,
    );
    this.#connections.add(connection);
    return connection;
  }

  #sweep(): void {
    for (const connection of this.#connections) connection.sweep();
  }
}

/** Each field is checked against its own limit later; this bounds what is read before. */
function headBytesLimit({ requestLineBytesLimit, requestFieldsLimit, requestFieldBytesLimit }: HttpLimits): number {
  const fields = requestFieldsLimit === 0 ? 1000 : requestFieldsLimit + 1;
  const lineEnd = '\r\n'.length;
  return requestLineBytesLimit + lineEnd + fields * (requestFieldBytesLimit + lineEnd) + lineEnd;
}

/** IPv4 clients of a socket for both families appear as themselves. */
function numeric(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

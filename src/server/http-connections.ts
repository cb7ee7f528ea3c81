/**
 * node:http as Apache behaves: connections with their numbers and limits, one request after the other on each, and the
 * answers to what is not HTTP. Hands every request to `onRequest`; owns the servers of one http child.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { BoundAddress } from './listening-sockets.js';

/** One client connection. */
export interface ClientConnection {
  /** Unique in this http child. */
  readonly id: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** Requests begun on it so far, this one included. */
  requests: number;
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
}

export interface HttpEvents {
  /** Called for one request of a connection at a time; the next comes when this response is over. */
  onRequest(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    connection: ClientConnection,
    expectsContinue: boolean,
  ): void;
  /** What came was no request that can be understood: the answer, as whole bytes, and then the connection ends. */
  onMalformed(status: number, reason: string, connection: ClientConnection): string;
}

/** A header may take this long to arrive (mod_reqtimeout's default upper bound). */
const headerMsLimit = 40_000;
/** How often node:http looks for headers and connections that are overdue. */
const checkingIntervalMs = 2_000;
/** Requests that may wait behind the running one on their connection; then it is not read from. */
const pipelinedRequestsLimit = 16;

interface ConnectionState extends ClientConnection {
  isBusy: boolean;
  readonly waiting: (() => void)[];
  /** Set when what follows the request at hand can't be understood. */
  malformed: (() => void) | undefined;
}

export class HttpConnections {
  readonly #limits: HttpLimits;
  readonly #events: HttpEvents;
  readonly #backlog: number;
  readonly #servers: Server[] = [];
  readonly #states = new WeakMap<Socket, ConnectionState>();
  #nextId = 1;
  #isClosing = false;

  constructor(limits: HttpLimits, backlog: number, events: HttpEvents) {
    this.#limits = limits;
    this.#backlog = backlog;
    this.#events = events;
  }

  /** Starts to accept on an inherited descriptor. @throws where it can't be listened on */
  async listen(descriptor: number, address: BoundAddress): Promise<void> {
    const server = this.#createServer(address);
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ fd: descriptor, backlog: this.#backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  /** Accepts no more; resolves when the last connection has ended. Responses from now on close theirs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(
      this.#servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeIdleConnections();
          }),
      ),
    );
  }

  #createServer(address: BoundAddress): Server {
    const { requestLineBytesLimit, requestFieldsLimit, requestFieldBytesLimit } = this.#limits;
    const server = createServer({
      // Each field is checked against its own limit later; this bounds what is read before.
      maxHeaderSize:
        requestLineBytesLimit + (requestFieldsLimit === 0 ? 1000 : requestFieldsLimit + 1) * requestFieldBytesLimit,
      insecureHTTPParser: false,
      requireHostHeader: false,
      headersTimeout: Math.min(headerMsLimit, this.#limits.timeoutMs),
      // Bodies have a limit on silence, not on their whole time.
      requestTimeout: 0,
      keepAliveTimeout: this.#limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: checkingIntervalMs,
      noDelay: true,
    });
    server.maxHeadersCount = 0;
    server.timeout = 0;
    server.on('connection', (socket: Socket) => this.#opened(socket, address));
    server.on('request', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
    server.on('checkContinue', (incoming, outgoing) => this.#arrived(incoming, outgoing, true));
    server.on('checkExpectation', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
    server.on('clientError', (error, socket) => this.#malformed(error, socket as Socket));
    server.on('connect', (_, socket) => this.#answerMalformed(socket as Socket, 405, 'CONNECT is not served'));
    return server;
  }

  #opened(socket: Socket, address: BoundAddress): void {
    this.#states.set(socket, {
      id: this.#nextId++,
      remoteAddress: numeric(socket.remoteAddress),
      remotePort: socket.remotePort ?? 0,
      localAddress: numeric(socket.localAddress),
      localPort: socket.localPort ?? address.port,
      requests: 0,
      isBusy: false,
      waiting: [],
      malformed: undefined,
    });
  }

  #arrived(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void {
    const { socket } = incoming;
    const state = this.#states.get(socket);
    if (state === undefined) {
      socket.destroy();
      return;
    }
    const begin = (): void => {
      state.isBusy = true;
      state.requests += 1;
      const { keepAlive, maxKeepAliveRequests } = this.#limits;
      if (!keepAlive || this.#isClosing || (maxKeepAliveRequests > 0 && state.requests >= maxKeepAliveRequests)) {
        outgoing.shouldKeepAlive = false;
      }
      outgoing.once('close', () => this.#over(socket, state));
      this.#events.onRequest(incoming, outgoing, state, expectsContinue);
    };
    // Requests of one connection are run one after the other, in their order, as Apache does: a client may rely on the
    // effect of the first when it sends the second (RFC 9112 9.3.2).
    if (!state.isBusy) {
      begin();
      return;
    }
    state.waiting.push(begin);
    if (state.waiting.length >= pipelinedRequestsLimit) socket.pause();
  }

  #over(socket: Socket, state: ConnectionState): void {
    state.isBusy = false;
    if (socket.destroyed) {
      state.waiting.length = 0;
      return;
    }
    const next = state.waiting.shift();
    if (next !== undefined) {
      if (state.waiting.length < pipelinedRequestsLimit) socket.resume();
      next();
      return;
    }
    state.malformed?.();
  }

  #malformed(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, reason] = this.#classify(error);
    const state = this.#states.get(socket);
    if (state?.isBusy === true) {
      // The answers to the requests before it come first.
      socket.pause();
      state.malformed = () => this.#answerMalformed(socket, status, reason);
      return;
    }
    this.#answerMalformed(socket, status, reason);
  }

  #answerMalformed(socket: Socket, status: number, reason: string): void {
    const state = this.#states.get(socket);
    if (state === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(this.#events.onMalformed(status, reason, state));
    // Whoever keeps sending after that is not listened to.
    socket.destroySoon();
  }

  #classify(error: NodeJS.ErrnoException & { rawPacket?: Buffer }): [status: number, reason: string] {
    switch (error.code) {
      case 'HPE_HEADER_OVERFLOW': {
        const firstLineEnd = error.rawPacket?.indexOf(0x0a) ?? -1;
        const isLine = firstLineEnd === -1 || firstLineEnd > this.#limits.requestLineBytesLimit;
        return isLine ? [414, 'request line is too long'] : [400, 'request header is too long'];
      }
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return [408, 'request header did not arrive in time'];
      case 'HPE_INVALID_METHOD':
        return [501, 'unknown method'];
      default:
        return [400, `${error.code ?? 'malformed request'}: ${error.message}`];
    }
  }
}

/** IPv4 clients of a socket for both families appear as themselves. */
function numeric(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

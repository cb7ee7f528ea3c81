/**
 * node:http as Apache behaves: connections with their numbers and limits, one request after the other on each, and the
 * answers to what is not HTTP. Hands every request to `onRequest`; owns the servers of one http child.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { AcceptGate, type AcceptRules } from './accept-gate.js';
import type { BoundAddress } from './listening-sockets.js';
import type { ChildLoad } from './load-reporter.js';
import { allowedSeconds, type ReadPace } from './reqtimeout-directives.js';
import type { SecureConnection, TlsAcceptor } from './tls-acceptor.js';

/** One client connection. */
export interface ClientConnection {
  /** Unique in this http child. */
  readonly id: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  /** The address in the Listen line; undefined where it has none. */
  readonly listenerHost: string | undefined;
  /** Undefined without TLS. */
  readonly secure: SecureConnection | undefined;
  /** Requests begun on it so far, this one included. */
  requests: number;
  /** Set by whoever reads the body of the request at hand: the rest of it can't be understood and will never come. */
  /** `status`: of the answer, 400 where it is left out. */
  onBodyBroken: ((reason: string, status?: number) => void) | undefined;
  /** Set by whoever answers the request at hand, where its server has a pace of its own for bodies. */
  bodyPace: ReadPace | undefined;
  /** Set by whoever answers the request at hand, where its client may take nothing for another time than Timeout. */
  responseTimeoutMs: number | undefined;
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
    incoming: IncomingMessage,
    outgoing: ServerResponse,
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

/** How often node:http looks for headers and connections that are overdue. */
const checkingIntervalMs = 2_000;
/** Requests that may wait behind the running one on their connection; then it is not read from. */
const pipelinedRequestsLimit = 16;
const sweepMs = 1000;
/** After its last response a connection is read from until the client ends it, is silent this long, or sends this long. */
const lingerSilenceMs = 2_000;
const lingerMsLimit = 30_000;
const requestLineCharactersLogged = 8190;

interface PipelinedRequest {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly expectsContinue: boolean;
}

interface ConnectionState extends ClientConnection {
  readonly socket: Socket;
  /** The request at hand; the next one begins when its response is over. */
  current: PipelinedRequest | undefined;
  readonly waiting: PipelinedRequest[];
  /** The request whose head was read last. While it is not complete, what is read is its body. */
  newest: IncomingMessage | undefined;
  /** Set when what follows the request at hand can't be understood. */
  malformed: (() => void) | undefined;
  /** The response that the last sweep found written to its end and not taken by the client. */
  untaken: ServerResponse | undefined;
  /** What ends a connection whose client does not take the rest of its response; while it is set. */
  onTimeout: (() => void) | undefined;
  /** Milliseconds since all was sent that will be; undefined before. `lingerBytes`: had been read at the last sweep. */
  lingeredMs: number | undefined;
  silentMs: number;
  lingerBytes: number;
  /** What the client is sending, as the last sweep saw it: a header, the body of this request, or nothing. */
  sent: IncomingMessage | 'header' | undefined;
  /** Which request was the last one then, how much had come before it, and for how long it has been coming. */
  sentRequests: number;
  sentFromBytes: number;
  sentMs: number;
}

export class HttpConnections {
  readonly #limits: HttpLimits;
  readonly #events: HttpEvents;
  readonly #backlog: number;
  /** Undefined where no server speaks TLS. */
  readonly #gate: AcceptGate;
  readonly #tls: ConnectionTls | undefined;
  readonly #servers: Server[] = [];
  readonly #states = new Map<Socket, ConnectionState>();
  #nextId = 1;
  #requests = 0;
  #isClosing = false;
  #isDraining = false;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(limits: HttpLimits, backlog: number, events: HttpEvents, tls?: ConnectionTls) {
    this.#limits = limits;
    this.#backlog = backlog;
    this.#events = events;
    this.#tls = tls;
    this.#gate = new AcceptGate(limits.accept, backlog, {
      onChange: () => events.onLoad(),
      onWorn: () => events.onWorn(),
    });
  }

  get load(): ChildLoad {
    return { connections: this.#gate.connections, requests: this.#requests };
  }

  /** Starts to accept on an inherited descriptor. @throws where it can't be listened on */
  async listen(descriptor: number, address: BoundAddress): Promise<void> {
    const server = this.#createServer(address);
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
    this.#createServer(address, secure).emit('connection', socket);
  }

  /**
   * Accepts no more, and lets the connections end by themselves: the next response of each closes it, and where none
   * comes KeepAliveTimeout does. None is closed while its client may be sending: that client would have to guess whether
   * its request was run. What has come to the port and was not accepted is for the other processes that listen there.
   * Resolves when the last connection has ended.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    // Not http.Server's own close: that destroys idle connections and no longer looks for overdue headers.
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve())),
    );
    for (const { current, waiting } of this.#states.values()) {
      if (current !== undefined && waiting.length === 0) current.outgoing.shouldKeepAlive = false;
    }
    await Promise.all(closed);
    clearInterval(this.#sweeper);
  }

  /** Accepts no more; resolves when the last connection has ended. Responses from now on close theirs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.#tls?.close();
    // Not only those that node:http calls idle: a client that has sent half a header may never send the rest.
    for (const { socket, current, lingeredMs } of this.#states.values()) {
      if (current === undefined && lingeredMs === undefined) socket.destroy();
    }
    await Promise.all(closed);
    clearInterval(this.#sweeper);
  }

  /** `secure`: of all its connections, where TLS is done with them. */
  #createServer(address: BoundAddress, secure?: SecureConnection): Server {
    const { requestLineBytesLimit, requestFieldsLimit, requestFieldBytesLimit } = this.#limits;
    const server = createServer({
      // Each field is checked against its own limit later; this bounds what is read before.
      maxHeaderSize:
        requestLineBytesLimit + (requestFieldsLimit === 0 ? 1000 : requestFieldsLimit + 1) * requestFieldBytesLimit,
      insecureHTTPParser: false,
      requireHostHeader: false,
      headersTimeout: this.#limits.headerMsLimit,
      // Bodies have a limit on silence and one on their pace, see #sweep; not on their whole time.
      requestTimeout: 0,
      keepAliveTimeout: this.#limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: checkingIntervalMs,
      noDelay: true,
    });
    server.maxHeadersCount = 0;
    // A client may end its sending side and wait for the answer. One that has left looks the same until something is
    // written to it, as it does to Apache. The property is missing from @types/node.
    (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
    server.timeout = 0;
    if (secure === undefined && this.#tls?.serves(address.port) === true) {
      this.#acceptThrough(this.#tls, server, address);
    } else server.on('connection', (socket: Socket) => this.#opened(socket, address, secure));
    server.on('request', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
    server.on('checkContinue', (incoming, outgoing) => this.#arrived(incoming, outgoing, true));
    server.on('checkExpectation', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
    server.on('clientError', (error, socket) => this.#malformed(error, socket as Socket));
    server.on('connect', (incoming, socket) => {
      this.#refuse(socket as Socket, 405, 'CONNECT is not served', `CONNECT ${incoming.url} HTTP/1.1`);
    });
    return server;
  }

  /** The server's own listener gets connections when TLS is done with them. */
  #acceptThrough(tls: ConnectionTls, server: Server, address: BoundAddress): void {
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (accepted: Socket) => {
      tls.accept(accepted, numeric(accepted.localAddress), {
        ready: (socket, secure) => {
          for (const listener of listeners) listener.call(server, socket);
          this.#opened(socket, address, secure);
        },
        refused: (socket) => this.#refusePlain(socket, address),
      });
    });
  }

  /** Plain HTTP where TLS is spoken. It gets the answer that it can read, as from Apache. */
  #refusePlain(socket: Socket, address: BoundAddress): void {
    this.#opened(socket, address, undefined);
    this.#refuse(socket, 400, 'plain HTTP to a port where TLS is spoken', '');
  }

  #opened(socket: Socket, address: BoundAddress, secure: SecureConnection | undefined): void {
    const state: ConnectionState = {
      id: this.#nextId++,
      remoteAddress: numeric(socket.remoteAddress),
      remotePort: socket.remotePort ?? 0,
      localAddress: numeric(socket.localAddress),
      localPort: socket.localPort ?? address.port,
      listenerHost: address.host,
      secure,
      requests: 0,
      onBodyBroken: undefined,
      responseTimeoutMs: undefined,
      socket,
      current: undefined,
      waiting: [],
      newest: undefined,
      malformed: undefined,
      untaken: undefined,
      onTimeout: undefined,
      lingeredMs: undefined,
      silentMs: 0,
      lingerBytes: 0,
      bodyPace: undefined,
      sent: 'header',
      sentRequests: 0,
      sentFromBytes: 0,
      sentMs: 0,
    };
    this.#states.set(socket, state);
    socket.once('close', () => this.#states.delete(socket));
    // How node:http ends a connection. Destroying it while the client still sends would make the kernel answer with a
    // reset, which can cost the client the response (RFC 9112 section 9.6): it is read from for a while.
    socket.destroySoon = () => linger(state);
  }

  #arrived(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void {
    const { socket } = incoming;
    const state = this.#states.get(socket);
    if (state === undefined) {
      socket.destroy();
      return;
    }
    if (socket.writableEnded || state.malformed !== undefined) {
      incoming.resume(); // nothing can be answered any more: read, and thrown away
      return;
    }
    state.newest = incoming;
    const request: PipelinedRequest = { incoming, outgoing, expectsContinue };
    // Requests of one connection are run one after the other, in their order, as Apache does: a client may rely on the
    // effect of the first when it sends the second (RFC 9112 9.3.2).
    if (state.current === undefined) {
      this.#begin(state, request);
      return;
    }
    state.waiting.push(request);
    if (state.waiting.length >= pipelinedRequestsLimit) socket.pause();
  }

  #begin(state: ConnectionState, request: PipelinedRequest): void {
    const { incoming, outgoing, expectsContinue } = request;
    state.current = request;
    state.requests += 1;
    this.#requests += 1;
    this.#events.onLoad();
    state.responseTimeoutMs = undefined;
    state.bodyPace = undefined;
    if (state.onTimeout !== undefined) {
      state.socket.setTimeout(0, state.onTimeout);
      state.onTimeout = undefined;
    }
    const { keepAlive, maxKeepAliveRequests } = this.#limits;
    // Requests that were sent behind this one are answered before a drained connection ends.
    const isEnding = this.#isClosing || (this.#isDraining && state.waiting.length === 0);
    if (!keepAlive || isEnding || (maxKeepAliveRequests > 0 && state.requests >= maxKeepAliveRequests)) {
      outgoing.shouldKeepAlive = false;
    }
    outgoing.once('close', () => this.#over(state));
    this.#events.onRequest(incoming, outgoing, state, expectsContinue);
  }

  #over(state: ConnectionState): void {
    const { socket } = state;
    this.#requests -= 1;
    this.#events.onLoad();
    state.current = undefined;
    state.onBodyBroken = undefined;
    if (socket.destroyed || socket.writableEnded) {
      state.waiting.length = 0;
      return;
    }
    const next = state.waiting.shift();
    if (next !== undefined) {
      if (state.waiting.length < pipelinedRequestsLimit) socket.resume();
      this.#begin(state, next);
      return;
    }
    if (state.malformed !== undefined) state.malformed();
    // What was idle when the server began to close was ended then.
    else if (this.#isClosing) linger(state);
  }

  #malformed(error: ParserError, socket: Socket): void {
    const state = this.#states.get(socket);
    if (state === undefined || error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      socket.destroy();
      return;
    }
    // Each further packet is reported again.
    if (socket.writableEnded || state.malformed !== undefined) return;
    if (state.current === undefined && error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) {
      socket.destroy(); // it never said anything, nor does anybody answer it
      return;
    }
    const [status, reason] = this.#classify(error);
    const { current, newest } = state;
    if (current === undefined || newest === undefined || newest.complete) {
      this.#refuse(socket, status, reason, requestLineOf(error));
    } else if (newest === current.incoming) {
      this.#breakBody(state, error, reason);
    } else {
      // It waits for its turn: it gets no other answer than this.
      state.waiting.pop();
      this.#refuse(socket, status, reason, `${newest.method} ${newest.url} HTTP/${newest.httpVersion}`);
    }
  }

  /** The body of the request at hand ends in the midst of it, or its chunks can't be told apart. */
  #breakBody(state: ConnectionState, error: ParserError, reason: string): void {
    const { socket } = state;
    if (error.code === 'HPE_INVALID_EOF_STATE') {
      socket.destroy(); // the client left
      return;
    }
    state.malformed = () => linger(state);
    if (state.current !== undefined) state.current.outgoing.shouldKeepAlive = false;
    state.onBodyBroken?.(reason);
  }

  /** Answers with an error once the requests before have their answers, and ends the connection. */
  #refuse(socket: Socket, status: number, reason: string, requestLine: string): void {
    const state = this.#states.get(socket);
    if (state === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    state.malformed = () => {
      socket.write(this.#events.onMalformed(status, reason, requestLine, state));
      linger(state);
    };
    if (state.current === undefined) state.malformed();
  }

  #classify(error: ParserError): [status: number, reason: string] {
    switch (error.code) {
      case 'HPE_HEADER_OVERFLOW': {
        const firstLineEnd = error.rawPacket?.indexOf(0x0a) ?? -1;
        const isLine = firstLineEnd === -1 || firstLineEnd > this.#limits.requestLineBytesLimit;
        return isLine ? [414, 'request line is too long'] : [400, 'request header is too long'];
      }
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return [408, 'request header did not arrive in time'];
      case 'HPE_INVALID_METHOD': {
        const line = requestLineOf(error);
        return /^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/\d/.test(line) ? [501, 'unknown method'] : [400, 'not a request line'];
      }
      default:
        return [400, `${error.code ?? 'malformed request'}: ${error.message}`];
    }
  }

  /** Ends what comes too slowly (mod_reqtimeout). */
  #watchPace(state: ConnectionState): void {
    const { socket, newest, current } = state;
    const isBody = newest !== undefined && !newest.complete;
    const sent = isBody ? newest : current === undefined ? 'header' : undefined;
    if (sent !== state.sent || state.requests !== state.sentRequests) {
      state.sent = sent;
      state.sentRequests = state.requests;
      state.sentFromBytes = socket.bytesRead;
      state.sentMs = 0;
      return;
    }
    if (sent === undefined || state.malformed !== undefined) return;
    const bytes = socket.bytesRead - state.sentFromBytes;
    // Between two requests nothing is late: KeepAliveTimeout sees to that.
    if (sent === 'header' && state.requests > 0 && bytes === 0) return;
    // It is we who don't read.
    if (sent !== 'header' && sent.readableLength >= sent.readableHighWaterMark) return;
    state.sentMs += sweepMs;
    const pace = sent === 'header' ? this.#events.headerPaceOf(state) : (state.bodyPace ?? this.#limits.bodyPace);
    const seconds = allowedSeconds(pace, bytes);
    if (state.sentMs / 1000 <= seconds) return;
    if (sent === 'header') {
      this.#malformed({ name: '', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
      return;
    }
    state.malformed = () => linger(state);
    if (current === undefined) {
      linger(state);
      return;
    }
    current.outgoing.shouldKeepAlive = false;
    state.onBodyBroken?.(`request body came too slowly: ${bytes} bytes in ${seconds} s (RequestReadTimeout)`, 408);
  }

  /** What only time can tell: clients that don't take their response, and connections that were kept open to linger. */
  #sweep(): void {
    for (const state of this.#states.values()) {
      const { socket, current } = state;
      if (state.lingeredMs !== undefined) {
        const isSilent = socket.bytesRead === state.lingerBytes;
        state.lingeredMs += sweepMs;
        state.silentMs = isSilent ? state.silentMs + sweepMs : 0;
        state.lingerBytes = socket.bytesRead;
        const mayEnd = socket.writableFinished;
        if (mayEnd && (this.#isClosing || state.silentMs > lingerSilenceMs || state.lingeredMs > lingerMsLimit)) {
          socket.destroy();
        }
      }
      if (state.lingeredMs === undefined) this.#watchPace(state);
      // All is said, and the client has not taken it since the last sweep: Timeout is how long it may pause.
      const isUntaken = current?.outgoing.writableEnded === true || (socket.writableEnded && !socket.writableFinished);
      if (isUntaken && state.onTimeout === undefined && state.untaken === current?.outgoing) {
        const timeoutMs = state.responseTimeoutMs ?? this.#limits.timeoutMs;
        // Counts from the last byte that the client took, also where that was one of many in a write.
        state.onTimeout = () => {
          if (socket.writableLength > 0) this.#events.onStuck(state, timeoutMs / 1000);
          socket.destroy();
        };
        socket.setTimeout(timeoutMs, state.onTimeout);
      }
      state.untaken = isUntaken ? current?.outgoing : undefined;
    }
  }
}

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer; readonly bytesParsed?: number };

/** Sends what is left to send and then the end; the client's end, or a sweep, ends the connection. */
function linger(state: ConnectionState): void {
  const { socket } = state;
  if (state.lingeredMs !== undefined) return;
  state.lingeredMs = 0;
  state.lingerBytes = socket.bytesRead;
  socket.end();
  socket.resume();
}

/** The line of the refused request, as far as it lies in the packet at which the parser gave up; '' where it does not. */
function requestLineOf(error: ParserError): string {
  const { rawPacket, bytesParsed = 0 } = error;
  if (rawPacket === undefined) return '';
  const lineStart = rawPacket.lastIndexOf(0x0a, Math.max(0, bytesParsed - 1)) + 1;
  const lineEnd = rawPacket.indexOf(0x0a, lineStart);
  const before = rawPacket.toString('latin1', 0, lineEnd === -1 ? rawPacket.length : lineEnd);
  // It stands before the field that is wrong; where there is none, the line itself is what is wrong.
  const found = [...before.matchAll(/^\S+ .* HTTP\/\d\.\d(?=\r?$)/gm)].at(-1)?.[0];
  const isMethodWrong = error.code === 'HPE_INVALID_METHOD' || found === undefined;
  const line = isMethodWrong ? before.slice(lineStart) : found;
  return line.slice(0, requestLineCharactersLogged).replace(/\r$/, '');
}

/** IPv4 clients of a socket for both families appear as themselves. */
function numeric(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

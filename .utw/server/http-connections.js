/**
 * node:http as Apache behaves: connections with their numbers and limits, one request after the other on each, and the
 * answers to what is not HTTP. Hands every request to `onRequest`; owns the servers of one http child.
 */
import { createServer } from 'node:http';
/** A header may take this long to arrive (mod_reqtimeout's default upper bound). */
const headerMsLimit = 40_000;
/** How often node:http looks for headers and connections that are overdue. */
const checkingIntervalMs = 2_000;
/** Requests that may wait behind the running one on their connection; then it is not read from. */
const pipelinedRequestsLimit = 16;
const sweepMs = 1000;
/** After its last response a connection is read from until the client ends it, is silent this long, or sends this long. */
const lingerSilenceMs = 2_000;
const lingerMsLimit = 30_000;
const requestLineCharactersLogged = 8190;
export class HttpConnections {
    #limits;
    #events;
    #backlog;
    #servers = [];
    #states = new Map();
    #nextId = 1;
    #isClosing = false;
    #sweeper;
    constructor(limits, backlog, events) {
        this.#limits = limits;
        this.#backlog = backlog;
        this.#events = events;
    }
    /** Starts to accept on an inherited descriptor. @throws where it can't be listened on */
    async listen(descriptor, address) {
        const server = this.#createServer(address);
        this.#servers.push(server);
        this.#sweeper ??= setInterval(() => this.#sweep(), sweepMs).unref();
        await new Promise((resolve, reject) => {
            server.once('error', reject);
            server.listen({ fd: descriptor, backlog: this.#backlog }, () => {
                server.off('error', reject);
                resolve();
            });
        });
    }
    /** Accepts no more; resolves when the last connection has ended. Responses from now on close theirs. */
    async close() {
        this.#isClosing = true;
        const closed = this.#servers.map((server) => new Promise((resolve) => server.close(() => resolve())));
        // Not only those that node:http calls idle: a client that has sent half a header may never send the rest.
        for (const { socket, current, lingeredMs } of this.#states.values()) {
            if (current === undefined && lingeredMs === undefined)
                socket.destroy();
        }
        await Promise.all(closed);
        clearInterval(this.#sweeper);
    }
    #createServer(address) {
        const { requestLineBytesLimit, requestFieldsLimit, requestFieldBytesLimit } = this.#limits;
        const server = createServer({
            // Each field is checked against its own limit later; this bounds what is read before.
            maxHeaderSize: requestLineBytesLimit + (requestFieldsLimit === 0 ? 1000 : requestFieldsLimit + 1) * requestFieldBytesLimit,
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
        // A client may end its sending side and wait for the answer. One that has left looks the same until something is
        // written to it, as it does to Apache. The property is missing from @types/node.
        server.httpAllowHalfOpen = true;
        server.timeout = 0;
        server.on('connection', (socket) => this.#opened(socket, address));
        server.on('request', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
        server.on('checkContinue', (incoming, outgoing) => this.#arrived(incoming, outgoing, true));
        server.on('checkExpectation', (incoming, outgoing) => this.#arrived(incoming, outgoing, false));
        server.on('clientError', (error, socket) => this.#malformed(error, socket));
        server.on('connect', (incoming, socket) => {
            this.#refuse(socket, 405, 'CONNECT is not served', `CONNECT ${incoming.url} HTTP/1.1`);
        });
        return server;
    }
    #opened(socket, address) {
        const state = {
            id: this.#nextId++,
            remoteAddress: numeric(socket.remoteAddress),
            remotePort: socket.remotePort ?? 0,
            localAddress: numeric(socket.localAddress),
            localPort: socket.localPort ?? address.port,
            listenerHost: address.host,
            requests: 0,
            onBodyBroken: undefined,
            socket,
            current: undefined,
            waiting: [],
            newest: undefined,
            malformed: undefined,
            untaken: undefined,
            hasTimeout: false,
            lingeredMs: undefined,
            silentMs: 0,
            lingerBytes: 0,
        };
        this.#states.set(socket, state);
        socket.once('close', () => this.#states.delete(socket));
        // How node:http ends a connection. Destroying it while the client still sends would make the kernel answer with a
        // reset, which can cost the client the response (RFC 9112 section 9.6): it is read from for a while.
        socket.destroySoon = () => linger(state);
    }
    #arrived(incoming, outgoing, expectsContinue) {
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
        const request = { incoming, outgoing, expectsContinue };
        // Requests of one connection are run one after the other, in their order, as Apache does: a client may rely on the
        // effect of the first when it sends the second (RFC 9112 9.3.2).
        if (state.current === undefined) {
            this.#begin(state, request);
            return;
        }
        state.waiting.push(request);
        if (state.waiting.length >= pipelinedRequestsLimit)
            socket.pause();
    }
    #begin(state, request) {
        const { incoming, outgoing, expectsContinue } = request;
        state.current = request;
        state.requests += 1;
        if (state.hasTimeout) {
            state.hasTimeout = false;
            state.socket.setTimeout(0);
        }
        const { keepAlive, maxKeepAliveRequests } = this.#limits;
        if (!keepAlive || this.#isClosing || (maxKeepAliveRequests > 0 && state.requests >= maxKeepAliveRequests)) {
            outgoing.shouldKeepAlive = false;
        }
        outgoing.once('close', () => this.#over(state));
        this.#events.onRequest(incoming, outgoing, state, expectsContinue);
    }
    #over(state) {
        const { socket } = state;
        state.current = undefined;
        state.onBodyBroken = undefined;
        if (socket.destroyed || socket.writableEnded) {
            state.waiting.length = 0;
            return;
        }
        const next = state.waiting.shift();
        if (next !== undefined) {
            if (state.waiting.length < pipelinedRequestsLimit)
                socket.resume();
            this.#begin(state, next);
            return;
        }
        if (state.malformed !== undefined)
            state.malformed();
        // What was idle when the server began to close was ended then.
        else if (this.#isClosing)
            linger(state);
    }
    #malformed(error, socket) {
        const state = this.#states.get(socket);
        if (state === undefined || error.code === 'ECONNRESET' || error.code === 'EPIPE') {
            socket.destroy();
            return;
        }
        // Each further packet is reported again.
        if (socket.writableEnded || state.malformed !== undefined)
            return;
        if (state.current === undefined && error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) {
            socket.destroy(); // it never said anything, nor does anybody answer it
            return;
        }
        const [status, reason] = this.#classify(error);
        const { current, newest } = state;
        if (current === undefined || newest === undefined || newest.complete) {
            this.#refuse(socket, status, reason, requestLineOf(error));
        }
        else if (newest === current.incoming) {
            this.#breakBody(state, error, reason);
        }
        else {
            // It waits for its turn: it gets no other answer than this.
            state.waiting.pop();
            this.#refuse(socket, status, reason, `${newest.method} ${newest.url} HTTP/${newest.httpVersion}`);
        }
    }
    /** The body of the request at hand ends in the midst of it, or its chunks can't be told apart. */
    #breakBody(state, error, reason) {
        const { socket } = state;
        if (error.code === 'HPE_INVALID_EOF_STATE') {
            socket.destroy(); // the client left
            return;
        }
        state.malformed = () => linger(state);
        if (state.current !== undefined)
            state.current.outgoing.shouldKeepAlive = false;
        state.onBodyBroken?.(reason);
    }
    /** Answers with an error once the requests before have their answers, and ends the connection. */
    #refuse(socket, status, reason, requestLine) {
        const state = this.#states.get(socket);
        if (state === undefined || !socket.writable) {
            socket.destroy();
            return;
        }
        state.malformed = () => {
            socket.write(this.#events.onMalformed(status, reason, requestLine, state));
            linger(state);
        };
        if (state.current === undefined)
            state.malformed();
    }
    #classify(error) {
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
    /** What only time can tell: clients that don't take their response, and connections that were kept open to linger. */
    #sweep() {
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
            // All is said, and the client has not taken it since the last sweep: Timeout is how long it may pause.
            const isUntaken = current?.outgoing.writableEnded === true || (socket.writableEnded && !socket.writableFinished);
            if (isUntaken && !state.hasTimeout && state.untaken === current?.outgoing) {
                state.hasTimeout = true;
                socket.setTimeout(this.#limits.timeoutMs, () => socket.destroy());
            }
            state.untaken = isUntaken ? current?.outgoing : undefined;
        }
    }
}
/** Sends what is left to send and then the end; the client's end, or a sweep, ends the connection. */
function linger(state) {
    const { socket } = state;
    if (state.lingeredMs !== undefined)
        return;
    state.lingeredMs = 0;
    state.lingerBytes = socket.bytesRead;
    socket.end();
    socket.resume();
}
/** The line of the refused request, as far as it lies in the packet at which the parser gave up; '' where it does not. */
function requestLineOf(error) {
    const { rawPacket, bytesParsed = 0 } = error;
    if (rawPacket === undefined)
        return '';
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
function numeric(address) {
    if (address === undefined)
        return '';
    return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
//# sourceMappingURL=http-connections.js.map
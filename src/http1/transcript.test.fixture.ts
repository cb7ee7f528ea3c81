/** What a server makes of bytes that come on a connection: the same told of node:http and of HttpConnection. */

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { HttpConnection } from './http-connection.js';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly version: string;
  readonly rawHeaders: readonly string[];
  readonly headers: unknown;
  body: string;
  isComplete: boolean;
}

export interface Transcript {
  /** Requests whose body came to its end, too, but for the last one. */
  readonly requests: Received[];
  isRefused: boolean;
}

/** A connection in memory. */
export class MemorySocket extends Duplex {
  text = '';
  bytesRead = 0;
  constructor() {
    super({ allowHalfOpen: true });
  }
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('latin1');
    done();
  }
  setTimeout(): this {
    return this;
  }
  resetAndDestroy(): void {
    this.destroy();
  }
}

const headBytes = 16 * 1024;
const silence = (): void => {};

/** All pieces, and then the client's end. */
async function send(socket: MemorySocket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.push(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!socket.destroyed) socket.push(null);
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
}

export async function readByNode(pieces: readonly Buffer[]): Promise<Transcript> {
  const transcript: Transcript = { requests: [], isRefused: false };
  const server: Server = createServer({ requireHostHeader: false, maxHeaderSize: headBytes }, (incoming, outgoing) => {
    const { method = '', url = '', httpVersion: version, rawHeaders, headers } = incoming;
    const received: Received = { method, url, version, rawHeaders, headers, body: '', isComplete: false };
    transcript.requests.push(received);
    incoming.on('data', (block: Buffer) => {
      received.body += block.toString('latin1');
    });
    incoming.on('end', () => {
      received.isComplete = true;
      outgoing.end();
    });
    incoming.on('error', silence);
  });
  server.on('checkContinue', (incoming, outgoing) => {
    outgoing.writeContinue();
    server.emit('request', incoming, outgoing);
  });
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  server.on('connect', (_incoming, socket) => {
    transcript.isRefused = true;
    socket.destroy();
  });
  // Requests that came before are answered yet.
  server.on('clientError', () => {
    transcript.isRefused = true;
  });
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const socket = new MemorySocket();
  server.emit('connection', socket);
  await send(socket, pieces);
  server.closeAllConnections();
  return transcript;
}

export async function readByUs(pieces: readonly Buffer[]): Promise<Transcript> {
  const transcript: Transcript = { requests: [], isRefused: false };
  const socket = new MemorySocket();
  new HttpConnection(
    socket as unknown as Socket,
    { requestLineBytes: headBytes, headBytes, keepAliveTimeoutMs: 5000 },
    {
      onRequest: (request, response, expectsContinue) => {
        if (expectsContinue) response.writeContinue();
        const { method, url, httpVersion: version, rawHeaders, headers } = request;
        const received: Received = { method, url, version, rawHeaders, headers, body: '', isComplete: false };
        transcript.requests.push(received);
        request.on('data', (block) => {
          received.body += block.toString('latin1');
        });
        request.on('end', () => {
          received.isComplete = true;
          response.end();
        });
        request.resume();
      },
      onOver: silence,
      onBodyProblem: () => {
        transcript.isRefused = true;
      },
      onMalformed: () => {
        transcript.isRefused = true;
        return '';
      },
      onClosed: silence,
    },
  );
  await send(socket, pieces);
  return transcript;
}

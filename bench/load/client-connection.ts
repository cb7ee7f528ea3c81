/** A connection of the bench's own clients: opens when it has something to send, and again where the server closes it. */

import { connect, type Socket } from 'node:net';
import type { BenchRequest } from '../workloads.js';
import { type ReadResponse, ResponseReader } from './response-reader.js';

/** The bytes of a request, made once. */
export function encodeRequest({ path, bodyBytes, cookie }: BenchRequest): Buffer {
  const lines = [
    `${bodyBytes === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
    ...(bodyBytes === undefined ? [] : ['Content-Type: application/octet-stream', `Content-Length: ${bodyBytes}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.alloc(bodyBytes ?? 0, 'x')]);
}

export type Outcome = { readonly response: ReadResponse } | { readonly error: Error };

export class ClientConnection {
  readonly #port: number;
  readonly #keepsBody: boolean;
  #socket: Socket | undefined;
  #reader: ResponseReader;
  #onOutcome: ((outcome: Outcome) => void) | undefined;

  constructor(port: number, { keepsBody = false }: { keepsBody?: boolean } = {}) {
    this.#port = port;
    this.#keepsBody = keepsBody;
    this.#reader = new ResponseReader({ keepsBody });
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** One request at a time. */
  send(request: Buffer, onOutcome: (outcome: Outcome) => void): void {
    if (this.#onOutcome !== undefined) throw new Error('a request is on its way already');
    this.#onOutcome = onOutcome;
    (this.#socket ?? this.#open()).write(request);
  }

  request(request: Buffer): Promise<ReadResponse> {
    return new Promise((resolve, reject) => {
      this.send(request, (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.response)));
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    this.#reader = new ResponseReader({ keepsBody: this.#keepsBody });
    socket.on('data', (data) => this.#read(socket, () => this.#reader.push(data)));
    socket.on('end', () => {
      this.#read(socket, () => this.#reader.end());
      this.#lose(socket, new Error('the server closed the connection'));
    });
    socket.on('error', (error) => this.#lose(socket, error));
    socket.on('close', () => this.#lose(socket, new Error('the connection was closed')));
    return socket;
  }

  #read(socket: Socket, read: () => ReadResponse | undefined): void {
    if (this.#socket !== socket) return;
    let response: ReadResponse | undefined;
    try {
      response = read();
    } catch (error) {
      this.#lose(socket, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (response === undefined) return;
    if (!response.keepAlive) this.close();
    this.#settle({ response });
  }

  #lose(socket: Socket, error: Error): void {
    socket.destroy();
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#settle({ error });
  }

  #settle(outcome: Outcome): void {
    const onOutcome = this.#onOutcome;
    this.#onOutcome = undefined;
    onOutcome?.(outcome);
  }
}

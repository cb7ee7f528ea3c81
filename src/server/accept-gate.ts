/**
 * Counts the connections of an http child, and under prefork lets it accept one only when it has none: what comes
 * meanwhile stays in the queue of the kernel, where an idle http child finds it.
 *
 * Node.js has no public call that stops accepting without closing the listening socket, and a closed one could not be
 * opened again here. This uses the handle below net.Server: `readStart` and `readStop` take a listening socket out of the
 * loop's poll set, `listen` puts it back. libuv accepts one connection at each wake-up (since 1.45) and leaves out
 * sockets that were stopped in the same turn, so that one connection comes, also where several addresses have one.
 * Should a version of Node.js behave otherwise, more connections come in than one; they are served all the same. It is
 * confined to this file; docs/decisions/010-one-connection.md.
 */

import type { Server, Socket } from 'node:net';
import { ProcessError } from '../base/errors.js';

export interface AcceptRules {
  /** Undefined: any number. */
  readonly connectionsAtOnce: 1 | undefined;
  /** Connections in the whole life; 0 for any number. */
  readonly connectionsLimit: number;
}

export interface AcceptEvents {
  /** A connection came or went. */
  onChange(): void;
  /** `connectionsLimit` is reached; called once. Under prefork no more is accepted. */
  onWorn(): void;
}

interface ListeningHandle {
  readStart(): number;
  readStop(): number;
  listen(backlog: number): number;
}

export class AcceptGate {
  readonly #rules: AcceptRules;
  readonly #backlog: number;
  readonly #events: AcceptEvents;
  readonly #servers: Server[] = [];
  #connections = 0;
  #accepted = 0;
  #isShut = false;

  constructor(rules: AcceptRules, backlog: number, events: AcceptEvents) {
    this.#rules = rules;
    this.#backlog = backlog;
    this.#events = events;
  }

  /** Connections that there are, before and after their handshakes. */
  get connections(): number {
    return this.#connections;
  }

  /** To be called when the server listens. */
  add(server: Server): void {
    this.#servers.push(server);
    server.prependListener('connection', (socket: Socket) => this.#opened(socket));
    if (this.#isShut) pause(server);
  }

  #opened(socket: Socket): void {
    const { connectionsAtOnce, connectionsLimit } = this.#rules;
    this.#connections += 1;
    this.#accepted += 1;
    if (connectionsAtOnce !== undefined && !this.#isShut) {
      this.#isShut = true;
      for (const server of this.#servers) pause(server);
    }
    socket.once('close', () => this.#closed());
    this.#events.onChange();
    if (this.#accepted === connectionsLimit) this.#events.onWorn();
  }

  #closed(): void {
    this.#connections -= 1;
    const { connectionsLimit } = this.#rules;
    const isWorn = connectionsLimit > 0 && this.#accepted >= connectionsLimit;
    if (this.#isShut && this.#connections === 0 && !isWorn) {
      this.#isShut = false;
      for (const server of this.#servers) resume(server, this.#backlog);
    }
    this.#events.onChange();
  }
}

/** Undefined where the server has been closed. */
function handleOf(server: Server): ListeningHandle | undefined {
  return (server as unknown as { readonly _handle: ListeningHandle | null })._handle ?? undefined;
}

function pause(server: Server): void {
  const handle = handleOf(server);
  if (handle?.readStart() === 0) handle.readStop();
}

/** @throws ProcessError, which ends the process: another one accepts in its place */
function resume(server: Server, backlog: number): void {
  const error = handleOf(server)?.listen(backlog) ?? 0;
  if (error !== 0) throw new ProcessError(`can't listen again after a connection: error ${error}`);
}

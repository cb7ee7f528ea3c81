/**
 * The parent's control socket: one JSON line with a command in, one with the answer out. Only the user that the parent
 * runs as can connect (mode 0600 in the runtime folder); nothing that came from an HTTP client is read here.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';

/** By name: what to do, and the object to answer with. */
export type ControlCommands = Readonly<Record<string, () => object>>;

const idleMsLimit = 10_000;
const connectionsLimit = 16;

export class ControlSocket implements Disposable {
  readonly #commands: ControlCommands;
  readonly #server: Server;

  constructor(commands: ControlCommands) {
    this.#commands = commands;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.maxConnections = connectionsLimit;
    this.#server.unref();
  }

  /** @throws the system's error where the socket can't be made */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The socket is made within this call: it is never open to others, not even for a moment.
      const former = process.umask(0o177);
      try {
        this.#server.listen({ path }, () => {
          this.#server.off('error', reject);
          resolve();
        });
      } finally {
        process.umask(former);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#server.close();
  }

  #serve(socket: Socket): void {
    socket.setTimeout(idleMsLimit, () => socket.destroy());
    socket.on('error', () => {}); // whoever asked went away
    const decoder = new JsonLineDecoder((request) => {
      const name = String(request.command);
      const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
      socket.end(encodeJsonLine(command === undefined ? { error: `unknown command '${name}'` } : command()));
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch {
        socket.destroy(); // not one of our commands
      }
    });
  }
}

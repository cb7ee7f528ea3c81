/**
 * The parent's control socket: one JSON line with a command in, one with the answer out. A command that takes its time
 * may send lines `{"progress": text}` before the answer; a failure is answered `{"error": text}`. Only the user that the
 * parent runs as can connect (mode 0600 in the runtime folder); nothing that came from an HTTP client is read here.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { StillhouseError } from '../base/errors.js';
import { encodeJsonLine, JsonLineDecoder } from '../proc/json-lines.js';

/**
 * By name: what to do with a request, and the object to answer with. A StillhouseError that is thrown or rejected is
 * answered with its message. A command goes on when the one who sent it has gone.
 */
export type ControlCommands = Readonly<
  Record<string, (request: Record<string, unknown>, progress: (text: string) => void) => object | Promise<object>>
>;

/** What everyone is told whose command still runs when the server stops. */
export const serverStops = 'the server stops';

/** For the command to arrive, and for the answer to be taken; not for what lies between. */
const defaultIdleMsLimit = 10_000;
const connectionsLimit = 16;

export class ControlSocket implements Disposable {
  readonly #commands: ControlCommands;
  readonly #report: (message: string, error: unknown) => void;
  readonly #idleMsLimit: number;
  readonly #server: Server;
  /** Connections whose command has not been answered. */
  readonly #waiting = new Set<Socket>();

  /** @param report told of errors that no command should have; the client learns their message only */
  constructor(
    commands: ControlCommands,
    report: (message: string, error: unknown) => void = () => {},
    idleMsLimit = defaultIdleMsLimit,
  ) {
    this.#commands = commands;
    this.#report = report;
    this.#idleMsLimit = idleMsLimit;
    // Half-open: whoever shuts its writing side down behind the command (nc -N, socat) still gets the answer.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
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
    // A moment later: the command that stops the server is to have its own answer.
    setImmediate(() => {
      for (const socket of this.#waiting) this.#answer(socket, { error: serverStops });
    });
  }

  #serve(socket: Socket): void {
    // The process ends when its work has, not when a client has read.
    socket.unref();
    socket.setTimeout(this.#idleMsLimit, () => socket.destroy());
    socket.on('error', () => {}); // whoever asked went away
    let hasRequest = false;
    const decoder = new JsonLineDecoder((request) => {
      if (hasRequest) return; // one command for each connection
      hasRequest = true;
      socket.setTimeout(0);
      this.#waiting.add(socket);
      void this.#run(socket, request);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch {
        socket.destroy(); // not one of our commands
      }
    });
    socket.on('end', () => {
      if (!hasRequest) socket.destroy();
    });
    socket.on('close', () => this.#waiting.delete(socket));
  }

  async #run(socket: Socket, request: Record<string, unknown>): Promise<void> {
    const name = String(request.command);
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (command === undefined) {
      this.#answer(socket, { error: `unknown command '${name}'` });
      return;
    }
    const progress = (text: string): void => {
      if (this.#waiting.has(socket)) socket.write(encodeJsonLine({ progress: text }));
    };
    try {
      this.#answer(socket, await command(request, progress));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (error instanceof StillhouseError) {
        this.#answer(socket, { error: text });
        return;
      }
      this.#report(`the control command '${name}' failed: ${text}`, error);
      this.#answer(socket, { error: `the command failed, see the error log: ${text}` });
    }
  }

  /** The one final line. */
  #answer(socket: Socket, answer: object): void {
    if (!this.#waiting.delete(socket)) return; // it has gone, or was told that the server stops
    socket.setTimeout(this.#idleMsLimit);
    socket.end(encodeJsonLine(answer));
  }
}

/** Holds connections open that have been used once, as browsers do. */

import type { BenchRequest } from '../workloads.js';
import { ClientConnection, encodeRequest } from './client-connection.js';

/** So many requests on their way while the connections are opened: no server's backlog overflows. */
const atOnce = 64;

export class IdleConnections {
  readonly #connections: readonly ClientConnection[];

  private constructor(connections: readonly ClientConnection[]) {
    this.#connections = connections;
  }

  /** @throws Error where one of them could not be had */
  static async open(port: number, request: BenchRequest, count: number): Promise<IdleConnections> {
    const bytes = encodeRequest(request);
    const connections = Array.from({ length: count }, () => new ClientConnection(port));
    let next = 0;
    const run = async (): Promise<void> => {
      for (;;) {
        const connection = connections[next];
        next += 1;
        if (connection === undefined) return;
        await connection.request(bytes);
      }
    };
    const idle = new IdleConnections(connections);
    try {
      await Promise.all(Array.from({ length: atOnce }, run));
    } catch (error) {
      idle.close();
      throw error;
    }
    return idle;
  }

  /** How many the server has not closed. */
  get openCount(): number {
    return this.#connections.filter((connection) => connection.isOpen).length;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

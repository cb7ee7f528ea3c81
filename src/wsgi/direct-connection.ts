/** A connection to the main interpreter of this process, which runs what has proved to be fast by being called. */

import type { DaemonAddress } from './daemon-connection.js';
import { DirectChannel } from './direct-channel.js';
import type { DirectCalls } from './embedded-calls.js';
import type { GroupConnection } from './process-link.js';

export class DirectConnection implements GroupConnection {
  readonly channel: DirectChannel;
  readonly #connection: GroupConnection;

  constructor(connection: GroupConnection, calls: DirectCalls, onFreed: () => void) {
    this.#connection = connection;
    this.channel = new DirectChannel({
      channel: connection.channel,
      calls,
      nowMs: () => performance.now(),
      schedule: (run) => process.nextTick(run),
      onFreed,
    });
  }

  get address(): DaemonAddress {
    return this.#connection.address;
  }

  get number(): number {
    return this.#connection.number;
  }

  get isUsable(): boolean {
    return this.#connection.isUsable;
  }

  readScoreboard(): ReturnType<GroupConnection['readScoreboard']> {
    return this.#connection.readScoreboard();
  }

  destroy(reason: string): void {
    this.#connection.destroy(reason);
  }
}

/**
 * A daemon process group as one http child sees it: the connections to its processes, the requests that wait, and
 * which process gets which request. The parent tells it which processes there are.
 *
 * A request goes to the process with the fewest open requests, and no process is given more than it has request
 * threads: what waits, waits here, where every process that becomes free can take it.
 */

import type { Clock } from '../base/clock.js';
import type { ChannelExchange } from '../wire/channel-client.js';
import { type DaemonAddress, DaemonConnection, type DaemonConnectionEvents } from './daemon-connection.js';

/** What the group needs of a connection; tests have one without a socket. */
export type GroupConnection = Pick<DaemonConnection, 'address' | 'channel' | 'isUsable' | 'destroy'>;

/** One request that wants a process of the group. */
export interface GroupRequest {
  /** Sends the request over this connection; called again with another one if it comes back unstarted. */
  send(connection: GroupConnection): void;
  /** It can't be served: 503 or 504 with the reason. */
  fail(status: number, reason: string): void;
}

export interface ProcessGroupLimits {
  readonly threads: number;
  /** How long a request waits for a process to be there at all (connect-timeout). */
  readonly connectTimeoutMs: number;
  /** How long a request may wait for a free thread (queue-timeout); 0: no limit but its own. */
  readonly queueTimeoutMs: number;
  /** Requests that may wait in this http child. */
  readonly queueRequestsLimit: number;
}

export type ProcessGroupReport = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

interface Waiting {
  readonly request: GroupRequest;
  readonly sinceMs: number;
  /** It came back from a process unstarted. */
  readonly isReturned: boolean;
}

/** A failed connection is tried again after this long: the parent may not know yet that the process is gone. */
const reconnectDelayMs = 250;

export class ProcessGroup {
  readonly name: string;
  readonly #limits: ProcessGroupLimits;
  readonly #clock: Clock;
  readonly #report: ProcessGroupReport;
  readonly #connect: (address: DaemonAddress, events: DaemonConnectionEvents) => GroupConnection;
  readonly #connections = new Map<number, GroupConnection>();
  #announced = new Map<number, DaemonAddress>();
  /** In order of arrival. What came back unstarted stands in front, again in its order. */
  readonly #queue: Waiting[] = [];
  /** When a process was last seen that takes requests. */
  #lastUsableMs: number;
  #isClosed = false;

  constructor(options: {
    readonly name: string;
    readonly limits: ProcessGroupLimits;
    readonly clock: Clock;
    /** Names this http child's connections in the scoreboards. */
    readonly connectionNumber: number;
    readonly report: ProcessGroupReport;
    /** Opens a connection; a socket where it is not given. */
    readonly connect?: (address: DaemonAddress, events: DaemonConnectionEvents) => GroupConnection;
  }) {
    this.name = options.name;
    this.#limits = options.limits;
    this.#clock = options.clock;
    this.#report = options.report;
    this.#connect =
      options.connect ?? ((address, events) => new DaemonConnection(address, options.connectionNumber, events));
    this.#lastUsableMs = options.clock.monotonicMs();
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get openRequests(): number {
    let sum = 0;
    for (const connection of this.#connections.values()) sum += connection.channel.openRequests;
    return sum;
  }

  /** These processes there are now; connections to others end when their requests have. */
  setProcesses(addresses: readonly DaemonAddress[]): void {
    this.#announced = new Map(addresses.map((address) => [address.id, address]));
    for (const address of addresses) {
      if (!this.#connections.has(address.id)) this.#open(address);
    }
  }

  /** Gives the request to a process, now or as soon as one is free. */
  submit(request: GroupRequest): void {
    const connection = this.#queue.length === 0 ? this.#findFree() : undefined;
    if (connection !== undefined) {
      request.send(connection);
      return;
    }
    if (this.#queue.length >= this.#limits.queueRequestsLimit) {
      request.fail(503, `${this.#queue.length} requests wait already for daemon process group '${this.name}'`);
      return;
    }
    this.#queue.push({ request, sinceMs: this.#clock.monotonicMs(), isReturned: false });
  }

  /** It came back unstarted: first in line for another process, behind what came back before it. */
  resubmit(request: GroupRequest): void {
    const others = this.#queue.findIndex((waiting) => !waiting.isReturned);
    const waiting = { request, sinceMs: this.#clock.monotonicMs(), isReturned: true };
    this.#queue.splice(others === -1 ? this.#queue.length : others, 0, waiting);
    this.dispatch();
  }

  /** The client left while its request waited. */
  withdraw(request: GroupRequest): void {
    const index = this.#queue.findIndex((waiting) => waiting.request === request);
    if (index !== -1) this.#queue.splice(index, 1);
  }

  /** A request ended: somebody else may go. */
  dispatch(): void {
    while (this.#queue.length > 0) {
      const connection = this.#findFree();
      if (connection === undefined) return;
      this.#queue.shift()?.request.send(connection);
    }
  }

  /** Fails what has waited too long. Called once a second. */
  sweep(): void {
    for (const connection of this.#connections.values()) {
      const { channel } = connection;
      if (channel.isUsedUp && channel.openRequests === 0) connection.destroy('all request ids are used up');
    }
    const nowMs = this.#clock.monotonicMs();
    const { connectTimeoutMs, queueTimeoutMs } = this.#limits;
    const isThere = this.#hasUsable();
    if (isThere) this.#lastUsableMs = nowMs;
    const limitMs = isThere ? queueTimeoutMs : connectTimeoutMs;
    if (limitMs === 0) return;
    // Waiting for a thread is not yet waiting for a process: connect-timeout runs from when the last one was gone.
    const fromMs = (waiting: Waiting): number =>
      isThere ? waiting.sinceMs : Math.max(waiting.sinceMs, this.#lastUsableMs);
    const overdue = this.#queue.filter((waiting) => nowMs - fromMs(waiting) >= limitMs);
    for (const waiting of overdue) {
      this.withdraw(waiting.request);
      if (isThere) {
        waiting.request.fail(504, `Queue timeout expired for WSGI daemon process '${this.name}'.`);
      } else {
        waiting.request.fail(503, `Unable to connect to WSGI daemon process '${this.name}': no process of it runs.`);
      }
    }
  }

  /** No more requests: fails those that wait and ends the connections. */
  close(): void {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.request.fail(503, 'the server stops');
    for (const connection of this.#connections.values()) connection.destroy('the server stops');
  }

  #hasUsable(): boolean {
    for (const connection of this.#connections.values()) if (connection.isUsable) return true;
    return false;
  }

  #findFree(): GroupConnection | undefined {
    let best: GroupConnection | undefined;
    let fewest = this.#limits.threads;
    for (const connection of this.#connections.values()) {
      const open = connection.channel.openRequests;
      if (open < fewest && connection.isUsable) {
        best = connection;
        fewest = open;
      }
    }
    return best;
  }

  #open(address: DaemonAddress): void {
    const connection = this.#connect(address, {
      opened: () => this.dispatch(),
      freed: () => this.dispatch(),
      closed: (unstarted, started, reason) => this.#closed(connection, unstarted, started, reason),
    });
    this.#connections.set(address.id, connection);
  }

  #closed(
    connection: GroupConnection,
    unstarted: readonly ChannelExchange[],
    started: readonly ChannelExchange[],
    reason: string,
  ): void {
    const { address } = connection;
    this.#connections.delete(address.id);
    const lost = `daemon process '${this.name}' (pid=${address.pid})`;
    if (started.length > 0) this.#report('error', `${lost} ended while it ran ${started.length} requests: ${reason}`);
    if (unstarted.length > 0) this.#report('info', `${lost}: ${unstarted.length} requests had not started, moved on`);
    for (const exchange of started) exchange.onLost();
    for (const exchange of unstarted) exchange.onRevoked();
    if (this.#isClosed) return;
    this.#clock.after(reconnectDelayMs, () => {
      // Only if the parent still says that it runs; usually it has announced another one by now.
      const current = this.#announced.get(address.id);
      if (!this.#isClosed && current !== undefined && !this.#connections.has(address.id)) this.#open(current);
    });
    this.dispatch();
  }
}

/**
 * An http child's connection to one application group of one daemon process: the socket under a ChannelClient, and the scoreboard that tells,
 * should the process die, which of the requests it held had started.
 *
 *   connecting ──connected──▶ open ──goodbye──▶ leaving ──closed──▶ gone
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { ChannelClient, type ChannelExchange } from '../wire/channel-client.js';
import { decodeScoreboard, type ScoreboardContent } from '../wire/scoreboard-reader.js';
import { reusedReads } from './read-buffer.js';

/** How the parent announces a daemon process to the http children. */
export interface DaemonAddress {
  /** Unique over the parent's life. */
  readonly id: number;
  readonly pid: number;
  /** Of its group: a process that is started to replace another for new code or settings has a higher one. */
  readonly generation: number;
  readonly socket: string;
  readonly scoreboard: string;
}

export interface DaemonConnectionEvents {
  opened(): void;
  /** A request whose client had left is over: the process has room for another. */
  freed(): void;
  /** A response is complete, for which a request thread of the process took so long. */
  served(tookMs: number): void;
  /** What came from the process is not what the protocol has: the connection is given up. */
  broken(reason: string): void;
  /**
   * The connection is gone. `unstarted` may be given to another process; `started` ran, or may have run, in this one.
   */
  closed(unstarted: readonly ChannelExchange[], started: readonly ChannelExchange[], reason: string): void;
}

export class DaemonConnection {
  readonly address: DaemonAddress;
  /** Names it in the scoreboard of the process. */
  readonly number: number;
  readonly channel: ChannelClient;
  readonly #events: DaemonConnectionEvents;
  readonly #socket: Socket;
  #scoreboardDescriptor: number | undefined;
  #isOpen = false;
  #wasOpen = false;
  #closedByUs = false;
  #closeReason = '';

  constructor(address: DaemonAddress, number: number, events: DaemonConnectionEvents, applicationGroup = '') {
    this.address = address;
    this.number = number;
    this.#events = events;
    this.#socket = connect({ path: address.socket, onread: reusedReads((bytes) => this.#receive(bytes)) });
    this.channel = new ChannelClient({
      connectionNumber: number,
      applicationGroup,
      write: (bytes) => {
        this.#socket.write(bytes);
        return this.#socket.writableLength === 0;
      },
      schedule: setImmediate,
      onFreed: () => events.freed(),
      onServed: (tookMs) => events.served(tookMs),
    });
    this.#socket.once('connect', () => this.#opened());
    this.#socket.on('error', (error) => {
      this.#closeReason ||= error.message;
    });
    this.#socket.once('close', () => this.#closed());
  }

  /** Requests may be sent. */
  get isUsable(): boolean {
    return this.#isOpen && this.channel.hasRoom;
  }

  /** What the request threads of the process are doing; undefined where that can't be read. */
  readScoreboard(): ScoreboardContent | undefined {
    if (this.#scoreboardDescriptor === undefined) return undefined;
    try {
      const bytes = Buffer.alloc(fstatSync(this.#scoreboardDescriptor).size);
      readSync(this.#scoreboardDescriptor, bytes, 0, bytes.length, 0);
      return decodeScoreboard(bytes);
    } catch {
      return undefined; // the process is being set up, or another has overwritten it: who asks does without
    }
  }

  /** Ends the connection; what was open is reported by `closed`. */
  destroy(reason: string): void {
    this.#closeReason ||= reason;
    this.#closedByUs = true;
    this.#socket.destroy();
  }

  #opened(): void {
    try {
      // Held open: the parent removes the file when the process is gone, which is just when it is needed.
      this.#scoreboardDescriptor = openSync(this.address.scoreboard, 'r');
    } catch (error) {
      this.destroy(`scoreboard can't be opened: ${String(error)}`);
      return;
    }
    this.#isOpen = true;
    this.#wasOpen = true;
    this.#events.opened();
  }

  /** @returns whether the memory of `chunk` may be used anew */
  #receive(chunk: Buffer): boolean {
    let isFree = true;
    try {
      isFree = this.channel.receive(chunk);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#events.broken(reason);
      this.destroy(reason);
      return false;
    }
    // It waits for us to close: then nothing of either side is cut off.
    if (this.channel.isLeaving && this.channel.openRequests === 0) this.#socket.end();
    return isFree;
  }

  #closed(): void {
    this.#isOpen = false;
    const open = this.channel.abandon();
    const highestStarted = this.#readHighestStarted();
    const unstarted: ChannelExchange[] = [];
    const started: ChannelExchange[] = [];
    for (const [id, exchange] of open) (id <= highestStarted ? started : unstarted).push(exchange);
    if (this.#scoreboardDescriptor !== undefined) closeSync(this.#scoreboardDescriptor);
    this.#scoreboardDescriptor = undefined;
    this.#events.closed(unstarted, started, this.#closeReason || 'closed by the daemon process');
  }

  /** Where it can't be known every request counts as started, since none may run twice. */
  #readHighestStarted(): number {
    if (!this.#wasOpen) return 0;
    // What we left unread may hold an answer.
    if (this.#closedByUs) return Number.POSITIVE_INFINITY;
    const content = this.readScoreboard();
    // Without an entry the process has not even read who connects.
    return content === undefined ? Number.POSITIVE_INFINITY : (content.highestStarted.get(this.number) ?? 0);
  }
}

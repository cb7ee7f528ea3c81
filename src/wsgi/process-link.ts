/**
 * One daemon process as its group in an http child sees it: a connection to its main interpreter, which is there for as
 * long as the process is, and one to each further application group that requests were for, opened for the first of them.
 * A request may be sent before that connection is open: the interpreter is made when it arrives.
 */

import type { ChannelClient, ChannelExchange, RequestFrameFacts } from '../wire/channel-client.js';
import type { ScoreboardContent } from '../wire/scoreboard-reader.js';
import type { DaemonAddress, DaemonConnection, DaemonConnectionEvents } from './daemon-connection.js';
import type { DirectFacts } from './direct-channel.js';
import { PipelineDepth } from './pipeline-depth.js';

/** A request, as a channel sees it. */
export interface GroupExchange extends ChannelExchange {
  /** Where it may be run by a call that the event loop waits for; asked for once at each sending. */
  readonly direct?: DirectFacts | undefined;
}

/** What a group and its requests need of a channel. */
export interface GroupChannel
  extends Pick<
    ChannelClient,
    | 'openRequests'
    | 'hasRoom'
    | 'isUsedUp'
    | 'nextId'
    | 'oldestId'
    | 'credit'
    | 'data'
    | 'taken'
    | 'abort'
    | 'revoke'
    | 'unstarted'
  > {
  request(frame: Buffer, facts: RequestFrameFacts, exchange: GroupExchange): number;
}

/** What a group needs of a connection; tests have one without a socket. */
export interface GroupConnection
  extends Pick<DaemonConnection, 'address' | 'number' | 'isUsable' | 'readScoreboard' | 'destroy'> {
  readonly channel: GroupChannel;
}

export type Connect = (
  address: DaemonAddress,
  events: DaemonConnectionEvents,
  applicationGroup: string,
) => GroupConnection;

export interface ProcessLinkEvents {
  /** There may be room for another request. */
  freed(): void;
  /** As DaemonConnectionEvents. */
  broken(reason: string): void;
  /** As DaemonConnectionEvents; `applicationGroup` is '' for the one that the process stands and falls with. */
  closed(
    applicationGroup: string,
    unstarted: readonly ChannelExchange[],
    started: readonly ChannelExchange[],
    reason: string,
  ): void;
}

/** The application group of the main interpreter. */
export const mainGroup = '';

export class ProcessLink {
  readonly address: DaemonAddress;
  readonly #connect: Connect;
  readonly #events: ProcessLinkEvents;
  /** By application group. */
  readonly #connections = new Map<string, GroupConnection>();
  /** Application groups whose connection has broken a moment ago. */
  readonly #blocked = new Set<string>();
  readonly pipeline: PipelineDepth;
  /** Requests wait in it: see waiting-rescue.ts. */
  isCrowded = false;

  /** `threads`: request threads of the process. */
  constructor(address: DaemonAddress, threads: number, connect: Connect, events: ProcessLinkEvents) {
    this.address = address;
    this.#connect = connect;
    this.#events = events;
    this.pipeline = new PipelineDepth(threads);
  }

  get connections(): Iterable<GroupConnection> {
    return this.#connections.values();
  }

  get isConnected(): boolean {
    return this.#connections.size > 0;
  }

  get hasMain(): boolean {
    return this.#connections.has(mainGroup);
  }

  /** The process takes requests. */
  get isUsable(): boolean {
    return this.#connections.get(mainGroup)?.isUsable ?? false;
  }

  /** Of all application groups: the process's request threads are for all of them. */
  get openRequests(): number {
    let sum = 0;
    for (const { channel } of this.#connections.values()) sum += channel.openRequests;
    return sum;
  }

  /** What the request threads of the process are doing; undefined where that can't be read. */
  readScoreboard(): ScoreboardContent | undefined {
    return this.#connections.get(mainGroup)?.readScoreboard();
  }

  openMain(): void {
    this.#open(mainGroup);
  }

  /** Whether a request for this application group could be sent now, in a process that takes requests. */
  takes(applicationGroup: string): boolean {
    if (this.#blocked.has(applicationGroup)) return false;
    // One that is leaving ends by itself, and is opened anew.
    return this.#connections.get(applicationGroup)?.channel.hasRoom ?? true;
  }

  /** The connection for an application group that it `takes`. */
  connectionFor(applicationGroup: string): GroupConnection {
    return this.#connections.get(applicationGroup) ?? this.#open(applicationGroup);
  }

  /** Until `unblock` nothing is sent to this application group. */
  block(applicationGroup: string): void {
    this.#blocked.add(applicationGroup);
  }

  unblock(applicationGroup: string): void {
    this.#blocked.delete(applicationGroup);
  }

  destroy(reason: string): void {
    for (const connection of this.#connections.values()) connection.destroy(reason);
  }

  #open(applicationGroup: string): GroupConnection {
    const connection = this.#connect(
      this.address,
      {
        opened: () => this.#events.freed(),
        freed: () => this.#events.freed(),
        served: (tookMs) => this.pipeline.add(tookMs),
        broken: (reason) => this.#events.broken(reason),
        closed: (unstarted, started, reason) => {
          this.#connections.delete(applicationGroup);
          this.#events.closed(applicationGroup, unstarted, started, reason);
        },
      },
      applicationGroup,
    );
    this.#connections.set(applicationGroup, connection);
    return connection;
  }
}

/**
 * A daemon process group as one http child sees it: its processes, the requests that wait, and which process gets which
 * request. The parent tells it which processes there are.
 *
 * A request goes to a process that has a free request thread, of those to one of the newest generation, of those to the one
 * with the fewest open requests. Where none is free it waits here, where every process that becomes free can take it; but
 * a fast process is given more than it has threads for (pipeline-depth.ts), which come back where another one becomes free
 * and they have not started (waiting-rescue.ts). All application groups of a process share its request threads, and so its
 * room.
 *
 * A request whose script has changed is held: it goes to a process that is started after it came back, as soon as there
 * is one, and as any other if there is none in good time or its new code can't be loaded.
 */

import type { Clock } from '../base/clock.js';
import type { ChannelExchange } from '../wire/channel-client.js';
import { type DaemonAddress, DaemonConnection } from './daemon-connection.js';
import { DirectConnection } from './direct-connection.js';
import type { DirectCalls } from './embedded-calls.js';
import { type Connect, type GroupConnection, mainGroup, ProcessLink } from './process-link.js';
import type { ResponseBudget } from './response-credit.js';
import { countWaiting, describeGroup, describeRunning, formatSeconds } from './running-requests.js';
import { SaturationWatch } from './saturation-watch.js';
import { WaitingRescue } from './waiting-rescue.js';

export type { GroupConnection } from './process-link.js';

/** One request that wants a process of the group. */
export interface GroupRequest {
  /** Names it in the log. */
  readonly description: string;
  /** In which interpreter of the process it is to run, a byte string; '' is the main one. */
  readonly applicationGroup: string;
  /** When it first asked for a process; set by the group. */
  submittedMs: number;
  /** Sends the request over this connection; called again with another one if it comes back unstarted. */
  send(connection: GroupConnection): void;
  /** It can't be served: 503 or 504 with the reason. */
  fail(status: number, reason: string): void;
}

export interface ProcessGroupLimits {
  readonly threads: number;
  /**
   * How many requests a process is given at once, where that is more than `threads`: for a group of one process, where
   * nobody else could take what waits. Undefined: `threads`.
   */
  readonly openRequests?: number;
  /** How long a request waits for a process to be there at all (connect-timeout). */
  readonly connectTimeoutMs: number;
  /** How long a request may wait for a free thread (queue-timeout); 0: no limit but its own. */
  readonly queueTimeoutMs: number;
  /** Requests that may wait in this http child. */
  readonly queueRequestsLimit: number;
  /** How much of a response may be kept for its client (response-buffer-size); 0: the default. */
  readonly responseBufferBytes: number;
  /** How long a client may take nothing of its response (response-socket-timeout); 0: Timeout. */
  readonly responseTimeoutSeconds: number;
}

export type ProcessGroupReport = (level: 'debug' | 'info' | 'notice' | 'warn' | 'error', message: string) => void;

interface Waiting {
  readonly request: GroupRequest;
  /** It came back from a process unstarted. */
  readonly isReturned: boolean;
}

/** A request that waits for a process that is not there yet. */
interface Held {
  readonly request: GroupRequest;
  readonly sinceMs: number;
  /** Its process is of a later generation than this: that of the process that gave it back. */
  readonly aboveGeneration: number;
}

/** The first request that a process has been sent and has not started, and when that was seen first. */
interface Unstarted {
  readonly id: number;
  readonly sinceMs: number;
}

/** Python stacks of what keeps the threads busy are long: no more often than this. */
const stacksIntervalMs = 60_000;
/** A request is held this long while no process is there that was started after it came back. */
const heldMsLimit = 5_000;

const serverStops = 'the server stops';
/** A failed connection is tried again after this long: the parent may not know yet that the process is gone. */
const reconnectDelayMs = 250;
/** A connection number is the http child's own, with what tells its connections to one process apart above these bits. */
const childNumberBits = 20;
const connectionSerialLimit = 4095;

export class ProcessGroup {
  readonly name: string;
  readonly limits: ProcessGroupLimits;
  /** Of all groups of this http child. */
  readonly responseBudget: ResponseBudget;
  readonly #clock: Clock;
  readonly #report: ProcessGroupReport;
  readonly #connect: Connect;
  /** By process. */
  readonly #links = new Map<number, ProcessLink>();
  #announced = new Map<number, DaemonAddress>();
  /** In order of arrival. What came back unstarted stands in front, again in its order. */
  readonly #queue: Waiting[] = [];
  /** In the order in which they came back. */
  readonly #held: Held[] = [];
  readonly #unstarted = new Map<GroupConnection, Unstarted>();
  readonly #saturation: SaturationWatch;
  readonly #rescue: WaitingRescue;
  readonly #onStuck: () => void;
  #askedForStacksMs = Number.NEGATIVE_INFINITY;
  readonly #childNumber: number;
  #connectionSerial = 0;
  /** When a process was last seen that takes requests. */
  #lastUsableMs: number;
  /** When last a sweep found no such process. */
  #lastAbsentMs: number;
  #isClosed = false;
  /** No process will be there any more for what waits. */
  #refusesToWait = false;

  constructor(options: {
    readonly name: string;
    readonly limits: ProcessGroupLimits;
    readonly clock: Clock;
    readonly responseBudget: ResponseBudget;
    /** Names this http child's connections in the scoreboards. */
    readonly connectionNumber: number;
    readonly report: ProcessGroupReport;
    /** Requests wait for too long: the processes are to write to the log where the others are. Called once a minute at most. */
    readonly onStuck?: () => void;
    /** Opens a connection; a socket where it is not given. */
    readonly connect?: Connect;
    /** Asked at each connection to a main interpreter: how it is called, where it is in this process and may be. */
    readonly findCalls?: () => DirectCalls | undefined;
  }) {
    this.name = options.name;
    this.limits = options.limits;
    this.responseBudget = options.responseBudget;
    this.#clock = options.clock;
    this.#childNumber = options.connectionNumber;
    this.#onStuck = options.onStuck ?? (() => {});
    this.#saturation = new SaturationWatch(options.name, options.report, () => this.#askForStacks());
    this.#rescue = new WaitingRescue(options.clock, this.#links, (link) => {
      return this.#takesRequests(link) ? Math.max(this.limits.threads - link.openRequests, 0) : 0;
    });
    this.#report = options.report;
    this.#connect =
      options.connect ??
      ((address, events, applicationGroup) => {
        const connection = new DaemonConnection(address, this.#makeNumber(applicationGroup), events, applicationGroup);
        const calls = applicationGroup === mainGroup ? options.findCalls?.() : undefined;
        return calls === undefined ? connection : new DirectConnection(connection, calls, () => events.freed());
      });
    this.#lastUsableMs = options.clock.monotonicMs();
    this.#lastAbsentMs = this.#lastUsableMs;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Requests that wait for a process that is started after they came back. */
  get held(): number {
    return this.#held.length;
  }

  get openRequests(): number {
    let sum = 0;
    for (const link of this.#links.values()) sum += link.openRequests;
    return sum;
  }

  /** These processes take requests now. Others get none any more, and say goodbye themselves. */
  setProcesses(addresses: readonly DaemonAddress[]): void {
    this.#announced = new Map(addresses.map((address) => [address.id, address]));
    for (const address of addresses) this.#open(address);
  }

  /** Gives the request to a process, now or as soon as one is free. */
  submit(request: GroupRequest): void {
    request.submittedMs = this.#clock.monotonicMs();
    const connection = this.#queue.length === 0 ? this.#findFree(request) : undefined;
    if (connection !== undefined) this.#send(request, connection);
    else if (this.#hasPlace(this.#queue, request)) {
      this.#queue.push({ request, isReturned: false });
      // Then what waits before it waits for its application group.
      if (this.#hasRoom()) this.dispatch();
    }
  }

  /** It came back unstarted: first in line for another process, behind what came back before it. */
  resubmit(request: GroupRequest): void {
    this.#requeue(request);
    this.dispatch();
  }

  /** It was asked back since it had waited for too long in its process. */
  expire(request: GroupRequest): void {
    this.#requeue(request);
    this.#expire([request], true);
  }

  /** It came back unstarted, since its script has changed: it is for a process of a later generation. */
  hold(request: GroupRequest, aboveGeneration: number): void {
    if (!this.#hasPlace(this.#held, request)) return;
    this.#held.push({ request, sinceMs: this.#clock.monotonicMs(), aboveGeneration });
    this.dispatch();
  }

  /** No such process can be started: what is held for one goes to those that are there. */
  releaseHeld(): void {
    for (const { request } of this.#held.splice(0)) this.#requeue(request);
    this.dispatch();
  }

  /** The client left while its request waited. */
  withdraw(request: GroupRequest): void {
    for (const list of [this.#queue, this.#held]) {
      const index = list.findIndex((waiting) => waiting.request === request);
      if (index !== -1) list.splice(index, 1);
    }
  }

  /** Whether it has waited for longer than queue-timeout, if nothing has started it. */
  isOverdue(request: GroupRequest): boolean {
    const { queueTimeoutMs } = this.limits;
    return queueTimeoutMs > 0 && this.#clock.monotonicMs() - request.submittedMs >= queueTimeoutMs;
  }

  /** A request ended: somebody else may go. */
  dispatch(): void {
    if (this.#held.length > 0) this.#dispatchHeld();
    let at = 0;
    while (at < this.#queue.length) {
      const { request } = this.#queue[at] as Waiting;
      const connection = this.#findFree(request);
      if (connection !== undefined) {
        if (at === 0) this.#queue.shift();
        else this.#queue.splice(at, 1);
        this.#send(request, connection);
      } else if (this.#hasRoom()) {
        at += 1; // its application group can't be reached for the moment: others go first
      } else return;
    }
  }

  #dispatchHeld(): void {
    for (const held of [...this.#held]) {
      const connection = this.#findFree(held.request, held.aboveGeneration);
      if (connection === undefined) continue;
      this.#held.splice(this.#held.indexOf(held), 1);
      this.#send(held.request, connection);
    }
  }

  /** Fails what has waited too long, and warns where too many wait. Called once a second. */
  sweep(): void {
    for (const link of this.#links.values()) {
      link.pipeline.beginPeriod();
      for (const connection of [...link.connections]) {
        const { channel } = connection;
        if (channel.isUsedUp && channel.openRequests === 0) connection.destroy('all request ids are used up');
      }
    }
    const nowMs = this.#clock.monotonicMs();
    this.#releaseOverdue(nowMs);
    this.#checkSaturation(nowMs);
    const isThere = this.#hasUsable();
    if (isThere) this.#lastUsableMs = nowMs;
    else this.#lastAbsentMs = nowMs;
    const { connectTimeoutMs } = this.limits;
    if (isThere) {
      // For those that are held a process is on its way, or there and busy with others.
      const held = this.#held.filter(({ aboveGeneration }) => this.#hasUsable(aboveGeneration));
      this.#expire(
        [...this.#queue, ...held].map(({ request }) => request).filter((request) => this.isOverdue(request)),
        true,
      );
    } else if (connectTimeoutMs > 0) {
      // Waiting for a thread is not yet waiting for a process: connect-timeout runs from when the last one was gone.
      const isLate = ({ submittedMs }: GroupRequest): boolean =>
        nowMs - Math.max(submittedMs, this.#lastUsableMs) >= connectTimeoutMs;
      this.#expire(this.#queue.map(({ request }) => request).filter(isLate), false);
    }
  }

  /** The processes stop, too: what waits, or comes back unstarted, is refused. What they have begun goes on. */
  refuseToWait(): void {
    this.#refusesToWait = true;
    for (const { request } of [...this.#queue.splice(0), ...this.#held.splice(0)]) request.fail(503, serverStops);
  }

  /** No more requests: fails those that wait and ends the connections. */
  close(): void {
    this.#isClosed = true;
    this.refuseToWait();
    for (const link of this.#links.values()) link.destroy(serverStops);
  }

  /** Whether another one may wait there; fails it where not. */
  #hasPlace(list: readonly unknown[], request: GroupRequest): boolean {
    if (this.#refusesToWait) {
      request.fail(503, serverStops);
      return false;
    }
    if (list.length < this.limits.queueRequestsLimit) return true;
    request.fail(503, `${list.length} requests wait already for ${describeGroup(this.name)}`);
    return false;
  }

  #requeue(request: GroupRequest): void {
    if (this.#refusesToWait) {
      request.fail(503, serverStops);
      return;
    }
    const others = this.#queue.findIndex((waiting) => !waiting.isReturned);
    this.#queue.splice(others === -1 ? this.#queue.length : others, 0, { request, isReturned: true });
  }

  /** What has been held for too long, with no process there that it waits for, goes to the others. */
  #releaseOverdue(nowMs: number): void {
    const overdue = this.#held.filter(
      ({ sinceMs, aboveGeneration }) => nowMs - sinceMs >= heldMsLimit && !this.#hasUsable(aboveGeneration),
    );
    if (overdue.length === 0) return;
    for (const held of overdue) {
      this.#held.splice(this.#held.indexOf(held), 1);
      this.#requeue(held.request);
    }
    this.dispatch();
  }

  /** Answers requests that wait: 504 where the processes are busy (`isThere`), 503 where there is none. */
  #expire(requests: readonly GroupRequest[], isThere: boolean): void {
    if (requests.length === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const others = this.#queue.length + this.#held.length - 1;
    const rest = others === 0 ? '' : `, ${countWaiting(others, 'other')}`;
    const running = isThere ? `; longest running: ${this.#describeRunning()}` : '';
    if (isThere) this.#askForStacks();
    for (const request of requests) {
      this.withdraw(request);
      const waited = `${request.description} waited for ${formatSeconds(nowMs - request.submittedMs)}${rest}${running}`;
      if (this.name === '') {
        request.fail(503, `embedded mode takes no requests. ${waited}`);
      } else if (isThere) {
        request.fail(504, `Queue timeout expired for WSGI daemon process '${this.name}'. ${waited}`);
      } else {
        const name = `'${this.name}'`;
        request.fail(503, `Unable to connect to WSGI daemon process ${name}: no process of it runs. ${waited}`);
      }
    }
  }

  #askForStacks(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#askedForStacksMs < stacksIntervalMs) return;
    this.#askedForStacksMs = nowMs;
    this.#onStuck();
  }

  #checkSaturation(nowMs: number): void {
    let threads = 0;
    let waiting = this.#queue.length;
    let sinceMs = nowMs;
    for (const { request } of this.#queue) sinceMs = Math.min(sinceMs, request.submittedMs);
    for (const link of this.#links.values()) {
      if (!this.#takesRequests(link)) continue;
      threads += this.limits.threads;
      const highestStarted = link.openRequests === 0 ? undefined : link.readScoreboard()?.highestStarted;
      for (const connection of link.connections) {
        // What another http child has sent may keep the threads busy: then requests wait in the process.
        const highest = highestStarted?.get(connection.number) ?? Number.POSITIVE_INFINITY;
        const [lowestId, ...others] = connection.channel.unstarted(highest);
        if (lowestId === undefined) {
          this.#unstarted.delete(connection);
          continue;
        }
        const known = this.#unstarted.get(connection);
        const first = known?.id === lowestId ? known : { id: lowestId, sinceMs: nowMs };
        this.#unstarted.set(connection, first);
        waiting += 1 + others.length;
        sinceMs = Math.min(sinceMs, first.sinceMs);
      }
    }
    this.#saturation.check(nowMs, {
      threads,
      // Where no process is there, that is what is missing.
      waiting: threads === 0 ? 0 : waiting,
      // Nor has a thread been busy for longer than a process is there.
      longestWaitMs: nowMs - Math.max(sinceMs, this.#lastAbsentMs),
      describeRunning: () => this.#describeRunning(),
    });
  }

  #describeRunning(): string {
    return describeRunning(this.#links.values(), this.#clock.nowMs());
  }

  #takesRequests(link: ProcessLink): boolean {
    return link.isUsable && this.#announced.has(link.address.id);
  }

  #send(request: GroupRequest, connection: GroupConnection): void {
    // With one process there is nobody else who could take it.
    if (this.#links.size > 1) this.#rescue.watch();
    request.send(connection);
  }

  /** Whether the process may be given another request. */
  #hasRoomIn(link: ProcessLink): boolean {
    const { openRequests, threads } = this.limits;
    return link.openRequests < (openRequests ?? threads + link.pipeline.depth);
  }

  #hasUsable(aboveGeneration = 0): boolean {
    for (const link of this.#links.values()) {
      if (link.address.generation > aboveGeneration && this.#takesRequests(link)) return true;
    }
    return false;
  }

  /** Whether some process could take a request, of whatever application group. */
  #hasRoom(): boolean {
    for (const link of this.#links.values()) {
      if (this.#hasRoomIn(link) && this.#takesRequests(link)) return true;
    }
    return false;
  }

  #findFree({ applicationGroup }: GroupRequest, aboveGeneration = 0): GroupConnection | undefined {
    let best: ProcessLink | undefined;
    for (const link of this.#links.values()) {
      if (link.address.generation <= aboveGeneration || !this.#hasRoomIn(link)) continue;
      if (!this.#takesRequests(link) || !link.takes(applicationGroup)) continue;
      if (best === undefined || this.#isPreferred(link, best)) best = link;
    }
    return best?.connectionFor(applicationGroup);
  }

  /** Whoever has seen new code should see it again while a thread is free; among equals the load is shared. */
  #isPreferred(link: ProcessLink, other: ProcessLink): boolean {
    const isFree = this.#isFree(link);
    if (isFree !== this.#isFree(other)) return isFree;
    const { id, generation } = link.address;
    if (generation !== other.address.generation) return generation > other.address.generation;
    const fewer = other.openRequests - link.openRequests;
    if (fewer !== 0) return fewer > 0;
    return this.#place(id) < this.#place(other.address.id);
  }

  /** Another http child begins with another process. */
  #place(processId: number): number {
    const { size } = this.#links;
    return (((processId - this.#childNumber) % size) + size) % size;
  }

  /** A request would not wait there, as far as is known. */
  #isFree(link: ProcessLink): boolean {
    return !link.isCrowded && link.openRequests < this.limits.threads;
  }

  #open(address: DaemonAddress): void {
    let link = this.#links.get(address.id);
    if (link === undefined) {
      const made = new ProcessLink(address, this.limits.threads, this.#connect, {
        freed: () => this.dispatch(),
        broken: (reason) => {
          const process = `daemon process '${this.name}' (pid=${address.pid})`;
          this.#report('error', `${process}: protocol of the channel broken, connection closed: ${reason}`);
        },
        closed: (...facts) => this.#closed(made, ...facts),
      });
      link = made;
      this.#links.set(address.id, link);
    }
    if (!link.hasMain) link.openMain();
  }

  /** A number that no other connection of this http child to a process has, or had for a long time. */
  #makeNumber(applicationGroup: string): number {
    if (applicationGroup === mainGroup) return this.#childNumber;
    this.#connectionSerial = (this.#connectionSerial % connectionSerialLimit) + 1;
    return this.#connectionSerial * 2 ** childNumberBits + (this.#childNumber % 2 ** childNumberBits);
  }

  #closed(
    link: ProcessLink,
    applicationGroup: string,
    unstarted: readonly ChannelExchange[],
    started: readonly ChannelExchange[],
    reason: string,
  ): void {
    const { address } = link;
    if (!link.isConnected) this.#links.delete(address.id);
    for (const connection of this.#unstarted.keys()) {
      if (connection.address.id === address.id) this.#unstarted.delete(connection);
    }
    const lost = `daemon process '${this.name}' (pid=${address.pid})`;
    if (started.length > 0) this.#report('error', `${lost} ended while it ran ${started.length} requests: ${reason}`);
    if (unstarted.length > 0) this.#report('info', `${lost}: ${unstarted.length} requests had not started, moved on`);
    // What comes back must not go there at once.
    link.block(applicationGroup);
    for (const exchange of started) exchange.onLost();
    for (const exchange of unstarted) exchange.onRevoked(false);
    if (this.#isClosed) return;
    this.#clock.after(reconnectDelayMs, () => {
      link.unblock(applicationGroup);
      // Only if the parent still says that it runs; usually it has announced another one by now.
      const current = this.#announced.get(address.id);
      if (this.#isClosed || current === undefined) return;
      if (applicationGroup === mainGroup) this.#open(current);
      else this.dispatch();
    });
    this.dispatch();
  }
}

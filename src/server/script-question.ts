/**
 * One question to a script of the server's own: a dispatch script (where shall this request run?), or one of access and
 * authentication. Goes to the process of the group scriptsGroup over the same channel as requests do, and comes back as
 * the headers of an empty response.
 *
 *   waiting ──send──▶ asked ──response──▶ done
 *      ▲               │
 *      └───revoked─────┘
 *
 * `onDone` is called once, and after it exactly one of `onAnswer` and `onFailed`, unless the client has left.
 */

import type { ChannelExchange } from '../wire/channel-client.js';
import { frameHeaderBytes, framePayloadBytesLimit } from '../wire/protocol.js';
import type { GroupConnection, GroupRequest, ProcessGroup } from '../wsgi/process-group.js';

/** Names and values, in the order of the script's functions. */
export type ScriptAnswer = readonly (readonly [name: string, value: string])[];

export interface ScriptQuestionOptions {
  readonly group: ProcessGroup;
  /** In which interpreter of its process the script runs, a byte string; '' is the main one. */
  readonly applicationGroup: string;
  /** For messages: `WSGI dispatch script '/path'`. */
  readonly description: string;
  /** Makes the request frame: header space, then the payload. Called at each sending. */
  readonly encode: () => Buffer;
  /** Longest time until the answer, waiting for a free thread included. */
  readonly timeoutSeconds: number;
  readonly onAnswer: (answer: ScriptAnswer) => void;
  /** `reason` is undefined where it is logged already. */
  readonly onFailed: (status: number, reason: string | undefined) => void;
  readonly onDone: (question: ScriptQuestion) => void;
}

export class ScriptQuestion implements ChannelExchange, GroupRequest {
  readonly #options: ScriptQuestionOptions;
  submittedMs = 0;
  #connection: GroupConnection | undefined;
  #id = 0;
  #isDone = false;
  #seconds = 0;

  constructor(options: ScriptQuestionOptions) {
    this.#options = options;
  }

  get description(): string {
    return this.#options.description;
  }

  get applicationGroup(): string {
    return this.#options.applicationGroup;
  }

  start(): void {
    this.#options.group.submit(this);
  }

  clientLeft(): void {
    this.abandon();
  }

  /** Nobody wants the answer any more: the client left, or its request turned out to be broken. */
  abandon(): void {
    if (this.#isDone) return;
    if (this.#connection === undefined) this.#options.group.withdraw(this);
    else this.#connection.channel.abort(this.#id);
    this.#done();
  }

  /** One second went by. */
  tick(): void {
    this.#seconds += 1;
    if (this.#isDone || this.#seconds < this.#options.timeoutSeconds) return;
    this.abandon();
    const { timeoutSeconds } = this.#options;
    this.#options.onFailed(504, `no answer of ${this.description} within ${timeoutSeconds} s`);
  }

  // GroupRequest

  send(connection: GroupConnection): void {
    const frame = this.#options.encode();
    if (frame.length - frameHeaderBytes > framePayloadBytesLimit) {
      this.fail(400, `request header makes an environ of more than ${framePayloadBytesLimit} bytes`);
      return;
    }
    this.#connection = connection;
    this.#id = connection.channel.request(frame, { hasBody: false, expectContinue: false }, this);
  }

  fail(status: number, reason: string | undefined): void {
    if (this.#isDone) return;
    this.#done();
    this.#options.onFailed(status, reason);
  }

  // ChannelExchange

  onResponse(head: string, _block: Buffer, ended: boolean): boolean {
    if (this.#isDone) return false;
    if (!ended) {
      this.abandon();
      this.#options.onFailed(500, `unexpected answer of ${this.description}`);
      return false;
    }
    const answer: [string, string][] = [];
    const lines = head.split('\n');
    for (let at = 1; at + 1 < lines.length; at += 2) answer.push([lines[at] as string, lines[at + 1] as string]);
    this.#done();
    this.#options.onAnswer(answer);
    return false;
  }

  onData(): boolean {
    return false;
  }

  settle(): boolean {
    return true;
  }

  onCredit(): void {}

  onTruncated(reason: string): void {
    this.fail(500, `${this.description}: ${reason}`);
  }

  onRefused(status: number): void {
    this.fail(status, undefined);
  }

  /** Never for a reload: the process loads a changed script itself. */
  onRevoked(): void {
    if (this.#isDone) return;
    this.#connection = undefined;
    this.#options.group.resubmit(this);
  }

  onLost(): void {
    this.fail(500, `the process of ${this.description} ended before it answered`);
  }

  #done(): void {
    this.#isDone = true;
    this.#options.onDone(this);
    if (this.#connection !== undefined) this.#options.group.dispatch();
  }
}

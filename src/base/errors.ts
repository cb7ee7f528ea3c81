/**
 * The error classes of the whole program. Each says who must act; borders map them (to an HTTP status, to an exit
 * status) in one place each. A client that left is not an error; a broken invariant is an assert (assert.ts).
 */

export type ErrorCode =
  | 'config' // the administrator must change the configuration
  | 'usage' // the command line is wrong
  | 'request' // the client sent something that can't be served
  | 'process' // a child process could not start or died
  | 'listen' // an address can't be bound
  | 'protocol'; // a peer on one of our own sockets broke the protocol

/** The one base class. `message` is lower case: what failed, on which value, what happens next. */
export class StillhouseError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Wrong command line: exit status 2. */
export class UsageError extends StillhouseError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}

/** The client's request can't be served; `status` is the HTTP status it gets. */
export class RequestError extends StillhouseError {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super('request', message, options);
    this.status = status;
  }
}

/** A child process could not be started or died. */
export class ProcessError extends StillhouseError {
  readonly pid: number | undefined;
  readonly exitStatus: number | undefined;
  readonly signal: string | undefined;

  constructor(
    message: string,
    details: { pid?: number | undefined; exitStatus?: number | undefined; signal?: string | undefined } = {},
    options?: ErrorOptions,
  ) {
    super('process', message, options);
    this.pid = details.pid;
    this.exitStatus = details.exitStatus;
    this.signal = details.signal;
  }
}

/** An address can't be bound: the message names the address, the reason and who may fix it. */
export class ListenError extends StillhouseError {
  constructor(message: string, options?: ErrorOptions) {
    super('listen', message, options);
  }
}

/** The other end of one of our own sockets sent bytes that the protocol does not allow; the connection is closed. */
export class ProtocolError extends StillhouseError {
  constructor(message: string, options?: ErrorOptions) {
    super('protocol', message, options);
  }
}

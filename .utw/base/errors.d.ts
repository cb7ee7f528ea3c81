/**
 * The error classes of the whole program. Each says who must act; borders map them (to an HTTP status, to an exit
 * status) in one place each. A client that left is not an error; a broken invariant is an assert (assert.ts).
 */
export type ErrorCode = 'config' | 'usage' | 'request' | 'application' | 'process' | 'listen' | 'protocol';
/** The one base class. `message` is lower case: what failed, on which value, what happens next. */
export declare class StillhouseError extends Error {
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message: string, options?: ErrorOptions);
}
/** Wrong command line: exit status 2. */
export declare class UsageError extends StillhouseError {
    constructor(message: string, options?: ErrorOptions);
}
/** The client's request can't be served; `status` is the HTTP status it gets. */
export declare class RequestError extends StillhouseError {
    readonly status: number;
    constructor(status: number, message: string, options?: ErrorOptions);
}
/** The application, not the server, failed; the administrator finds the group and the script in the log line. */
export declare class ApplicationError extends StillhouseError {
    readonly group: string;
    readonly script: string;
    constructor(message: string, details: {
        group: string;
        script: string;
    }, options?: ErrorOptions);
}
/** A child process could not be started or died. */
export declare class ProcessError extends StillhouseError {
    readonly pid: number | undefined;
    readonly exitStatus: number | undefined;
    readonly signal: string | undefined;
    constructor(message: string, details?: {
        pid?: number | undefined;
        exitStatus?: number | undefined;
        signal?: string | undefined;
    }, options?: ErrorOptions);
}
/** An address can't be bound: the message names the address, the reason and who may fix it. */
export declare class ListenError extends StillhouseError {
    constructor(message: string, options?: ErrorOptions);
}
/** The other end of one of our own sockets sent bytes that the protocol does not allow; the connection is closed. */
export declare class ProtocolError extends StillhouseError {
    constructor(message: string, options?: ErrorOptions);
}

/**
 * The error classes of the whole program. Each says who must act; borders map them (to an HTTP status, to an exit
 * status) in one place each. A client that left is not an error; a broken invariant is an assert (assert.ts).
 */
/** The one base class. `message` is lower case: what failed, on which value, what happens next. */
export class StillhouseError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = new.target.name;
        this.code = code;
    }
}
/** Wrong command line: exit status 2. */
export class UsageError extends StillhouseError {
    constructor(message, options) {
        super('usage', message, options);
    }
}
/** The client's request can't be served; `status` is the HTTP status it gets. */
export class RequestError extends StillhouseError {
    status;
    constructor(status, message, options) {
        super('request', message, options);
        this.status = status;
    }
}
/** The application, not the server, failed; the administrator finds the group and the script in the log line. */
export class ApplicationError extends StillhouseError {
    group;
    script;
    constructor(message, details, options) {
        super('application', message, options);
        this.group = details.group;
        this.script = details.script;
    }
}
/** A child process could not be started or died. */
export class ProcessError extends StillhouseError {
    pid;
    exitStatus;
    signal;
    constructor(message, details = {}, options) {
        super('process', message, options);
        this.pid = details.pid;
        this.exitStatus = details.exitStatus;
        this.signal = details.signal;
    }
}
/** An address can't be bound: the message names the address, the reason and who may fix it. */
export class ListenError extends StillhouseError {
    constructor(message, options) {
        super('listen', message, options);
    }
}
/** The other end of one of our own sockets sent bytes that the protocol does not allow; the connection is closed. */
export class ProtocolError extends StillhouseError {
    constructor(message, options) {
        super('protocol', message, options);
    }
}
//# sourceMappingURL=errors.js.map
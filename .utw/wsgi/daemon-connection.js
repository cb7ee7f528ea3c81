/**
 * An http child's connection to one daemon process: the socket under a ChannelClient, and the scoreboard that tells,
 * should the process die, which of the requests it held had started.
 *
 *   connecting ──connected──▶ open ──goodbye──▶ leaving ──closed──▶ gone
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { connect } from 'node:net';
import { ChannelClient } from '../wire/channel-client.js';
import { decodeScoreboard } from '../wire/scoreboard-reader.js';
export class DaemonConnection {
    address;
    channel;
    #connectionNumber;
    #events;
    #socket;
    #scoreboardDescriptor;
    #isOpen = false;
    #wasOpen = false;
    #closedByUs = false;
    #closeReason = '';
    constructor(address, connectionNumber, events) {
        this.address = address;
        this.#connectionNumber = connectionNumber;
        this.#events = events;
        this.#socket = connect({ path: address.socket });
        this.channel = new ChannelClient({
            connectionNumber,
            write: (bytes) => this.#socket.write(bytes),
            schedule: setImmediate,
            onFreed: () => events.freed(),
        });
        this.#socket.once('connect', () => this.#opened());
        this.#socket.on('data', (chunk) => this.#receive(chunk));
        this.#socket.on('error', (error) => {
            this.#closeReason ||= error.message;
        });
        this.#socket.once('close', () => this.#closed());
    }
    /** Requests may be sent. */
    get isUsable() {
        return this.#isOpen && this.channel.hasRoom;
    }
    /** Ends the connection; what was open is reported by `closed`. */
    destroy(reason) {
        this.#closeReason ||= reason;
        this.#closedByUs = true;
        this.#socket.destroy();
    }
    #opened() {
        try {
            // Held open: the parent removes the file when the process is gone, which is just when it is needed.
            this.#scoreboardDescriptor = openSync(this.address.scoreboard, 'r');
        }
        catch (error) {
            this.destroy(`scoreboard can't be opened: ${String(error)}`);
            return;
        }
        this.#isOpen = true;
        this.#wasOpen = true;
        this.#events.opened();
    }
    #receive(chunk) {
        try {
            this.channel.receive(chunk);
        }
        catch (error) {
            this.destroy(error instanceof Error ? error.message : String(error));
        }
    }
    #closed() {
        this.#isOpen = false;
        const open = this.channel.abandon();
        const highestStarted = this.#readHighestStarted();
        const unstarted = [];
        const started = [];
        for (const [id, exchange] of open)
            (id <= highestStarted ? started : unstarted).push(exchange);
        if (this.#scoreboardDescriptor !== undefined)
            closeSync(this.#scoreboardDescriptor);
        this.#scoreboardDescriptor = undefined;
        this.#events.closed(unstarted, started, this.#closeReason || 'closed by the daemon process');
    }
    /** Where it can't be known every request counts as started, since none may run twice. */
    #readHighestStarted() {
        if (!this.#wasOpen)
            return 0;
        // What we left unread may hold an answer.
        if (this.#closedByUs || this.#scoreboardDescriptor === undefined)
            return Number.POSITIVE_INFINITY;
        try {
            const bytes = Buffer.alloc(fstatSync(this.#scoreboardDescriptor).size);
            readSync(this.#scoreboardDescriptor, bytes, 0, bytes.length, 0);
            return decodeScoreboard(bytes).highestStarted.get(this.#connectionNumber) ?? Number.POSITIVE_INFINITY;
        }
        catch {
            return Number.POSITIVE_INFINITY; // unreadable: the careful answer
        }
    }
}
//# sourceMappingURL=daemon-connection.js.map
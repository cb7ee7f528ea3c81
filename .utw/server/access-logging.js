/** Writes the access-log lines of finished requests: one for each CustomLog of the virtual host whose condition holds. */
import { isLogConditionMet, resolveAccessLogs } from './log-directives.js';
export class AccessLogs {
    #files;
    #logs = new WeakMap();
    /** `files`: the open logs by path. */
    constructor(files) {
        this.#files = files;
    }
    write(context, durationMs, isComplete) {
        const logs = this.#logsOf(context.server);
        if (logs.length > 0)
            this.#writeRecord(logs, makeRecord(context, durationMs, isComplete));
    }
    /** A line for what was no request: its fields are those of a request without a header. */
    writeRefused(server, connection, refused) {
        const logs = this.#logsOf(server);
        if (logs.length > 0)
            this.#writeRecord(logs, makeRefusedRecord(server, connection, refused));
    }
    #logsOf(server) {
        let logs = this.#logs.get(server);
        if (logs === undefined) {
            logs = resolveAccessLogs(server.settings).logs;
            this.#logs.set(server, logs);
        }
        return logs;
    }
    #writeRecord(logs, record) {
        for (const log of logs) {
            if (isLogConditionMet(log.condition, record.environment))
                this.#files.get(log.path)?.write(log.format(record));
        }
    }
}
function makeRefusedRecord(server, connection, refused) {
    const [, method = refused.requestLine, target = '', protocol = ''] = /^(\S+) (.*?)(?: (HTTP\/\S*))?$/.exec(refused.requestLine) ?? [];
    const name = server.name ?? connection.localAddress;
    return {
        remoteAddress: connection.remoteAddress,
        remotePort: connection.remotePort,
        localAddress: connection.localAddress,
        localPort: connection.localPort,
        method,
        target,
        protocol,
        path: target,
        rawHeaders: [],
        status: refused.status,
        originalStatus: refused.status,
        bodyBytes: refused.bodyBytes,
        receivedBytes: 0,
        sentBytes: 0,
        startedAtMs: refused.nowMs,
        durationMs: 0,
        user: undefined,
        serverName: name,
        canonicalName: name,
        canonicalPort: server.port ?? connection.localPort,
        requestId: undefined,
        keepaliveCount: connection.requests,
        connectionStatus: '-',
        handler: undefined,
        filename: undefined,
        pid: process.pid,
        responseHeader: () => undefined,
        environment: () => undefined,
    };
}
function makeRecord(context, durationMs, isComplete) {
    const { connection, incoming, outgoing, sink, server } = context;
    const socket = incoming.socket;
    const status = sink.hasBegun || outgoing.headersSent ? outgoing.statusCode : 0;
    return {
        remoteAddress: connection.remoteAddress,
        remotePort: connection.remotePort,
        localAddress: connection.localAddress,
        localPort: connection.localPort,
        method: context.method,
        target: context.rawTarget,
        protocol: context.protocol,
        path: context.uri,
        rawHeaders: incoming.rawHeaders,
        status,
        originalStatus: status,
        bodyBytes: context.method === 'HEAD' ? 0 : sink.bodyBytes,
        receivedBytes: socket.bytesRead - context.bytesReadBefore,
        sentBytes: socket.bytesWritten - context.bytesWrittenBefore,
        startedAtMs: context.startedAtMs,
        durationMs,
        user: undefined,
        serverName: context.serverName,
        canonicalName: server.name ?? context.serverName,
        canonicalPort: context.serverPort,
        requestId: context.id,
        keepaliveCount: connection.requests - 1,
        connectionStatus: !isComplete ? 'X' : outgoing.shouldKeepAlive ? '+' : '-',
        handler: context.handler,
        filename: context.filename,
        pid: process.pid,
        responseHeader: (name) => {
            const value = sink.findHeader(name) ?? outgoing.getHeader(name);
            return Array.isArray(value) ? value.join(', ') : value === undefined ? undefined : String(value);
        },
        environment: (name) => context.environment?.get(name),
    };
}
//# sourceMappingURL=access-logging.js.map
/** Writes the access-log lines of finished requests: one for each CustomLog of the virtual host whose condition holds. */

import type { ExpressionSubject } from '../http/expression/expression.js';
import type { LogRecord } from '../http/log-record.js';
import type { CompiledServer } from './compiled-server.js';
import { expressionSubjectOf } from './expression-requests.js';
import type { ClientConnection } from './http-connections.js';
import { type AccessLog, isLogConditionMet, resolveAccessLogs } from './log-directives.js';
import type { LogFile } from './log-file.js';
import type { RequestContext } from './request-context.js';

export class AccessLogs {
  readonly #files: ReadonlyMap<string, LogFile>;
  readonly #logs = new WeakMap<CompiledServer, readonly AccessLog[]>();

  /** `files`: the open logs by path. */
  constructor(files: ReadonlyMap<string, LogFile>) {
    this.#files = files;
  }

  write(context: RequestContext, durationMs: number, isComplete: boolean): void {
    const logs = this.#logsOf(context.server);
    if (logs.length === 0) return;
    const record = makeRecord(context, durationMs, isComplete);
    this.#writeRecord(logs, record, () => finishedSubjectOf(context, record));
  }

  /** A line for what was no request: its fields are those of a request without a header. */
  writeRefused(server: CompiledServer, connection: ClientConnection, refused: RefusedRequest): void {
    const logs = this.#logsOf(server);
    if (logs.length > 0) this.#writeRecord(logs, makeRefusedRecord(server, connection, refused));
  }

  #logsOf(server: CompiledServer): readonly AccessLog[] {
    let logs = this.#logs.get(server);
    if (logs === undefined) {
      logs = resolveAccessLogs(server.settings).logs;
      this.#logs.set(server, logs);
    }
    return logs;
  }

  #writeRecord(logs: readonly AccessLog[], record: LogRecord, subject?: () => ExpressionSubject): void {
    for (const log of logs) {
      if (isLogConditionMet(log.condition, record.environment, subject))
        this.#files.get(log.path)?.write(log.format(record));
    }
  }
}

/** What expressions are asked about when all is over. */
function finishedSubjectOf(context: RequestContext, { responseHeader, status }: LogRecord): ExpressionSubject {
  return { ...expressionSubjectOf(context), status, responseHeader };
}

export interface RefusedRequest {
  /** '' where it is not known. */
  readonly requestLine: string;
  readonly status: number;
  readonly bodyBytes: number;
  /** Since the epoch. */
  readonly nowMs: number;
}

function makeRefusedRecord(server: CompiledServer, connection: ClientConnection, refused: RefusedRequest): LogRecord {
  const [, method = refused.requestLine, target = '', protocol = ''] =
    /^(\S+) (.*?)(?: (HTTP\/\S*))?$/.exec(refused.requestLine) ?? [];
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

function makeRecord(context: RequestContext, durationMs: number, isComplete: boolean): LogRecord {
  const { connection, incoming, outgoing, sink, server } = context;
  const socket = incoming.socket;
  const status = sink.hasBegun || outgoing.headersSent ? outgoing.statusCode : 0;
  return {
    remoteAddress: context.clientAddress,
    peerAddress: connection.remoteAddress,
    remotePort: connection.remotePort,
    localAddress: connection.localAddress,
    localPort: connection.localPort,
    // As it arrived: an error document is asked for by GET.
    method: incoming.method,
    target: context.rawTarget,
    protocol: context.protocol,
    path: context.uri,
    rawHeaders: incoming.rawHeaders,
    status,
    originalStatus: status,
    bodyBytes: incoming.method === 'HEAD' ? 0 : sink.bodyBytes,
    receivedBytes: socket.bytesRead - context.bytesReadBefore,
    sentBytes: socket.bytesWritten - context.bytesWrittenBefore,
    startedAtMs: context.startedAtMs,
    durationMs,
    user: context.user,
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
    // mod_wsgi puts it among the variables of the request.
    environment: (name) => (name === 'mod_wsgi.process_group' ? context.processGroup : context.environment?.get(name)),
    sslVariable: (name) => connection.secure?.variable(name),
    note: (name) => context.notes?.get(name),
  };
}

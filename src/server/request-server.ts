/**
 * Everything between the bytes of connections and their answers, for one configuration: connections, virtual hosts,
 * phases, handlers, process groups. An http child has one; so has `explain`, whose connections come by no listener and
 * whose process groups have no processes. Owns no log and no descriptor.
 */

import type { Clock } from '../base/clock.js';
import { ProcessError } from '../base/errors.js';
import { WallClock } from '../base/wall-clock.js';
import type { Config, ServerScope } from '../conf/config.js';
import { formatPosition } from '../conf/source.js';
import type { ClientRequest } from '../http/client-request.js';
import { GLOBAL_GROUP } from '../wsgi/expansion.js';
import { catalogGroups, type GroupCatalog } from '../wsgi/group-catalog.js';
import { ProcessGroup, type ProcessGroupLimits } from '../wsgi/process-group.js';
import { ResponseBudget } from '../wsgi/response-credit.js';
import { AccessFiles } from './access-files.js';
import type { AccessLogs } from './access-logging.js';
import { AuthScripts } from './auth-scripts.js';
import { Authorizer } from './authorizer.js';
import { CompiledServer } from './compiled-server.js';
import { processSettings } from './core-process-directives.js';
import type { EmbeddedMode } from './embedded-mode.js';
import { embeddedLimits } from './embedded-plan.js';
import { ErrorAnswers, type RequestLog } from './error-answers.js';
import { formatErrorPage, reasonPhrase } from './error-page.js';
import { FileCalls } from './file-calls.js';
import { FileLookup } from './file-lookup.js';
import { type ConnectionTls, HttpConnections } from './http-connections.js';
import { limitsOf } from './http-limits.js';
import { LocalMounts } from './local-mounts.js';
import { readPaceOf } from './reqtimeout-directives.js';
import { RequestHandler } from './request-handler.js';
import type { RequestTrace } from './request-trace.js';
import { VirtualHosts } from './virtual-hosts.js';
import { serverNameOf, WsgiHandler } from './wsgi-handler.js';

const defaultListenBacklog = 511;
/** Requests that may wait for a process group in this child; beyond it they are answered 503. */
const queueRequestsLimit = 1024;
/** What all responses together may be kept in for clients that take them slowly, beyond the window of each. */
const responseBudgetBytes = 256 * 1024 * 1024;

export interface RequestServerOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Names the connections to daemon processes in the scoreboards. */
  readonly connectionNumber: number;
  /** Numeric addresses of host names in <VirtualHost>. */
  readonly hostAddresses: Readonly<Record<string, readonly string[]>>;
  readonly errorLogOf: (server: ServerScope) => RequestLog;
  readonly accessLogs: AccessLogs;
  /** Undefined where TLS is spoken nowhere. `timeoutMs`: where no line says how long a handshake may take. */
  readonly createTls: (hosts: VirtualHosts, timeoutMs: number) => ConnectionTls | undefined;
  /** Has Python in this process, for the process group ''. */
  readonly embedded: Pick<EmbeddedMode, 'provide'> & Partial<Pick<EmbeddedMode, 'calls'>>;
  /** Requests wait for too long for this group. */
  readonly onStuck: (group: string) => void;
  /** A connection or a request has begun or ended. */
  readonly onLoad: () => void;
  /** As many connections were accepted as this process is to serve. */
  readonly onWorn: () => void;
  /** Who is told what becomes of a request, where requests are explained. */
  readonly traceOf?: (incoming: ClientRequest) => RequestTrace;
}

export class RequestServer {
  readonly hosts: VirtualHosts;
  readonly catalog: GroupCatalog;
  readonly groups: ReadonlyMap<string, ProcessGroup>;
  readonly connections: HttpConnections;
  readonly #options: RequestServerOptions;
  readonly #servers: ReadonlyMap<ServerScope, CompiledServer>;
  readonly #wsgi: WsgiHandler;
  readonly #authorizer: Authorizer;

  constructor(options: RequestServerOptions) {
    const { accessLogs, clock, config, errorLogOf, hostAddresses } = options;
    this.#options = options;
    this.#servers = new Map(config.servers.map((scope) => [scope, new CompiledServer(scope)]));
    this.catalog = catalogGroups(config, serverNameOf);
    this.groups = this.#createGroups();
    const answers = new ErrorAnswers((server) => errorLogOf(server.scope));
    const monotonicMs = (): number => clock.monotonicMs();
    this.#wsgi = new WsgiHandler({
      groups: this.groups,
      embedded: options.embedded,
      catalog: this.catalog,
      answers,
      mainScope: config.main,
      nowMs: wallMs,
    });
    this.#authorizer = new Authorizer({ scripts: new AuthScripts(this.groups), answers, monotonicMs });
    const limits = limitsOf(config);
    this.hosts = new VirtualHosts(config, (name) => hostAddresses[name] ?? []);
    const calls = new FileCalls(new LocalMounts({ monotonicMs }));
    const handler = new RequestHandler({
      findServer: (address, port, name) => this.#serverOf(this.hosts.find(address, port, name)),
      limits,
      files: new FileLookup(monotonicMs, calls),
      calls,
      accessFiles: new AccessFiles({
        config,
        monotonicMs,
        wallMs,
        calls,
        report: ({ position, message }) => {
          errorLogOf(config.main).log('warn', 'core', `${formatPosition(position)}: ${message}`);
        },
      }),
      wsgi: this.#wsgi,
      authorizer: this.#authorizer,
      accessLogs,
      answers,
      clock: { wall: wallClock, monotonicMs: () => performance.now() },
      traceOf: options.traceOf,
    });
    const backlog = config.main.settings.get(processSettings.listenBacklog, defaultListenBacklog);
    this.connections = new HttpConnections(
      limits,
      backlog,
      {
        onRequest: (incoming, outgoing, connection, expects) => handler.handle(incoming, outgoing, connection, expects),
        onMalformed: (status, reason, requestLine, connection) => {
          const server = this.#serverOf(this.hosts.find(connection.localAddress, connection.localPort, undefined));
          const client = `${connection.remoteAddress}:${connection.remotePort}`;
          errorLogOf(server.scope).log('info', 'core', `request refused with ${status}: ${reason}`, { client });
          const page = formatErrorPage(status);
          accessLogs.writeRefused(server, connection, {
            requestLine,
            status,
            bodyBytes: Buffer.byteLength(page),
            nowMs: wallMs(),
          });
          return formatRefusal(status, server.serverHeader, page);
        },
        headerPaceOf: ({ localAddress, localPort }) =>
          readPaceOf(this.hosts.find(localAddress, localPort, undefined).settings, 'header'),
        onStuck: (connection, seconds) => {
          const server = this.hosts.find(connection.localAddress, connection.localPort, undefined);
          const client = `${connection.remoteAddress}:${connection.remotePort}`;
          const message = `client took none of the response for ${seconds} s`;
          errorLogOf(server).log('info', 'core', message, { client });
        },
        onLoad: options.onLoad,
        onWorn: options.onWorn,
      },
      options.createTls(this.hosts, limits.timeoutMs),
    );
  }

  /** One second went by. */
  tick(): void {
    this.#wsgi.tick();
    this.#authorizer.tick();
  }

  /** When the last connection has ended. */
  async close(): Promise<void> {
    for (const group of this.groups.values()) group.close();
    await this.#authorizer.close();
  }

  #createGroups(): ReadonlyMap<string, ProcessGroup> {
    const { clock, connectionNumber, errorLogOf, onStuck } = this.#options;
    const { config } = this.#options;
    const groups = new Map<string, ProcessGroup>();
    const responseBudget = new ResponseBudget(responseBudgetBytes);
    const add = (name: string, limits: ProcessGroupLimits, server: ServerScope): void => {
      const log = errorLogOf(server);
      groups.set(
        name,
        new ProcessGroup({
          name,
          limits,
          responseBudget,
          clock,
          connectionNumber,
          report: (level, message) => log.log(level, 'wsgi', message),
          onStuck: () => onStuck(name),
          ...(name === GLOBAL_GROUP ? { findCalls: () => this.#options.embedded.calls } : {}),
        }),
      );
    };
    add(GLOBAL_GROUP, embeddedLimits(config), config.main);
    for (const [name, { group, server }] of this.catalog.groups) {
      const limits = {
        threads: group.threads,
        connectTimeoutMs: group.connectTimeoutSeconds * 1000,
        queueTimeoutMs: group.queueTimeoutSeconds * 1000,
        queueRequestsLimit,
        responseBufferBytes: group.responseBufferBytes,
        responseTimeoutSeconds: group.responseSocketTimeoutSeconds,
      };
      add(name, limits, server);
    }
    return groups;
  }

  #serverOf(scope: ServerScope): CompiledServer {
    const server = this.#servers.get(scope);
    if (server === undefined) throw new ProcessError('server that is not in the configuration');
    return server;
  }
}

const wallClock = new WallClock(performance.timeOrigin);

/** Milliseconds since the epoch, with fractions. */
function wallMs(): number {
  return wallClock.at(performance.now());
}

/** A whole response for what was no request. */
function formatRefusal(status: number, serverHeader: string, page: string): string {
  return (
    `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nDate: ${new Date().toUTCString()}\r\nServer: ${serverHeader}\r\n` +
    `Content-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(page)}\r\nConnection: close\r\n\r\n${page}`
  );
}

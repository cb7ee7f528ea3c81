/** What an http child consists of, put together from its boot message. http-child-main.ts is the process around it. */

import type { Clock } from '../base/clock.js';
import { ProcessError } from '../base/errors.js';
import type { Config, ServerScope } from '../conf/config.js';
import { formatPosition } from '../conf/source.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { catalogGroups, type GroupCatalog } from '../wsgi/group-catalog.js';
import { ProcessGroup } from '../wsgi/process-group.js';
import { ResponseBudget } from '../wsgi/response-credit.js';
import { AccessFiles } from './access-files.js';
import { AccessLogs } from './access-logging.js';
import { AuthScripts } from './auth-scripts.js';
import { Authorizer } from './authorizer.js';
import type { BootMessage, FromChild } from './child-messages.js';
import { CompiledServer } from './compiled-server.js';
import { replayConfig } from './config-source.js';
import { defaultLimits, limitSettings } from './core-limits-directives.js';
import { processSettings } from './core-process-directives.js';
import { ErrorAnswers } from './error-answers.js';
import { ErrorLog, noLogLevels } from './error-log.js';
import { formatErrorPage, reasonPhrase } from './error-page.js';
import { FileLookup } from './file-lookup.js';
import { HttpConnections, type HttpLimits } from './http-connections.js';
import { LoadReporter } from './load-reporter.js';
import { errorLogPath, logLevels } from './log-directives.js';
import { LogFile } from './log-file.js';
import { readMpm } from './mpm.js';
import { readPaceOf, requestReadPaces } from './reqtimeout-directives.js';
import { RequestHandler } from './request-handler.js';
import { TlsAcceptor } from './tls-acceptor.js';
import { VirtualHosts } from './virtual-hosts.js';
import { serverNameOf, WsgiHandler } from './wsgi-handler.js';

const standardErrorDescriptor = 2;
const defaultListenBacklog = 511;
/** Requests that may wait for a process group in this child; beyond it they are answered 503. */
const queueRequestsLimit = 1024;
/** What all responses together may be kept in for clients that take them slowly, beyond the window of each. */
const responseBudgetBytes = 256 * 1024 * 1024;
const tickMs = 1000;

export class HttpChild {
  readonly #boot: BootMessage;
  readonly #tell: (message: FromChild) => void;
  readonly #clock: Clock;
  readonly #config: Config;
  readonly #logFiles = new Map<string, LogFile>();
  readonly #standardError = new LogFile(standardErrorDescriptor);
  readonly #errorLogs = new Map<ServerScope, ErrorLog>();
  readonly #servers = new Map<ServerScope, CompiledServer>();
  readonly #groups: ReadonlyMap<string, ProcessGroup>;
  readonly #wsgi: WsgiHandler;
  readonly #authorizer: Authorizer;
  readonly #connections: HttpConnections;
  readonly #ticker: NodeJS.Timeout;

  /** `tell`: says something to the parent. */
  constructor(boot: BootMessage, clock: Clock, tell: (message: FromChild) => void) {
    this.#tell = tell;
    this.#boot = boot;
    this.#clock = clock;
    this.#config = replayConfig(boot.config);
    for (const [path, descriptor] of Object.entries(boot.logs)) this.#logFiles.set(path, new LogFile(descriptor));
    for (const scope of this.#config.servers) {
      this.#servers.set(scope, new CompiledServer(scope));
      this.#errorLogs.set(scope, this.#openErrorLog(scope));
    }
    const catalog = catalogGroups(this.#config, serverNameOf);
    this.#groups = this.#createGroups(catalog);
    const answers = new ErrorAnswers((server) => this.#errorLogOf(server.scope));
    this.#wsgi = new WsgiHandler({
      groups: this.#groups,
      catalog,
      answers,
      mainScope: this.#config.main,
      nowMs: wallMs,
    });
    this.#authorizer = new Authorizer({
      scripts: new AuthScripts(this.#groups),
      answers,
      monotonicMs: () => clock.monotonicMs(),
    });
    const accessLogs = new AccessLogs(this.#logFiles);
    const limits = limitsOf(this.#config);
    const hosts = new VirtualHosts(this.#config, (name) => boot.hostAddresses[name] ?? []);
    const handler = new RequestHandler({
      findServer: (address, port, name) => this.#serverOf(hosts.find(address, port, name)),
      limits,
      files: new FileLookup(() => clock.monotonicMs()),
      accessFiles: new AccessFiles({
        config: this.#config,
        monotonicMs: () => clock.monotonicMs(),
        wallMs,
        report: ({ position, message }) => {
          this.#errorLogOf(this.#config.main).log('warn', 'core', `${formatPosition(position)}: ${message}`);
        },
      }),
      wsgi: this.#wsgi,
      authorizer: this.#authorizer,
      accessLogs,
      answers,
      clock: { nowMs: wallMs, monotonicMs: () => performance.now() },
    });
    const materials = boot.tls;
    const tls =
      Object.keys(materials).length === 0
        ? undefined
        : new TlsAcceptor({
            servers: this.#config.servers,
            materials,
            findServer: (address, port, name) => hosts.find(address, port, name),
            handshakeMsLimit: ({ settings }) =>
              readPaceOf(settings, 'handshake').initialSeconds * 1000 || limits.timeoutMs,
            report: (server, client, message) => this.#errorLogOf(server).log('info', 'ssl', message, { client }),
          });
    const backlog = this.#config.main.settings.get(processSettings.listenBacklog, defaultListenBacklog);
    const load = new LoadReporter(
      clock,
      () => this.#connections.load,
      (found) => tell({ type: 'load', load: found }),
    );
    this.#connections = new HttpConnections(
      limits,
      backlog,
      {
        onRequest: (incoming, outgoing, connection, expects) => handler.handle(incoming, outgoing, connection, expects),
        onMalformed: (status, reason, requestLine, connection) => {
          const server = this.#serverOf(hosts.find(connection.localAddress, connection.localPort, undefined));
          const client = `${connection.remoteAddress}:${connection.remotePort}`;
          this.#errorLogOf(server.scope).log('info', 'core', `request refused with ${status}: ${reason}`, { client });
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
          readPaceOf(hosts.find(localAddress, localPort, undefined).settings, 'header'),
        onStuck: (connection, seconds) => {
          const server = this.#serverOf(hosts.find(connection.localAddress, connection.localPort, undefined));
          const client = `${connection.remoteAddress}:${connection.remotePort}`;
          const message = `client took none of the response for ${seconds} s`;
          this.#errorLogOf(server.scope).log('info', 'core', message, { client });
        },
        onLoad: () => load.changed(),
        onWorn: () => tell({ type: 'worn' }),
      },
      tls,
    );
    this.#ticker = setInterval(() => {
      this.#wsgi.tick();
      this.#authorizer.tick();
    }, tickMs);
    this.#takeIdentity();
  }

  async listen(): Promise<void> {
    for (const { descriptor, address } of this.#boot.listeners) await this.#connections.listen(descriptor, address);
  }

  setProcesses(group: string, processes: readonly DaemonAddress[]): void {
    this.#groups.get(group)?.setProcesses(processes);
  }

  /** The group's new code could not be loaded. */
  releaseHeld(group: string): void {
    this.#groups.get(group)?.releaseHeld();
  }

  /** Accepts no more; resolves when the last connection has ended by itself. */
  async drain(): Promise<void> {
    await this.#connections.drain();
    await this.#finish();
  }

  /**
   * Accepts no more; resolves when what was begun is over. The parent bounds it.
   * @param serverStops the daemon processes stop as well: what waits for one waits in vain
   */
  async stop(serverStops: boolean): Promise<void> {
    if (serverStops) for (const group of this.#groups.values()) group.refuseToWait();
    await this.#connections.close();
    await this.#finish();
  }

  async #finish(): Promise<void> {
    clearInterval(this.#ticker);
    for (const group of this.#groups.values()) group.close();
    await Promise.all([...this.#logFiles.values(), this.#standardError].map((file) => file.flush()));
  }

  #createGroups(catalog: GroupCatalog): ReadonlyMap<string, ProcessGroup> {
    const groups = new Map<string, ProcessGroup>();
    const responseBudget = new ResponseBudget(responseBudgetBytes);
    for (const [name, { group, server }] of catalog.groups) {
      const log = this.#errorLogOf(server);
      groups.set(
        name,
        new ProcessGroup({
          name,
          limits: {
            threads: group.threads,
            connectTimeoutMs: group.connectTimeoutSeconds * 1000,
            queueTimeoutMs: group.queueTimeoutSeconds * 1000,
            queueRequestsLimit,
            responseBufferBytes: group.responseBufferBytes,
            responseTimeoutSeconds: group.responseSocketTimeoutSeconds,
          },
          responseBudget,
          clock: this.#clock,
          connectionNumber: this.#boot.connectionNumber,
          report: (level, message) => log.log(level, 'wsgi', message),
          onStuck: () => this.#tell({ type: 'stuck', group: name }),
        }),
      );
    }
    return groups;
  }

  #openErrorLog(scope: ServerScope): ErrorLog {
    const path = scope.settings.find(errorLogPath);
    const file = (path === undefined ? undefined : this.#logFiles.get(path)) ?? this.#standardError;
    return new ErrorLog(file, scope.settings.get(logLevels, noLogLevels), this.#clock);
  }

  #errorLogOf(scope: ServerScope): ErrorLog {
    const log = this.#errorLogs.get(scope);
    if (log === undefined) throw new ProcessError('server without an error log');
    return log;
  }

  #serverOf(scope: ServerScope): CompiledServer {
    const server = this.#servers.get(scope);
    if (server === undefined) throw new ProcessError('server that is not in the configuration');
    return server;
  }

  /** Last of all: whatever needs root has been done, and no byte of a client has been read. */
  #takeIdentity(): void {
    const { user } = this.#boot;
    if (user === null) return;
    (process as NodeJS.Process & { initgroups?(user: string, group: number): void }).initgroups?.(user.name, user.gid);
    process.setgid?.(user.gid);
    process.setuid?.(user.uid);
    const isRoot = process.getuid?.() === 0 || process.geteuid?.() === 0 || process.getgroups?.().includes(0);
    if (isRoot || process.getuid?.() !== user.uid) throw new ProcessError(`could not become user '${user.name}'`);
  }
}

/** Limits of connections: they hold before a virtual host is known, so the main server's are the ones. */
function limitsOf(config: Config): HttpLimits {
  // Where the main server is silent and there is one virtual host, its lines are meant.
  const only = config.servers.length === 2 ? config.servers[1] : undefined;
  const settings = (only ?? config.main).settings;
  const timeoutMs = settings.get(limitSettings.timeoutSeconds, defaultLimits.timeoutSeconds) * 1000;
  return {
    requestLineBytesLimit: settings.get(limitSettings.requestLineBytesLimit, defaultLimits.requestLineBytesLimit),
    requestFieldsLimit: settings.get(limitSettings.requestFieldsLimit, defaultLimits.requestFieldsLimit),
    requestFieldBytesLimit: settings.get(limitSettings.requestFieldBytesLimit, defaultLimits.requestFieldBytesLimit),
    keepAlive: settings.get(limitSettings.keepAlive, defaultLimits.keepAlive),
    keepAliveTimeoutMs: settings.get(limitSettings.keepAliveTimeoutMs, defaultLimits.keepAliveTimeoutMs),
    maxKeepAliveRequests: settings.get(limitSettings.maxKeepAliveRequests, defaultLimits.maxKeepAliveRequests),
    timeoutMs,
    headerMsLimit: headerMsLimitOf(config, timeoutMs),
    bodyPace: readPaceOf(settings, 'body'),
    accept: acceptRulesOf(config),
  };
}

/**
 * Under prefork a child has one connection at a time, as Apache's: whoever is slow keeps one child and no more. That
 * includes a connection that is kept open between two requests (KeepAliveTimeout): the next request on it must not find
 * the child at work for somebody else while others are idle.
 */
function acceptRulesOf({ main }: Config): HttpLimits['accept'] {
  const { mpm } = readMpm(main.settings);
  return {
    connectionsAtOnce: mpm.name === 'prefork' ? 1 : undefined,
    connectionsLimit: mpm.maxConnectionsPerChild,
  };
}

/** Timeout bounds the header, too, unless a line says how long it may take; 0 for any time. */
function headerMsLimitOf(config: Config, timeoutMs: number): number {
  const limits = config.servers.map(({ settings }) => {
    const { initialSeconds, maxSeconds } = readPaceOf(settings, 'header');
    const isSet = settings.find(requestReadPaces)?.header !== undefined;
    const ms = initialSeconds === 0 ? Number.POSITIVE_INFINITY : maxSeconds * 1000;
    return isSet ? ms : Math.min(ms, timeoutMs);
  });
  const longest = Math.max(...limits);
  return Number.isFinite(longest) ? longest : 0;
}

/** Milliseconds since the epoch, with fractions. */
function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** A whole response for what was no request. */
function formatRefusal(status: number, serverHeader: string, page: string): string {
  return (
    `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\nDate: ${new Date().toUTCString()}\r\nServer: ${serverHeader}\r\n` +
    `Content-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(page)}\r\nConnection: close\r\n\r\n${page}`
  );
}

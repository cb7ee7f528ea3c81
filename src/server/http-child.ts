/** What an http child consists of, put together from its boot message. http-child-main.ts is the process around it. */

import type { Clock } from '../base/clock.js';
import { ProcessError } from '../base/errors.js';
import type { Config, ServerScope } from '../conf/config.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { GLOBAL_GROUP } from '../wsgi/expansion.js';
import { requireKoffi } from '../wsgi/libpython.js';
import type { EmbeddablePython } from '../wsgi/libpython-probe.js';
import { AccessLogs } from './access-logging.js';
import type { BootMessage, FromChild } from './child-messages.js';
import { replayConfig } from './config-source.js';
import { EmbeddedMode } from './embedded-mode.js';
import { ErrorLog, noLogLevels } from './error-log.js';
import { becomeUser } from './identity.js';
import { LoadReporter } from './load-reporter.js';
import { errorLogPath, logLevels } from './log-directives.js';
import { LogFile } from './log-file.js';
import { readPaceOf } from './reqtimeout-directives.js';
import { RequestServer } from './request-server.js';
import { TlsAcceptor } from './tls-acceptor.js';
import type { VirtualHosts } from './virtual-hosts.js';

const standardErrorDescriptor = 2;
const tickMs = 1000;

export class HttpChild {
  readonly #boot: BootMessage;
  readonly #clock: Clock;
  readonly #config: Config;
  readonly #logFiles = new Map<string, LogFile>();
  readonly #standardError = new LogFile(standardErrorDescriptor);
  readonly #errorLogs = new Map<ServerScope, ErrorLog>();
  readonly #embedded: EmbeddedMode;
  readonly #requests: RequestServer;
  readonly #ticker: NodeJS.Timeout;

  /** `tell`: says something to the parent. */
  constructor(boot: BootMessage, clock: Clock, tell: (message: FromChild) => void) {
    this.#boot = boot;
    this.#clock = clock;
    this.#config = replayConfig(boot.config);
    for (const [path, descriptor] of Object.entries(boot.logs)) this.#logFiles.set(path, new LogFile(descriptor));
    for (const scope of this.#config.servers) this.#errorLogs.set(scope, this.#openErrorLog(scope));
    const load = new LoadReporter(
      clock,
      () => this.#requests.connections.load,
      (found) => tell({ type: 'load', load: found }),
    );
    this.#embedded = this.#createEmbedded();
    this.#requests = new RequestServer({
      config: this.#config,
      clock,
      connectionNumber: boot.connectionNumber,
      hostAddresses: boot.hostAddresses,
      errorLogOf: (scope) => this.#errorLogOf(scope),
      accessLogs: new AccessLogs(this.#logFiles),
      createTls: (hosts, timeoutMs) => this.#createTls(hosts, timeoutMs),
      embedded: this.#embedded,
      onStuck: (group) => {
        if (group === GLOBAL_GROUP) this.#embedded.describeRunning();
        else tell({ type: 'stuck', group });
      },
      onLoad: () => load.changed(),
      onWorn: () => tell({ type: 'worn' }),
    });
    this.#ticker = setInterval(() => this.#requests.tick(), tickMs);
    // Its files may be closed to the user that we become.
    if (boot.embedded !== null) requireKoffi();
    // Last of all: whatever needs root has been done, and no byte of a client has been read.
    if (boot.user !== null) becomeUser(boot.user);
  }

  /** @throws StillhouseError where it can't serve as configured */
  async listen(): Promise<void> {
    // Its user is what the applications run as, and is taken by now.
    if (this.#boot.embedded !== null) await this.#startEmbedded(this.#boot.embedded);
    for (const { descriptor, address } of this.#boot.listeners)
      await this.#requests.connections.listen(descriptor, address);
  }

  setProcesses(group: string, processes: readonly DaemonAddress[]): void {
    this.#requests.groups.get(group)?.setProcesses(processes);
  }

  /** The group's new code could not be loaded. */
  releaseHeld(group: string): void {
    this.#requests.groups.get(group)?.releaseHeld();
  }

  /** Accepts no more; resolves when the last connection has ended by itself. */
  async drain(): Promise<void> {
    await this.#requests.connections.drain();
    await this.#finish(false);
  }

  /**
   * Accepts no more; resolves when what was begun is over. The parent bounds it.
   * @param serverStops the daemon processes stop as well: what waits for one waits in vain
   */
  async stop(serverStops: boolean): Promise<void> {
    if (serverStops) for (const group of this.#requests.groups.values()) group.refuseToWait();
    await this.#requests.connections.close();
    await this.#finish(serverStops);
  }

  async #finish(serverStops: boolean): Promise<void> {
    clearInterval(this.#ticker);
    await this.#embedded.stop(serverStops);
    await this.#requests.close();
    await Promise.all([...this.#logFiles.values(), this.#standardError].map((file) => file.flush()));
  }

  #createEmbedded(): EmbeddedMode {
    const log = this.#errorLogOf(this.#config.main);
    return new EmbeddedMode({
      config: this.#config,
      folder: this.#boot.folder,
      report: (level, message) => log.log(level, 'wsgi', message),
    });
  }

  async #startEmbedded(python: EmbeddablePython): Promise<void> {
    const processes = this.#requests.groups.get(GLOBAL_GROUP);
    if (processes !== undefined) await this.#embedded.start(python, processes);
  }

  #createTls(hosts: VirtualHosts, timeoutMs: number): TlsAcceptor | undefined {
    const materials = this.#boot.tls;
    if (Object.keys(materials).length === 0) return undefined;
    return new TlsAcceptor({
      servers: this.#config.servers,
      materials,
      findServer: (address, port, name) => hosts.find(address, port, name),
      handshakeMsLimit: ({ settings }) => readPaceOf(settings, 'handshake').initialSeconds * 1000 || timeoutMs,
      report: (server, client, message) => this.#errorLogOf(server).log('info', 'ssl', message, { client }),
    });
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
}

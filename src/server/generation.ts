/**
 * All that the parent makes of one configuration: bound sockets, open logs, daemon process groups and http children. A
 * reload makes another generation beside the one that serves, takes over from it what has not changed, and lets it go
 * once the new one serves; where anything fails, the new one is discarded and the old one has noticed nothing.
 *
 *   new Generation ──start──▶ started ──takeOver──▶ serving ──release──▶ draining ──▶ gone
 *                      └─ fails: discard ─▶ gone
 */

import type { Clock } from '../base/clock.js';
import { ProcessError } from '../base/errors.js';
import type { Config } from '../conf/config.js';
import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import { DaemonGroup } from '../wsgi/daemon-group.js';
import type { EmbeddablePython } from '../wsgi/libpython-probe.js';
import type { Account } from './accounts.js';
import type { ConfigSnapshot } from './config-source.js';
import { processSettings } from './core-process-directives.js';
import { probeEmbedded } from './embedded-plan.js';
import { startsEmbedded } from './embedded-scopes.js';
import type { LogLevelName } from './error-log.js';
import { type GroupPlan, type PythonProbes, planGroups, planSpawn, signatureOf } from './group-plans.js';
import { resolveHostNames } from './host-addresses.js';
import { type HttpChildBoot, HttpChildHandle } from './http-child-handle.js';
import { HttpChildren } from './http-children.js';
import { findHttpAccount } from './identity.js';
import { ListeningSocket } from './listening-sockets.js';
import { errorLogPath } from './log-directives.js';
import { type Mpm, readMpm, spareBoundsOf } from './mpm.js';
import { OpenLogs } from './open-logs.js';
import type { RuntimeFolder } from './runtime-folder.js';
import { serverVersion } from './server-version.js';
import { requireTls, schemeAt } from './tls-material.js';

/** What generations share: it lives as long as the parent. */
export interface ParentServices {
  readonly clock: Clock;
  readonly runtime: RuntimeFolder;
  readonly probes: PythonProbes;
  readonly mayStayRoot: boolean;
  readonly nextDaemonId: () => number;
  readonly nextConnectionNumber: () => number;
  readonly report: (level: LogLevelName, module: 'core' | 'wsgi', message: string) => void;
  /** The processes of this group that take requests are others than before. */
  readonly onProcesses: (group: DaemonGroup, processes: readonly DaemonAddress[]) => void;
  readonly onKept: (group: DaemonGroup) => void;
}

/** A configuration to make a generation of. */
export interface GenerationSource {
  readonly config: Config;
  readonly snapshot: ConfigSnapshot;
}

interface PlannedGroup {
  readonly plan: GroupPlan;
  readonly signature: string;
  readonly group: DaemonGroup;
  /** The generation before has it, too. */
  readonly isKept: boolean;
}

/**
 * Of http children that have one connection each, and are many: the garbage of one request at a time needs little room
 * (docs/decisions/014-direct-call.md).
 */
const preforkNodeOptions: readonly string[] = ['--max-semi-space-size=2'];

/** Where GracefulShutdownTimeout sets no limit. */
const defaultDrainSeconds = 300;

export class Generation {
  readonly number: number;
  readonly source: GenerationSource;
  readonly account: Account | undefined;
  readonly logs: OpenLogs;
  readonly mpm: Mpm;
  /** What runs in embedded mode; undefined where nothing does, as far as the configuration tells. */
  readonly embedded: EmbeddablePython | undefined;
  readonly #services: ParentServices;
  readonly #groups: ReadonlyMap<string, PlannedGroup>;
  /** By the Listen line's address. */
  readonly #sockets: ReadonlyMap<string, ListeningSocket>;
  readonly #ownSockets: readonly ListeningSocket[];
  readonly #tls: HttpChildBoot['tls'];
  #hostAddresses: Readonly<Record<string, readonly string[]>> = {};
  #children: HttpChildren | undefined;
  #startFailure: string | undefined;
  #isStarted = false;

  /** Prepares all that can fail without a process. @throws StillhouseError; nothing is left behind then */
  constructor(number: number, source: GenerationSource, services: ParentServices, previous: Generation | undefined) {
    const { config } = source;
    this.number = number;
    this.source = source;
    this.mpm = readMpm(config.main.settings).mpm;
    this.#services = services;
    this.account = findHttpAccount(config.main.settings, services.mayStayRoot);
    this.#tls = requireTls(config);
    const plans = planGroups(config, this.account, services.probes);
    if (startsEmbedded(config)) this.embedded = probeEmbedded(config, this.account);
    const sockets = new Map<string, ListeningSocket>();
    const own: ListeningSocket[] = [];
    try {
      for (const [key, { host, port }] of listenAddresses(config)) {
        let socket = previous === undefined ? undefined : previous.#sockets.get(key);
        if (socket === undefined) {
          socket = new ListeningSocket(host, port);
          own.push(socket);
        }
        sockets.set(key, socket);
      }
      this.logs = new OpenLogs(config, (message) => services.report('error', 'core', message));
    } catch (error) {
      for (const socket of own) socket[Symbol.dispose]();
      throw error;
    }
    this.#sockets = sockets;
    this.#ownSockets = own;
    this.#groups = new Map(plans.map((plan) => [plan.definition.name, this.#planGroup(plan, previous)]));
  }

  get addresses(): readonly (ListeningSocket['address'] & { readonly scheme: 'http' | 'https' })[] {
    const { servers } = this.source.config;
    return [...this.#sockets.values()].map(({ address }) => ({ ...address, scheme: schemeAt(servers, address.port) }));
  }

  get groups(): readonly { readonly plan: GroupPlan; readonly group: DaemonGroup }[] {
    return [...this.#groups.values()];
  }

  /** Names of the groups that this generation has from the one before, and of those that it began. */
  get changes(): { readonly kept: readonly string[]; readonly started: readonly string[] } {
    const names = (isKept: boolean): string[] =>
      [...this.#groups].filter(([, planned]) => planned.isKept === isKept).map(([name]) => name);
    return { kept: names(true), started: names(false) };
  }

  get httpChildren(): HttpChildren['reports'] {
    return this.#children?.reports ?? [];
  }

  findGroup(name: string): DaemonGroup | undefined {
    return this.#groups.get(name)?.group;
  }

  uses(group: DaemonGroup): boolean {
    return this.#groups.get(group.definition.name)?.group === group;
  }

  /**
   * Starts the groups that are new and the http children; resolves when all serve.
   * @throws ProcessError where one can't run as configured, or where a group of the generation before could load scripts
   *   that its successor can't
   */
  async start(progress: (text: string) => void = () => {}): Promise<void> {
    const { config } = this.source;
    this.#hostAddresses = await resolveHostNames(config);
    const fresh = [...this.#groups.values()].filter((planned) => !planned.isKept);
    if (fresh.length > 0) progress(`starting ${fresh.map(({ plan }) => `'${plan.definition.name}'`).join(', ')}`);
    const children = this.#createChildren();
    this.#children = children;
    // At the first start all at once; at a reload nobody accepts connections before the applications are there.
    if (this.number === 1) {
      // An http child takes longest, and is spawned first.
      const served = children.start();
      await Promise.all([served, ...fresh.map(({ group }) => group.start())]);
    } else {
      await Promise.all(fresh.map(({ group }) => group.start()));
      for (const { group } of fresh) this.#checkStarted(group);
      if (this.#startFailure === undefined) {
        progress('starting http children');
        await children.start();
      }
    }
    if (this.#startFailure !== undefined) throw new ProcessError(this.#startFailure);
    this.#isStarted = true;
  }

  /** From here on this generation is the one that serves. */
  async takeOver(previous: Generation): Promise<void> {
    const passed: Promise<void>[] = [];
    for (const { plan, group, isKept } of this.#groups.values()) {
      if (!isKept) continue;
      group.adopt(plan.definition, this.#spawnerOf(plan));
      for (const handle of group.handles) {
        passed.push(
          handle.passErrorLog(this.#errorLogOf(plan)).then((failure) => {
            if (failure === undefined) return;
            const message = `the error log could not be opened anew for pid ${handle.pid}: ${failure}`;
            this.#services.report('warn', 'wsgi', message);
          }),
        );
      }
    }
    await Promise.all(passed);
    for (const [key, socket] of previous.#sockets) if (this.#sockets.get(key) !== socket) socket[Symbol.dispose]();
  }

  /** Lets the http children finish, then the groups that `next` has not taken over; resolves when all have ended. */
  async release(next: Generation): Promise<void> {
    await this.#children?.drain();
    const left = [...this.#groups.values()].filter(({ group }) => !next.uses(group));
    await Promise.all(left.map(({ group }) => group.retire('reload')));
    this.logs[Symbol.dispose]();
  }

  /** No more waiting for connections that its http children have not finished. */
  async endChildren(): Promise<void> {
    await this.#children?.stop();
  }

  /** It could not be started: ends what it began, and leaves what belongs to the generation before. */
  async discard(): Promise<void> {
    const fresh = [...this.#groups.values()].filter((planned) => !planned.isKept);
    await Promise.all([this.#children?.stop(), ...fresh.map(({ group }) => group.stop())]);
    for (const socket of this.#ownSockets) socket[Symbol.dispose]();
    this.logs[Symbol.dispose]();
  }

  /** Ends everything but the logs, as the server stops. Together: the http children finish what the daemon processes still answer. */
  async stop(): Promise<void> {
    await Promise.all([this.#children?.stop(), ...this.groups.map(({ group }) => group.stop())]);
    for (const socket of this.#sockets.values()) socket[Symbol.dispose]();
  }

  /** No more waiting. */
  killNow(): void {
    for (const { group } of this.groups) group.killNow();
    this.#children?.killNow();
  }

  setProcesses(group: DaemonGroup, processes: readonly DaemonAddress[]): void {
    if (this.uses(group)) this.#children?.setProcesses(group.definition.name, processes);
  }

  releaseHeld(group: DaemonGroup): void {
    if (this.uses(group)) this.#children?.releaseHeld(group.definition.name);
  }

  #planGroup(plan: GroupPlan, previous: Generation | undefined): PlannedGroup {
    const signature = signatureOf(plan);
    const former = previous === undefined ? undefined : previous.#groups.get(plan.definition.name);
    if (former !== undefined && former.signature === signature) {
      return { plan, signature, group: former.group, isKept: true };
    }
    const { clock, nextDaemonId, report, onProcesses, onKept } = this.#services;
    const group: DaemonGroup = new DaemonGroup({
      definition: plan.definition,
      clock,
      nextId: nextDaemonId,
      spawnFor: this.#spawnerOf(plan),
      report: (level, message) => report(level, 'wsgi', message),
      onProcesses: (processes) => onProcesses(group, processes),
      onKept: () => onKept(group),
      onCannotStart: (reason) => this.#cannotStart(`daemon process group '${plan.definition.name}': ${reason}`),
      knownScripts: former?.group.knownScripts ?? [],
    });
    return { plan, signature, group, isKept: false };
  }

  #spawnerOf(plan: GroupPlan): ConstructorParameters<typeof DaemonGroup>[0]['spawnFor'] {
    const { runtime } = this.#services;
    return (facts) =>
      planSpawn(
        plan,
        facts,
        { socket: runtime.file(`daemon-${facts.id}.sock`), scoreboard: runtime.file(`daemon-${facts.id}.scoreboard`) },
        this.#errorLogOf(plan),
      );
  }

  #errorLogOf(plan: GroupPlan): number {
    return this.logs.errorLogAt(plan.scope.settings.find(errorLogPath));
  }

  #createChildren(): HttpChildren {
    const { settings } = this.source.config.main;
    const { clock, report } = this.#services;
    const drainSeconds = settings.get(processSettings.gracefulShutdownTimeoutSeconds, 0) || defaultDrainSeconds;
    return new HttpChildren({
      mpm: this.mpm,
      spare: spareBoundsOf(this.mpm, this.embedded !== undefined),
      isReload: this.number > 1,
      clock,
      spawn: (events, further) => new HttpChildHandle(this.#bootHttpChild(), events, further),
      drainMsLimit: drainSeconds * 1000,
      processes: new Map([...this.#groups].map(([name, { group }]) => [name, group.processes])),
      report: (level, message) => report(level, 'core', message),
      onCannotStart: (reason) => this.#cannotStart(reason),
      onStuck: (name) => this.findGroup(name)?.describeRunning(),
    });
  }

  #bootHttpChild(): HttpChildBoot {
    const { account } = this;
    const connectionNumber = this.#services.nextConnectionNumber();
    return {
      nodeOptions: this.mpm.name === 'prefork' ? preforkNodeOptions : [],
      config: this.source.snapshot,
      connectionNumber,
      user: account === undefined ? null : { name: account.name, uid: account.uid, gid: account.gid },
      listeners: [...this.#sockets.values()].map(({ descriptor, address }) => ({ descriptor, address })),
      logs: this.logs.descriptors,
      errorLog: this.logs.errorLog,
      hostAddresses: this.#hostAddresses,
      serverVersion,
      tls: this.#tls,
      folder: this.#services.runtime.file(`child-${connectionNumber}`),
      embedded: this.embedded ?? null,
    };
  }

  /** At a reload there is something better to go on with than a group that does not work. */
  #checkStarted(group: DaemonGroup): void {
    const { loadFailures, processes, definition } = group;
    const what = `daemon process group '${definition.name}'`;
    if (loadFailures.length > 0) this.#cannotStart(`${what}: ${loadFailures.join('; ')}`);
    else if (processes.length === 0) this.#cannotStart(`${what}: no process of it stayed alive, see the error log`);
  }

  #cannotStart(reason: string): void {
    if (!this.#isStarted) this.#startFailure ??= reason;
  }
}

/** Each Listen line under a key; of equal ones (port 0 asks for any port) each under its own. @throws ProcessError */
function listenAddresses(
  config: Config,
): ReadonlyMap<string, { readonly host: string | undefined; readonly port: number }> {
  const addresses = new Map<string, { readonly host: string | undefined; readonly port: number }>();
  for (const { host, port } of config.main.settings.get(processSettings.listen, [])) {
    let key = `${host ?? '*'} ${port}`;
    while (addresses.has(key)) key += ' again';
    addresses.set(key, { host, port });
  }
  if (addresses.size > 0) return addresses;
  throw new ProcessError(
    'no listening sockets available: the configuration has no Listen line; write for example Listen 8000',
  );
}

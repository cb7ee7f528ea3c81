/**
 * Sends requests through the server of a configuration, as they would come over a connection, and tells what became of
 * each. The server is a RequestServer as an http child has it, so that what is told is what would happen; it has no
 * listeners, no logs and no processes, and stops where one of those would be needed.
 */

import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { systemClock } from '../base/clock.js';
import { StillhouseError } from '../base/errors.js';
import type { ServerScope } from '../conf/config.js';
import type { ClientRequest } from '../http/client-request.js';
import { AccessLogs } from './access-logging.js';
import type { LoadedConfig } from './config-source.js';
import { DirectiveSources } from './directive-sources.js';
import { requireUnrestricted } from './embedded-mode.js';
import { ExplainedSocket } from './explained-socket.js';
import type { Explanation } from './explanation.js';
import { makeExplanation } from './explanation-making.js';
import { resolveHostNames } from './host-addresses.js';
import type { ConnectionTls } from './http-connections.js';
import { RequestRecorder } from './request-recorder.js';
import { RequestServer } from './request-server.js';
import { sslSettings } from './ssl-directives.js';
import { SecureConnection } from './tls-acceptor.js';
import { loadTls, speaksTls } from './tls-material.js';
import type { VirtualHosts } from './virtual-hosts.js';

export interface RequestToExplain {
  /** As a client sends it; the first request counts. */
  readonly bytes: Buffer;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** The address in the Listen line; undefined where it has none. */
  readonly listenerHost: string | undefined;
  /** Over TLS. `serverName`: what the handshake names. */
  readonly tls: { readonly serverName: string | undefined } | undefined;
}

/** A request that has no answer by then waits for something that will not come: more of its body. */
const answerMsLimit = 10_000;
const firstClientPort = 49_152;

export class Explainer implements AsyncDisposable {
  readonly #loaded: Pick<LoadedConfig, 'config' | 'tree'>;
  readonly #sources: DirectiveSources;
  readonly #server: RequestServer;
  readonly #recorders = new WeakMap<object, RequestRecorder>();
  readonly #certificates: readonly (X509Certificate | undefined)[];
  /** The one whose messages come now: requests are explained one after the other. */
  #current: RequestRecorder | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    loaded: Pick<LoadedConfig, 'config' | 'tree'>,
    hostAddresses: Readonly<Record<string, readonly string[]>>,
  ) {
    const { config } = loaded;
    this.#loaded = loaded;
    this.#sources = new DirectiveSources(config, loaded.tree);
    this.#certificates = readCertificates(loaded);
    this.#server = new RequestServer({
      config,
      clock: systemClock,
      connectionNumber: 1,
      hostAddresses,
      errorLogOf: () => ({ log: (level, _module, message) => this.#current?.logged(level, message) }),
      accessLogs: new AccessLogs(new Map()),
      createTls: (hosts) => (config.servers.some(speaksTls) ? refusePlain(hosts) : undefined),
      embedded: { provide: (_, script) => requireUnrestricted(config, script) },
      onStuck: () => {},
      onLoad: () => {},
      onWorn: () => {},
      traceOf: (incoming) => this.#recorderOf(incoming),
    });
  }

  /** Looks up the names in <VirtualHost>. The configuration must be one that a server starts with. */
  static async create(loaded: Pick<LoadedConfig, 'config' | 'tree'>): Promise<Explainer> {
    return new Explainer(loaded, await resolveHostNames(loaded.config));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#server.close();
  }

  get hosts(): VirtualHosts {
    return this.#server.hosts;
  }

  /** One after the other. @throws StillhouseError where TLS is wanted and not spoken there */
  explain(request: RequestToExplain): Promise<Explanation> {
    const explained = this.#last.then(() => this.#explain(request));
    this.#last = explained.catch(() => {}); // whoever asked hears of it
    return explained;
  }

  async #explain(request: RequestToExplain): Promise<Explanation> {
    const { listenerHost, localAddress, localPort, remoteAddress } = request;
    const { notes, secure } = this.#secure(request);
    const ends = { localAddress, localPort, remoteAddress, remotePort: firstClientPort };
    const socket = new ExplainedSocket(request.bytes, ends);
    const { promise: settled, resolve: settle } = promiseWithResolve();
    const recorder = new RequestRecorder(settle);
    this.#recorders.set(socket, recorder);
    this.#current = recorder;
    // The end of a connection whose request was none.
    for (const event of ['finish', 'close']) socket.once(event, settle);
    socket.on('error', () => {}); // its end is what counts
    this.#server.connections.serve(socket as unknown as Socket, { host: listenerHost, port: localPort }, secure);
    const isSettled = await isInTime(settled);
    socket.destroy();
    this.#current = undefined;
    return makeExplanation({
      request,
      config: this.#loaded.config,
      recorder,
      head: socket.head,
      hosts: this.#server.hosts,
      catalog: this.#server.catalog,
      sources: this.#sources,
      notes: isSettled ? notes : [...notes, 'no answer comes before the rest of the body does'],
    });
  }

  #recorderOf({ socket }: ClientRequest): RequestRecorder {
    // Of the first request of the connection; what follows it is not explained.
    return this.#recorders.get(socket) ?? new RequestRecorder(() => {});
  }

  /** What the handshake would have given, as TlsAcceptor chooses servers. */
  #secure({ localAddress, localPort, tls }: RequestToExplain): {
    readonly secure: SecureConnection | undefined;
    readonly notes: readonly string[];
  } {
    if (tls === undefined) return { secure: undefined, notes: [] };
    const base = this.hosts.find(localAddress, localPort, undefined);
    if (!speaksTls(base)) {
      throw new StillhouseError('config', `${localAddress}:${localPort} speaks no TLS: write http:// in the URL`);
    }
    const serverName = tls.serverName !== undefined && isIP(tls.serverName) === 0 ? tls.serverName : undefined;
    const named = serverName === undefined ? base : this.hosts.find(localAddress, localPort, serverName);
    const server: ServerScope = speaksTls(named) ? named : base;
    const secure = new SecureConnection(named, serverName, {
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      isResumed: false,
      serverCertificate: this.#certificates[server.index],
      clientCertificate: undefined,
      clientChain: [],
      verification: 'NONE',
    });
    const verification = server.settings.get(sslSettings.verifyClient, 'none');
    const notes = ['TLS is taken to be TLSv1.3 with TLS_AES_256_GCM_SHA384, and the client to show no certificate'];
    if (verification === 'require') {
      notes.push(
        'SSLVerifyClient require: without a certificate of the client the handshake fails, and nothing is answered',
      );
    }
    return { secure, notes };
  }
}

/** Plain HTTP to a port where TLS is spoken is refused; TLS itself is not spoken here. */
function refusePlain(hosts: VirtualHosts): ConnectionTls {
  return {
    serves: () => true,
    accept(socket, localAddress, delivery) {
      if (speaksTls(hosts.find(localAddress, socket.localPort ?? 0, undefined))) delivery.refused(socket);
      else delivery.ready(socket, undefined);
    },
    close() {},
  };
}

/** By the server's index, as far as this user may read them: SSL_SERVER_* come from them. */
function readCertificates({ config }: Pick<LoadedConfig, 'config'>): readonly (X509Certificate | undefined)[] {
  if (!config.servers.some(speaksTls)) return [];
  const { materials } = loadTls(config);
  return config.servers.map(({ index }) => {
    const certificate = materials[index]?.certificates[0];
    return certificate === undefined ? undefined : new X509Certificate(certificate);
  });
}

function promiseWithResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function isInTime(settled: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), answerMsLimit);
  });
  const isSettled = await Promise.race([settled.then(() => true), late]);
  clearTimeout(timer);
  return isSettled;
}

/**
 * TLS in front of HTTP: which server a fresh connection is for, its handshake, and what is known of it afterwards.
 * One tls.Server for each server of the configuration that speaks TLS; none of them listens: the connection's first
 * message is read here, for the host that it names, and the connection then injected into that host's.
 *
 *   accepted ──▶ reading the first message ──▶ handshake ──▶ delivered, with a SecureConnection
 *       │                   ├── something else than TLS: refused in plain text
 *       │                   └── late, or gone: destroyed
 *       └── the server there speaks no TLS: delivered as it is
 *
 * Called by HttpConnections for listeners where a server may speak TLS; others never come here.
 */

import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerScope } from '../conf/config.js';
import type { Setting } from '../conf/settings.js';
import { parseClientHello } from '../http/tls-client-hello.js';
import type { TlsMaterial } from './child-messages.js';
import { type NamedFile, sslSettings } from './ssl-directives.js';
import {
  clientChainOf,
  makeCertificateVariables,
  makeStandardVariables,
  type SslVariables,
  type TlsFacts,
} from './ssl-variables.js';
import { secureContextOptions } from './tls-context.js';

/** A connection whose handshake is done. */
export class SecureConnection {
  /** The server that the handshake was for; without TLS of its own it shows the certificate of the first one there. */
  readonly scope: ServerScope;
  /** The host that the client named in the handshake. */
  readonly serverName: string | undefined;
  readonly #facts: TlsFacts;
  #standard: SslVariables | undefined;
  #certificates: SslVariables | undefined;

  constructor(scope: ServerScope, serverName: string | undefined, facts: TlsFacts) {
    this.scope = scope;
    this.serverName = serverName;
    this.#facts = facts;
  }

  /** What SSLOptions StdEnvVars gives. */
  get standardVariables(): SslVariables {
    this.#standard ??= makeStandardVariables(this.#facts);
    return this.#standard;
  }

  /** What SSLOptions ExportCertData gives. */
  get certificateVariables(): SslVariables {
    this.#certificates ??= makeCertificateVariables(this.#facts);
    return this.#certificates;
  }

  /** One variable by name, whatever SSLOptions say: for logs and rules. */
  variable(name: string): string | undefined {
    if (name === 'HTTPS') return 'on';
    if (name === 'SSL_TLS_SNI') return this.serverName;
    return this.standardVariables.get(name) ?? this.certificateVariables.get(name);
  }
}

export interface TlsAcceptorOptions {
  readonly servers: readonly ServerScope[];
  readonly materials: Readonly<Record<number, TlsMaterial>>;
  /** The server of a connection's own end; with a name, as VirtualHosts.find. */
  readonly findServer: (localAddress: string, localPort: number, name: string | undefined) => ServerScope;
  /** How long the first message and the handshake may take together. */
  readonly handshakeMsLimit: (server: ServerScope) => number;
  readonly report: (server: ServerScope, client: string, message: string) => void;
}

export interface TlsDelivery {
  /** HTTP may be spoken on it. */
  ready(socket: Socket, secure: SecureConnection | undefined): void;
  /** The client speaks no TLS where TLS is spoken. */
  refused(socket: Socket): void;
}

interface PendingHandshake {
  readonly accepted: Socket;
  readonly named: ServerScope;
  readonly serverName: string | undefined;
  readonly delivery: TlsDelivery;
  readonly settle: () => void;
}

/** What is forgiven under optional_no_ca, and what OpenSSL calls it. */
const forgivable: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
  ['CERT_UNTRUSTED', 'certificate not trusted'],
]);

const defaultVerifyDepth = 1;

export class TlsAcceptor {
  readonly #options: TlsAcceptorOptions;
  readonly #tlsServers = new Map<ServerScope, Server>();
  readonly #certificates = new Map<ServerScope, X509Certificate>();
  /** By both ends: what tls.Server hands back is another object than it was given. */
  readonly #handshakes = new Map<string, PendingHandshake>();
  readonly #pending = new Set<Socket>();

  constructor(options: TlsAcceptorOptions) {
    this.#options = options;
    for (const server of options.servers) {
      const material = options.materials[server.index];
      if (material === undefined) continue;
      this.#tlsServers.set(server, this.#createServer(server, material));
      this.#certificates.set(server, new X509Certificate(material.certificates[0] ?? ''));
    }
  }

  /** Whether TLS may be spoken at a port. */
  serves(port: number): boolean {
    for (const server of this.#tlsServers.keys()) {
      if (server.addresses.length === 0 || server.addresses.some((one) => one.port === 0 || one.port === port))
        return true;
    }
    return false;
  }

  /** Takes a connection that has just been accepted. */
  accept(socket: Socket, localAddress: string, delivery: TlsDelivery): void {
    const localPort = socket.localPort ?? 0;
    const base = this.#options.findServer(localAddress, localPort, undefined);
    if (!this.#tlsServers.has(base)) {
      delivery.ready(socket, undefined);
      return;
    }
    this.#pending.add(socket);
    const timer = setTimeout(() => {
      this.#report(base, socket, 'the TLS handshake took too long');
      socket.destroy();
    }, this.#options.handshakeMsLimit(base));
    const settle = (): void => {
      clearTimeout(timer);
      this.#pending.delete(socket);
    };
    socket.once('close', settle);
    socket.on('error', () => {}); // whoever goes away here is no error
    this.#readHello(
      socket,
      (serverName) => {
        const named = serverName === undefined ? base : this.#options.findServer(localAddress, localPort, serverName);
        const server = this.#tlsServers.has(named) ? named : base;
        const key = keyOf(socket);
        this.#handshakes.set(key, { accepted: socket, named, serverName, delivery, settle });
        socket.once('close', () => this.#handshakes.delete(key));
        this.#tlsServers.get(server)?.emit('connection', socket);
      },
      () => {
        settle();
        delivery.refused(socket);
      },
    );
  }

  /** Ends what is not done with its handshake. */
  close(): void {
    for (const socket of this.#pending) socket.destroy();
  }

  #readHello(socket: Socket, onHello: (serverName: string | undefined) => void, onOther: () => void): void {
    let received: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      }
      const hello = parseClientHello(received);
      if (hello.kind === 'incomplete') return;
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.unshift(received);
      if (hello.kind === 'hello') onHello(hello.serverName);
      else onOther();
    };
    const onEnd = (): void => {
      socket.destroy();
    };
    socket.on('readable', onReadable);
    socket.on('end', onEnd);
  }

  #createServer(scope: ServerScope, material: TlsMaterial): Server {
    const { settings } = scope;
    const verification = settings.get(sslSettings.verifyClient, 'none');
    const server = createServer({
      ...secureContextOptions(settings, material),
      requestCert: verification !== 'none',
      rejectUnauthorized: verification === 'require',
      ALPNProtocols: ['http/1.1'],
      // A session of one host is none of another's (RFC 6066 section 3).
      sessionIdContext: `stillhouse ${scope.index}`,
      // Ours counts from the beginning of the connection.
      handshakeTimeout: this.#options.handshakeMsLimit(scope),
    });
    server.on('secureConnection', (socket) => this.#secured(scope, socket));
    server.on('tlsClientError', (error, socket) => {
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (code !== 'ECONNRESET' && code !== 'EPIPE')
        this.#report(scope, socket, `the TLS handshake failed: ${reasonOf(message)}`);
      socket.destroy();
    });
    return server;
  }

  #secured(scope: ServerScope, socket: TLSSocket): void {
    const key = keyOf(socket);
    const handshake = this.#handshakes.get(key);
    this.#handshakes.delete(key);
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    handshake.settle();
    const clientCertificate = socket.getPeerX509Certificate();
    const clientChain = clientCertificate === undefined ? [] : clientChainOf(socket);
    const verification = this.#verify(scope, socket, clientCertificate, clientChain.length);
    if (verification === undefined) {
      socket.destroy();
      return;
    }
    // What a reset is for, TLS knows no other way to do: its own end would look like a good one.
    socket.resetAndDestroy = () => {
      handshake.accepted.resetAndDestroy();
      return socket.destroy();
    };
    const facts: TlsFacts = {
      protocol: socket.getProtocol() ?? '',
      cipher: socket.getCipher()?.name ?? '',
      isResumed: socket.isSessionReused(),
      serverCertificate: this.#certificates.get(scope),
      clientCertificate,
      clientChain,
      verification,
    };
    handshake.delivery.ready(socket, new SecureConnection(handshake.named, handshake.serverName, facts));
  }

  /** What SSL_CLIENT_VERIFY says; undefined where the connection must end. */
  #verify(
    scope: ServerScope,
    socket: TLSSocket,
    certificate: X509Certificate | undefined,
    depth: number,
  ): string | undefined {
    const wanted = scope.settings.get(sslSettings.verifyClient, 'none');
    if (wanted === 'none' || certificate === undefined) return 'NONE';
    if (!socket.authorized) {
      const reason = String(socket.authorizationError);
      const known = forgivable.get(reason);
      if (wanted === 'optional_no_ca' && known !== undefined) return `FAILED:${known}`;
      this.#report(scope, socket, `the certificate of the client is refused: ${reason}`);
      return undefined;
    }
    const limit = scope.settings.get(sslSettings.verifyDepth, defaultVerifyDepth);
    if (depth <= limit) return 'SUCCESS';
    this.#report(
      scope,
      socket,
      `the certificate of the client is refused: its chain is longer than SSLVerifyDepth ${limit}`,
    );
    return undefined;
  }

  #report(server: ServerScope, socket: Socket, message: string): void {
    this.#options.report(server, `${socket.remoteAddress}:${socket.remotePort}`, message);
  }
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`;
}

/** OpenSSL's words without the codes around them. */
function reasonOf(message: string): string {
  return /routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message.trim();
}

/**
 * Whether a request for one host may come over a handshake with another: browsers use one connection for hosts that a
 * certificate has in common. Not where that host has another one, or asks more of its clients (SSLVHostSNIPolicy secure,
 * as Apache has it where no line says otherwise).
 */
export function isTlsCompatible(one: ServerScope, other: ServerScope): boolean {
  if (one === other) return true;
  const isSame = <T>(setting: Setting<T>): boolean => one.settings.find(setting) === other.settings.find(setting);
  const files = [sslSettings.clientAuthorities, sslSettings.clientAuthorityFolder, sslSettings.revocations];
  return (
    isSame(sslSettings.engine) &&
    isSame(sslSettings.ciphers) &&
    isSame(sslSettings.cipherSuites) &&
    isSame(sslSettings.verifyClient) &&
    isSame(sslSettings.verifyDepth) &&
    isSame(sslSettings.checksRevocation) &&
    isSameList(one, other, sslSettings.certificates) &&
    isSameList(one, other, sslSettings.keys) &&
    files.every((setting) => one.settings.find(setting)?.path === other.settings.find(setting)?.path) &&
    [...one.settings.get(sslSettings.versions, new Set())].join() ===
      [...other.settings.get(sslSettings.versions, new Set())].join()
  );
}

function isSameList(one: ServerScope, other: ServerScope, setting: Setting<readonly NamedFile[]>): boolean {
  const [paths, others] = [one, other].map(({ settings }) =>
    settings
      .get(setting, [])
      .map(({ path }) => path)
      .join('\n'),
  );
  return paths === others;
}

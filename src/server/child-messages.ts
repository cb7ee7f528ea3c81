/** What parent and http child say to each other over the IPC channel. Plain data (JSON). */

import type { DaemonAddress } from '../wsgi/daemon-connection.js';
import type { EmbeddablePython } from '../wsgi/libpython-probe.js';
import type { ConfigSnapshot } from './config-source.js';
import type { BoundAddress } from './listening-sockets.js';
import type { ChildLoad } from './load-reporter.js';

/** PEM text for one server that speaks TLS. It is never logged. */
export interface TlsMaterial {
  /** Each with its chain behind it. */
  readonly certificates: readonly string[];
  /** In the same order. */
  readonly keys: readonly string[];
  /** Who may sign certificates of clients. */
  readonly authorities: readonly string[];
  /** Certificate revocation lists. */
  readonly revocations: readonly string[];
}

/** First message to an http child: all it needs to serve. */
export interface BootMessage {
  readonly type: 'boot';
  readonly config: ConfigSnapshot;
  /** Names this child's connections in the scoreboards; unique over the parent's life, from 1. */
  readonly connectionNumber: number;
  /** Whom to become; null: stay as started. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number } | null;
  /** Inherited descriptors of the bound sockets. */
  readonly listeners: readonly { readonly descriptor: number; readonly address: BoundAddress }[];
  /** Inherited descriptors of the open logs, by path; the main error log is also descriptor 2. */
  readonly logs: Readonly<Record<string, number>>;
  /** Numeric addresses of host names in <VirtualHost>. */
  readonly hostAddresses: Readonly<Record<string, readonly string[]>>;
  readonly serverVersion: string;
  /** Certificates and keys by the server's index in the configuration. */
  readonly tls: Readonly<Record<number, TlsMaterial>>;
  /** For files of this child alone; owned by its user. */
  readonly folder: string;
  /** The Python to load before the first connection is accepted. */
  readonly embedded: EmbeddablePython | null;
}

/** The processes of a group that there are now. */
export interface ProcessesMessage {
  readonly type: 'processes';
  readonly group: string;
  readonly processes: readonly DaemonAddress[];
}

/** Requests that wait for new code of the group wait in vain: it could not be loaded. */
export interface KeptMessage {
  readonly type: 'kept';
  readonly group: string;
}

/**
 * Others accept connections now: accept no more, serve those that there are until each can be closed without losing a
 * request, exit.
 */
export interface DrainMessage {
  readonly type: 'drain';
}

/** Accept no more connections, finish the requests at hand, exit. */
export interface StopMessage {
  readonly type: 'stop';
}

export type ToChild = BootMessage | ProcessesMessage | KeptMessage | DrainMessage | StopMessage;

export type FromChild =
  /** It accepts connections. */
  | { readonly type: 'ready' }
  /** Requests wait for too long: the group's processes are to write to the log what they run and where. */
  | { readonly type: 'stuck'; readonly group: string }
  /** It has this to do, and had something else when it last said so. */
  | { readonly type: 'load'; readonly load: ChildLoad }
  /** It has accepted MaxConnectionsPerChild connections: another one is to take its place. */
  | { readonly type: 'worn' }
  /** It can't serve, and would not the next time either. */
  | { readonly type: 'failed'; readonly message: string };

/**
 * Bound sockets of the Listen addresses. The parent binds them (it may be root, and they outlive its children) and
 * never accepts; each http child inherits the descriptors and listens on them.
 *
 * Node has no public call that binds without listening, so this uses the one that node:cluster is built on
 * (net._createServerHandle); it is confined to this file.
 */

import * as net from 'node:net';
import { constants } from 'node:os';
import { ListenError } from '../base/errors.js';

export interface BoundAddress {
  /** As configured; undefined: every address. */
  readonly host: string | undefined;
  /** The real port, also where any free one was asked for. */
  readonly port: number;
}

interface Handle {
  readonly fd: number;
  close(): void;
  getsockname(out: { address?: string; port?: number }): number;
}

type CreateHandle = (address: string, port: number, family: 4 | 6) => Handle | number;

const createHandle = (net as unknown as { readonly _createServerHandle: CreateHandle })._createServerHandle;

export class ListeningSocket implements Disposable {
  readonly address: BoundAddress;
  readonly #handle: Handle;

  /** @throws ListenError with the reason and who may fix it */
  constructor(host: string | undefined, port: number) {
    const handle = bind(host, port);
    if (typeof handle === 'number') throw new ListenError(describeFailure(host, port, handle));
    const bound: { port?: number } = {};
    // libuv keeps EADDRINUSE back until the handle is used; a child would otherwise listen on some other port.
    const error = handle.getsockname(bound);
    if (error !== 0) {
      handle.close();
      throw new ListenError(describeFailure(host, port, error));
    }
    this.#handle = handle;
    this.address = { host, port: bound.port ?? port };
  }

  get descriptor(): number {
    return this.#handle.fd;
  }

  [Symbol.dispose](): void {
    this.#handle.close();
  }
}

function bind(host: string | undefined, port: number): Handle | number {
  if (host !== undefined) return createHandle(host, port, host.includes(':') ? 6 : 4);
  // One socket for both families where the system has IPv6.
  const both = createHandle('::', port, 6);
  if (typeof both !== 'number') return both;
  const code = errorCode(both);
  return code === 'EAFNOSUPPORT' || code === 'EINVAL' || code === 'EADDRNOTAVAIL'
    ? createHandle('0.0.0.0', port, 4)
    : both;
}

const messages: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there already; stop it (`ss -ltnp` shows which it is) or choose another port',
  EACCES: 'no permission: ports below 1024 need root or CAP_NET_BIND_SERVICE; start as root or choose a higher port',
  EADDRNOTAVAIL: 'this machine has no such address; correct the Listen line',
};

function describeFailure(host: string | undefined, port: number, error: number): string {
  const code = errorCode(error);
  return `can't listen on ${formatAddress({ host, port })}: ${code}: ${messages[code] ?? 'the system refuses'}`;
}

function errorCode(error: number): string {
  // util.getSystemErrorName has the same table, but throws for numbers that it does not know.
  for (const [name, value] of Object.entries(systemErrors)) if (-value === error) return name;
  return `error ${error}`;
}

const systemErrors: Readonly<Record<string, number>> = constants.errno;

/** `127.0.0.1:8000`, `[::1]:8000`, `*:8000` */
export function formatAddress(address: BoundAddress): string {
  const { host, port } = address;
  if (host === undefined) return `*:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reading from clients into one buffer that all connections of the process share: what comes is looked at before the next
 * read, and only what has to stay is copied. A net.Socket that reads by itself allocates 64 KiB for each read, makes the
 * bytes go through a Readable, and looks in a later tick whether there is more.
 *
 * Node.js has this as the option `onread` of sockets that connect, but net.Server makes its sockets without it. So the
 * connection is taken over from the socket that net.Server has made, which stays behind without it and is ended when
 * the connection is: so the server and whoever else listens there see it come and go. This uses the handle below
 * net.Socket and the option `handle`, and is confined to this file; where a version of Node.js has them not the socket
 * is used as it is. docs/decisions/016-http-child-hot-path.md.
 */

import { type OnReadOpts, Socket } from 'node:net';

/** Who takes what comes. */
export interface ByteTaker {
  /** More than a few reads of a body are to be expected, which are kept for as long as its reader needs. */
  readonly isReadingBody: boolean;
  /** `length` bytes have come. `isLent`: they are there until this returns. */
  take(bytes: Buffer, length: number, isLent: boolean): void;
}

const bufferBytes = 64 * 1024;
/** A read of fewer bytes into a buffer of its own is copied, or a client could keep the whole of it with each byte. */
const keptBytesLeast = bufferBytes / 2;

const shared = Buffer.allocUnsafeSlow(bufferBytes);

interface HandleOwner {
  _handle?: object | null;
}

export class LentReader {
  readonly socket: Socket;
  taker: ByteTaker | undefined;
  /** For reads of a body: it need not be copied. */
  #own: Buffer | undefined;

  constructor(handle: object) {
    const onread: OnReadOpts = {
      buffer: () => this.#nextBuffer(),
      callback: (length, buffer) => this.#read(length, buffer as Buffer),
    };
    // @types/node has neither of the two for sockets that do not connect.
    const options = { handle, onread, allowHalfOpen: true };
    this.socket = new Socket(options);
  }

  #nextBuffer(): Buffer {
    if (this.taker?.isReadingBody !== true) {
      this.#own = undefined;
      return shared;
    }
    this.#own ??= Buffer.allocUnsafeSlow(bufferBytes);
    return this.#own;
  }

  #read(length: number, buffer: Buffer): boolean {
    const isLent = buffer === shared || length < keptBytesLeast;
    if (!isLent) this.#own = undefined;
    this.taker?.take(buffer, length, isLent);
    return true;
  }
}

/**
 * Takes over a connection that net.Server has accepted and not begun to read from (`pauseOnConnect`).
 * @returns undefined where that can't be done: `accepted` is to be used as any socket
 */
export function takeOver(accepted: Socket): LentReader | undefined {
  const owner = accepted as HandleOwner;
  const handle = owner._handle;
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return undefined;
  owner._handle = null;
  const reader = new LentReader(handle);
  reader.socket.once('close', () => accepted.destroy());
  return reader;
}

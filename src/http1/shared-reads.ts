/**
 * One piece of memory for what all client connections read, in place of fresh memory for each read, which counts as
 * pressure on V8's heap and makes it collect garbage that there is not. Node.js has this for connections that it makes
 * (`onread` of net.connect) and not for those that it accepts: what that option sets on a socket is set here afterwards. Where
 * a version of Node.js has it otherwise, nothing is set. It is confined to this file; docs/decisions/013-bodies.md.
 */

import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** Twice what Node.js reads at once by itself: a form or a file of 64 KB comes with its head. */
const readBytes = 131_072;

/** What the option is kept in; undefined where this Node.js is another. */
type Slots = { readonly buffer: symbol; readonly callback: symbol };
const slots = findSlots();
const shared = Buffer.allocUnsafeSlow(readBytes);

interface Handle {
  useUserBuffer?(buffer: Uint8Array): void;
}

/**
 * Calls `take` with what is read, `length` bytes in memory that is used anew when it returns.
 * @returns false where that can't be: listen to `data`
 */
export function shareReads(socket: Socket, take: (bytes: Buffer, length: number) => void): boolean {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  // TLS reads from the connection below by itself.
  if (slots === undefined || 'encrypted' in socket || typeof handle?.useUserBuffer !== 'function') return false;
  const fields = socket as unknown as Record<symbol, unknown>;
  fields[slots.buffer] = shared;
  fields[slots.callback] = (length: number): boolean => {
    take(shared, length);
    return true;
  };
  handle.useUserBuffer(shared);
  return true;
}

function findSlots(): Slots | undefined {
  const callback = (): boolean => true;
  const buffer = Buffer.alloc(1);
  const options: SocketConstructorOpts & Pick<ConnectOpts, 'onread'> = { onread: { buffer, callback } };
  const model = new Socket(options) as unknown as Record<symbol, unknown>;
  const symbols = Object.getOwnPropertySymbols(model);
  const found = {
    buffer: symbols.find((symbol) => model[symbol] === buffer),
    callback: symbols.find((symbol) => model[symbol] === callback),
  };
  return found.buffer === undefined || found.callback === undefined ? undefined : (found as Slots);
}

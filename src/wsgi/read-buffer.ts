/**
 * The memory that a connection to a daemon process reads into, again and again: what was read is used up during the
 * callback, or the callback says that it is not. Fresh memory for each read, as Node.js has it, counts as pressure on V8's
 * heap: with bodies passing through it collects garbage many times a second, though there is none.
 *
 * One for each connection: Node.js asks for the next buffer after a read, not before, so of several connections one would
 * read into what another has just found to be in use.
 */

/** Twice what Node.js reads at once by itself. Whose client has become slow keeps one such buffer (see HttpResponseSink). */
const readBytes = 131_072;

/** For net.connect's `onread`. `receive` returns whether the memory of its argument may be used anew at once. */
export function reusedReads(receive: (bytes: Buffer) => boolean): {
  readonly buffer: () => Buffer;
  readonly callback: (bytes: number, buffer: Uint8Array) => boolean;
} {
  let current = Buffer.allocUnsafeSlow(readBytes);
  return {
    buffer: () => current,
    callback: (bytes) => {
      // Whoever goes on reading from it is the last to have it.
      if (!receive(current.subarray(0, bytes))) current = Buffer.allocUnsafeSlow(readBytes);
      return true;
    },
  };
}

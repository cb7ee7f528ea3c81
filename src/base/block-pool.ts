/**
 * Memory for blocks that are kept for a while, used again and again: fresh memory for each counts as pressure on V8's
 * heap, and makes it collect garbage that there is not. A block that is not given back is garbage as any other.
 */

const poolBlockBytes = 131_072;
/** Smaller ones would waste too much of it. */
const pooledBytesAtLeast = poolBlockBytes / 4;
/** So much is kept while nobody wants it. */
const idleBlocksLimit = 32;

const idle: ArrayBuffer[] = [];
/** Giving back twice, or what never was of the pool, must harm nobody: two bodies in one memory would. */
const lent = new WeakSet<ArrayBufferLike>();

/** @returns a copy of `bytes`, of whoever calls until it gives it back */
export function copyBlock(bytes: Buffer): Buffer {
  if (bytes.length < pooledBytesAtLeast || bytes.length > poolBlockBytes) return Buffer.from(bytes);
  const memory = idle.pop() ?? new ArrayBuffer(poolBlockBytes);
  lent.add(memory);
  const copy = Buffer.from(memory, 0, bytes.length);
  bytes.copy(copy);
  return copy;
}

/** `copy`, or a part of it, is all that is left in use of what `copyBlock` returned, and no longer. */
export function giveBlock(copy: Buffer): void {
  const { buffer } = copy;
  if (lent.delete(buffer) && idle.length < idleBlocksLimit) idle.push(buffer as ArrayBuffer);
}

/** Reads the scoreboard of a daemon process, which may be dead: see protocol.ts for the layout. Bytes in, values out. */

import { ProtocolError } from '../base/errors.js';
import { scoreboard } from './protocol.js';

/** What one request thread is doing. */
export interface ScoreboardSlot {
  /** Number of the http child's connection that the request came over. */
  readonly connection: number;
  /** 0: idle. */
  readonly requestId: number;
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** Requests finished by this thread. */
  readonly served: number;
  /** The operating system's id of the thread. */
  readonly threadId: number;
  /** Method and request target, perhaps cut. */
  readonly label: string;
}

/** What a scoreboard says. */
export interface ScoreboardContent {
  /** Seconds since the epoch: when the interpreter last showed that it is not stuck; 0 before the first time. */
  readonly aliveAt: number;
  readonly slots: readonly ScoreboardSlot[];
  /** By connection number: the highest request id that has started. */
  readonly highestStarted: ReadonlyMap<number, number>;
}

/** @throws ProtocolError where the bytes are no scoreboard */
export function decodeScoreboard(bytes: Buffer): ScoreboardContent {
  const { magic, headerBytes, connections, slotBytes, slot } = scoreboard;
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, magic.length) !== magic) {
    throw new ProtocolError('not a scoreboard');
  }
  const count = bytes.readUInt32LE(magic.length);
  if (bytes.length < headerBytes + count * slotBytes) throw new ProtocolError('scoreboard is cut');
  const highestStarted = new Map<number, number>();
  for (let entry = 0; entry < connections.entries; entry++) {
    const at = connections.offset + entry * connections.entryBytes;
    const number = bytes.readUInt32LE(at);
    if (number !== 0) highestStarted.set(number, bytes.readUInt32LE(at + 4));
  }
  const slots: ScoreboardSlot[] = [];
  for (let index = 0; index < count; index++) {
    const base = headerBytes + index * slotBytes;
    const labelBytes = bytes.readUInt16LE(base + slot.labelBytes);
    const label = base + slot.label;
    slots.push({
      connection: bytes.readUInt32LE(base + slot.connection),
      requestId: bytes.readUInt32LE(base + slot.requestId),
      startedAt: bytes.readDoubleLE(base + slot.startedAt),
      served: bytes.readUInt32LE(base + slot.served),
      threadId: bytes.readUInt32LE(base + slot.threadId),
      label: bytes.toString('latin1', label, Math.min(label + labelBytes, base + slotBytes)),
    });
  }
  return { aliveAt: bytes.readDoubleLE(scoreboard.aliveAt), slots, highestStarted };
}

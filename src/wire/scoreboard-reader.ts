/** Reads the scoreboard of a daemon process, which may be dead: see protocol.ts for the layout. Bytes in, values out. */

import { ProtocolError } from '../base/errors.js';
import { scoreboard } from './protocol.js';

/** What one request thread is doing. */
export interface ScoreboardSlot {
  /** The application group of its interpreter, a byte string, perhaps cut; '' is the main interpreter. */
  readonly applicationGroup: string;
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
  /**
   * Seconds since the epoch: when every interpreter has shown that it is not stuck, that is when the one did of which it
   * has not been heard for longest; 0 before the first time.
   */
  readonly aliveAt: number;
  /** Of all interpreters, those of the main one first. */
  readonly slots: readonly ScoreboardSlot[];
  /** By connection number: the highest request id that has started. */
  readonly highestStarted: ReadonlyMap<number, number>;
}

/** @throws ProtocolError where the bytes are no scoreboard */
export function decodeScoreboard(bytes: Buffer): ScoreboardContent {
  const { magic, headerBytes, slotBytes } = scoreboard;
  if (!hasArea(bytes, 0)) throw new ProtocolError('not a scoreboard');
  const count = bytes.readUInt32LE(magic.length);
  const areaBytes = headerBytes + count * slotBytes;
  if (bytes.length < areaBytes) throw new ProtocolError('scoreboard is cut');
  const highestStarted = new Map<number, number>();
  const slots: ScoreboardSlot[] = [];
  let aliveAt = bytes.readDoubleLE(scoreboard.aliveAt);
  for (let area = 0; area + areaBytes <= bytes.length; area += areaBytes) {
    if (!hasArea(bytes, area)) continue;
    readConnections(bytes, area, highestStarted);
    readSlots(bytes, area, count, slots);
    const alive = bytes.readDoubleLE(area + scoreboard.aliveAt);
    if (alive !== 0) aliveAt = Math.min(aliveAt, alive);
  }
  return { aliveAt, slots, highestStarted };
}

function hasArea(bytes: Buffer, area: number): boolean {
  const { headerBytes, magic } = scoreboard;
  return bytes.length >= area + headerBytes && bytes.toString('latin1', area, area + magic.length) === magic;
}

function readConnections(bytes: Buffer, area: number, highestStarted: Map<number, number>): void {
  const { entries, entryBytes, offset } = scoreboard.connections;
  for (let entry = 0; entry < entries; entry++) {
    const at = area + offset + entry * entryBytes;
    const number = bytes.readUInt32LE(at);
    if (number !== 0) highestStarted.set(number, bytes.readUInt32LE(at + 4));
  }
}

function readSlots(bytes: Buffer, area: number, count: number, slots: ScoreboardSlot[]): void {
  const { headerBytes, name, slot, slotBytes } = scoreboard;
  const nameBytes = Math.min(bytes.readUInt16LE(area + name.bytes), name.bytesLimit);
  const applicationGroup = bytes.toString('latin1', area + name.offset, area + name.offset + nameBytes);
  for (let index = 0; index < count; index++) {
    const base = area + headerBytes + index * slotBytes;
    const labelBytes = bytes.readUInt16LE(base + slot.labelBytes);
    const label = base + slot.label;
    slots.push({
      applicationGroup,
      connection: bytes.readUInt32LE(base + slot.connection),
      requestId: bytes.readUInt32LE(base + slot.requestId),
      startedAt: bytes.readDoubleLE(base + slot.startedAt),
      served: bytes.readUInt32LE(base + slot.served),
      threadId: bytes.readUInt32LE(base + slot.threadId),
      label: bytes.toString('latin1', label, Math.min(label + labelBytes, base + slotBytes)),
    });
  }
}

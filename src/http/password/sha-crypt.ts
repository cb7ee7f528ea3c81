/**
 * SHA-crypt, the hashes of today's /etc/shadow (`$5$` SHA-256, `$6$` SHA-512; htpasswd -2 and -5), after Ulrich
 * Drepper's description. Called by password-hash.ts. Takes some milliseconds, more where the hash says so.
 */

import { createHash } from 'node:crypto';
import { encodeGroups } from './crypt-base64.js';

export type ShaCryptVariant = 'sha256' | 'sha512';

const saltBytesLimit = 16;
const defaultRounds = 5000;
const minRounds = 1000;
const maxRounds = 999_999_999;

export interface ShaCryptSetting {
  readonly salt: string;
  readonly rounds: number;
}

/** Salt and rounds of what stands between `$5$` and the hash: `salt`, or `rounds=N$salt`. */
export function parseShaSetting(text: string): ShaCryptSetting {
  const found = /^rounds=(\d{1,10})\$(.*)$/s.exec(text);
  if (found === null) return { salt: text, rounds: defaultRounds };
  return { salt: found[2] ?? '', rounds: Math.min(maxRounds, Math.max(minRounds, Number(found[1]))) };
}

/** What follows the last `$` of a stored hash. */
export function shaCrypt(password: Buffer, variant: ShaCryptVariant, { salt, rounds }: ShaCryptSetting): string {
  const saltBytes = Buffer.from(salt.slice(0, saltBytesLimit), 'latin1');
  const digestOf = (pieces: readonly Buffer[]): Buffer => {
    const hash = createHash(variant);
    for (const piece of pieces) hash.update(piece);
    return hash.digest();
  };
  const inner = digestOf([password, saltBytes, password]);
  const parts: Buffer[] = [password, saltBytes, repeat(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? inner : password);
  let digest = digestOf(parts);
  const first = digest[0] ?? 0;
  const passwordBytes = repeat(digestOf(Array.from({ length: password.length }, () => password)), password.length);
  const saltDigest = digestOf(Array.from({ length: 16 + first }, () => saltBytes));
  const saltSequence = repeat(saltDigest, saltBytes.length);
  for (let round = 0; round < rounds; round++) {
    const pieces: Buffer[] = [(round & 1) === 1 ? passwordBytes : digest];
    if (round % 3 !== 0) pieces.push(saltSequence);
    if (round % 7 !== 0) pieces.push(passwordBytes);
    pieces.push((round & 1) === 1 ? digest : passwordBytes);
    digest = digestOf(pieces);
  }
  return encodeGroups(digest, variant === 'sha512' ? sha512Order : sha256Order);
}

/** The first `length` bytes of `block` over and over. */
function repeat(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

/** In which order the bytes stand in the text: three counters that go around, one place further in each group. */
function rotatingOrder(
  groups: number,
  step: number,
  turn: number,
  last: readonly number[],
): readonly (readonly number[])[] {
  const order: number[][] = [];
  let places = [0, step, 2 * step];
  for (let group = 0; group < groups; group++) {
    order.push(places);
    const [a = 0, b = 0, c = 0] = places;
    places = turn === 1 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  return [...order, last];
}

const sha512Order = rotatingOrder(21, 21, 1, [63]);
const sha256Order = rotatingOrder(10, 10, 2, [31, 30]);

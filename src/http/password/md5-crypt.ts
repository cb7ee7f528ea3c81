/**
 * MD5-crypt, a thousand rounds of MD5: Apache's own form (`$apr1$`, what htpasswd -m makes) and the older one of Unix
 * (`$1$`). Called by password-hash.ts. Takes a millisecond or two.
 */

import { createHash } from 'node:crypto';
import { encodeGroups } from './crypt-base64.js';

const rounds = 1000;
const saltBytesLimit = 8;
const blockBytes = 16;

/** In which order the 16 bytes stand in the text, three to a group. */
const order: readonly (readonly number[])[] = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];

/** What follows the last `$` of a stored hash. `salt`: bytes as latin-1; only its first eight count. */
export function md5Crypt(password: Buffer, magic: '$apr1$' | '$1$', salt: string): string {
  const saltBytes = Buffer.from(salt.slice(0, saltBytesLimit), 'latin1');
  const inner = md5([password, saltBytes, password]);
  const parts: Buffer[] = [password, Buffer.from(magic), saltBytes];
  for (let left = password.length; left > 0; left -= blockBytes)
    parts.push(inner.subarray(0, Math.min(left, blockBytes)));
  // Where a bit is set a zero byte is mixed in, else the first byte of the password: a slip of the first implementation.
  for (let bits = password.length; bits > 0; bits >>= 1) {
    parts.push((bits & 1) === 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  }
  let digest = md5(parts);
  for (let round = 0; round < rounds; round++) {
    const pieces: Buffer[] = [(round & 1) === 1 ? password : digest];
    if (round % 3 !== 0) pieces.push(saltBytes);
    if (round % 7 !== 0) pieces.push(password);
    pieces.push((round & 1) === 1 ? digest : password);
    digest = md5(pieces);
  }
  return encodeGroups(digest, order);
}

function md5(pieces: readonly Buffer[]): Buffer {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

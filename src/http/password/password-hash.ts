/**
 * Stored passwords as htpasswd writes them, and whether a password fits one (APR's apr_password_validate). Pure and
 * without a clock; what takes its time is run by server/password-worker.ts.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { bcrypt } from 'hash-wasm';
import { md5Crypt } from './md5-crypt.js';
import { parseShaSetting, shaCrypt } from './sha-crypt.js';

/** How long it takes to check one: 'quick' in microseconds, 'slow' in milliseconds and more. */
export type HashSpeed = 'quick' | 'slow';

type Check = (password: Buffer, stored: string) => boolean | Promise<boolean>;

interface HashForm {
  readonly matches: RegExp;
  readonly speed: HashSpeed;
  readonly check: Check;
}

const forms: readonly HashForm[] = [
  { matches: /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/, speed: 'slow', check: checkBcrypt },
  { matches: /^\$(?:apr1|1)\$/, speed: 'slow', check: checkMd5Crypt },
  { matches: /^\$[56]\$/, speed: 'slow', check: checkShaCrypt },
  { matches: /^\{SHA\}/, speed: 'quick', check: checkSha },
];

/**
 * How a stored password is checked; undefined where it has no form that is known: DES of the old crypt, or plain text,
 * which Apache on Unix takes for DES and refuses, too.
 */
export function findHashSpeed(stored: string): HashSpeed | undefined {
  return forms.find(({ matches }) => matches.test(stored))?.speed;
}

/** Whether it is the password. False for forms that are not known. `password`: the bytes as the client sent them. */
export async function checkPassword(password: Buffer, stored: string): Promise<boolean> {
  const form = forms.find(({ matches }) => matches.test(stored));
  return form === undefined ? false : await form.check(password, stored);
}

const bcryptPasswordBytes = 72;
const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const saltCharacters = 22;

async function checkBcrypt(password: Buffer, stored: string): Promise<boolean> {
  const [, , cost = '', rest = ''] = stored.split('$');
  // The key is the password with a zero byte behind it, over and over: one zero byte is that of the empty password.
  const key = password.length === 0 ? Buffer.alloc(1) : password.subarray(0, bcryptPasswordBytes);
  const salt = decodeSalt(rest.slice(0, saltCharacters));
  const made = await bcrypt({ password: key, salt, costFactor: Number(cost), outputType: 'encoded' });
  return isSame(made.slice(-(rest.length - saltCharacters)), rest.slice(saltCharacters));
}

/** 22 characters of six bits are 16 bytes. */
function decodeSalt(text: string): Uint8Array {
  const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const translated = Array.from(text, (character) => standard[bcryptAlphabet.indexOf(character)]).join('');
  return Buffer.from(translated, 'base64').subarray(0, 16);
}

function checkMd5Crypt(password: Buffer, stored: string): boolean {
  const [, magic, salt = '', hash = ''] = stored.split('$');
  return isSame(md5Crypt(password, magic === '1' ? '$1$' : '$apr1$', salt), hash);
}

function checkShaCrypt(password: Buffer, stored: string): boolean {
  const end = stored.lastIndexOf('$');
  if (end < 3) return false;
  const variant = stored.startsWith('$6$') ? 'sha512' : 'sha256';
  return isSame(shaCrypt(password, variant, parseShaSetting(stored.slice(3, end))), stored.slice(end + 1));
}

function checkSha(password: Buffer, stored: string): boolean {
  const hash = createHash('sha1').update(password).digest('base64');
  return isSame(hash, stored.slice('{SHA}'.length));
}

/** In a time that says nothing of how much of the two is the same. */
function isSame(made: string, stored: string): boolean {
  const one = Buffer.from(made, 'latin1');
  const other = Buffer.from(stored, 'latin1');
  return one.length === other.length && timingSafeEqual(one, other);
}

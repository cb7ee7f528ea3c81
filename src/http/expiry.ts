/** How long responses may be kept (mod_expires): the codes of its directives, and what they say for a response. Pure. */

/** Seconds after the request, or after the last change of the file. */
export interface Expiry {
  readonly base: 'access' | 'modification';
  /** May be negative. */
  readonly seconds: number;
}

export interface ExpiryRules {
  /** By media type in lower case; `image/*` stands for all of its kind. */
  readonly byType: ReadonlyMap<string, Expiry>;
  readonly fallback: Expiry | undefined;
}

/** A code that can't be read. */
export class ExpiryError extends Error {
  override readonly name = 'ExpiryError';
}

/** Apache compares as many letters as it takes to tell the units apart. */
const unitSeconds: readonly (readonly [start: string, seconds: number])[] = [
  ['y', 365 * 86_400],
  ['mo', 30 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3600],
  ['mi', 60],
  ['s', 1],
];

/** Both forms: `A3600` and `access plus 1 month 15 days`. @throws ExpiryError */
export function parseExpiry(code: string): Expiry {
  if (/^[AM]/.test(code)) {
    const seconds = /^[AM]([+-]?\d+)$/.exec(code)?.[1];
    if (seconds === undefined) throw new ExpiryError(`'${code}' must be ${code.charAt(0)} and a number of seconds`);
    return { base: code.startsWith('A') ? 'access' : 'modification', seconds: Number(seconds) };
  }
  const [first = '', ...words] = code.trim().split(/\s+/);
  const base = /^[na]/i.test(first) ? 'access' : /^m/i.test(first) ? 'modification' : undefined;
  if (base === undefined) throw new ExpiryError(`'${first}' must be access, now or modification`);
  if (/^p/i.test(words[0] ?? '')) words.shift();
  let seconds = 0;
  for (let at = 0; at < words.length; at += 2) {
    const [count = '', unit] = words.slice(at, at + 2);
    if (!/^\d+$/.test(count)) throw new ExpiryError(`'${count}' must be a number`);
    if (unit === undefined) throw new ExpiryError(`the unit after ${count} is missing`);
    const found = unitSeconds.find(([start]) => unit.toLowerCase().startsWith(start));
    if (found === undefined) {
      throw new ExpiryError(`'${unit}' must be years, months, weeks, days, hours, minutes or seconds`);
    }
    seconds += Number(count) * found[1];
  }
  return { base, seconds };
}

/** The code for a response of this type, parameters of the type left out. */
export function findExpiry({ byType, fallback }: ExpiryRules, contentType: string | undefined): Expiry | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return byType.get(type) ?? byType.get(`${type.slice(0, type.indexOf('/') + 1)}*`) ?? fallback;
}

/**
 * The two fields, or undefined where nothing can be said: the response has no file, and the code counts from its change.
 * Nothing expires before the request.
 */
export function formatExpiry(
  expiry: Expiry,
  requestMs: number,
  modifiedMs: number | undefined,
): { readonly expires: string; readonly cacheControl: string } | undefined {
  const baseMs = expiry.base === 'access' ? requestMs : modifiedMs;
  if (baseMs === undefined) return undefined;
  const expiresMs = Math.max(baseMs + expiry.seconds * 1000, requestMs);
  return {
    expires: new Date(expiresMs).toUTCString(),
    cacheControl: `max-age=${Math.floor((expiresMs - requestMs) / 1000)}`,
  };
}

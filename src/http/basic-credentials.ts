/** The credentials in an Authorization field of the scheme Basic, as mod_auth_basic reads them (RFC 7617). */

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'other-scheme'; readonly scheme: string }
  /** `user` is a byte string; the password's bytes are as they came. */
  | { readonly kind: 'basic'; readonly user: string; readonly password: Buffer };

export function parseCredentials(field: string | undefined): Credentials {
  if (field === undefined) return { kind: 'none' };
  const blank = field.indexOf(' ');
  const scheme = blank < 0 ? field : field.slice(0, blank);
  if (scheme.toLowerCase() !== 'basic') return { kind: 'other-scheme', scheme };
  const encoded = blank < 0 ? '' : field.slice(blank).trimStart();
  // APR's decoder takes the characters of the standard alphabet up to the first other one.
  const bytes = Buffer.from(/^[A-Za-z0-9+/]*/.exec(encoded)?.[0] ?? '', 'base64');
  const end = bytes.indexOf(0);
  // Both are C strings to Apache: they end at the first zero byte.
  const decoded = end < 0 ? bytes : bytes.subarray(0, end);
  const colon = decoded.indexOf(0x3a);
  if (colon < 0) return { kind: 'basic', user: decoded.toString('latin1'), password: Buffer.alloc(0) };
  return {
    kind: 'basic',
    user: decoded.subarray(0, colon).toString('latin1'),
    password: Buffer.from(decoded.subarray(colon + 1)),
  };
}

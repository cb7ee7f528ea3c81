/**
 * Byte strings: one character for each byte, as node:http gives header values and as PEP 3333 wants environ values.
 * Paths and configuration are ordinary strings; these convert between the two.
 */

const onlyAscii = /^[\0-\x7f]*$/;

/** The UTF-8 bytes of a text, one character each. */
export function toByteString(text: string): string {
  return onlyAscii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text whose UTF-8 bytes these are. Bytes that are no UTF-8 become U+FFFD: no file has such a name. */
export function fromByteString(bytes: string): string {
  return onlyAscii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Small letters for the capitals of ASCII; other bytes have no case. */
export function toLowerAscii(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What HTTP can carry in the head of a message, checked before it is written (RFC 9110 section 5.5). */

const notInValue = /[^\t\x20-\x7e\x80-\xff]/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Names that were found good: responses have the same few again and again. */
const goodNames = new Set<string>();
const goodNamesLimit = 500;

/** @throws TypeError where it is no field */
export function checkHeadField(name: string, value: string): void {
  if (!goodNames.has(name)) {
    if (!token.test(name)) throw new TypeError(`Header name must be a valid HTTP token ["${name}"]`);
    if (goodNames.size < goodNamesLimit) goodNames.add(name);
  }
  if (notInValue.test(value)) throw new TypeError(`Invalid character in header content ["${name}"]`);
}

/** @throws TypeError where it can't be a reason phrase */
export function checkHeadText(text: string): void {
  if (notInValue.test(text)) throw new TypeError('Invalid character in statusMessage');
}

/** The base 64 of crypt(3): an alphabet of its own, and the lowest six bits first. */

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes of `digest` by their places, up to three to a group: the first of a group is the most significant. */
export function encodeGroups(digest: Buffer, groups: readonly (readonly number[])[]): string {
  let text = '';
  for (const group of groups) {
    let value = 0;
    for (const place of group) value = value * 256 + (digest[place] ?? 0);
    // Three bytes make four characters, two make three, one makes two.
    for (let count = 0; count <= group.length; count++) {
      text += alphabet[value % 64];
      value = Math.floor(value / 64);
    }
  }
  return text;
}

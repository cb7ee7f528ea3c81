/** The text of AuthUserFile and AuthGroupFile, as mod_authn_file and mod_authz_groupfile read them. */

import { toLowerAscii } from '../../base/byte-string.js';

/** By user name; of two lines for one user the first counts. Names and hashes are byte strings. */
export function parseUserFile(text: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [name = '', stored] = line.split(':', 2);
    // A line without a colon gives its user an empty hash, which no password fits.
    if (!users.has(name)) users.set(name, stored ?? '');
  }
  return users;
}

/** The groups of each user, in lower case: Apache compares them without regard to case. */
export function parseGroupFile(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const line of linesOf(text)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const group = toLowerAscii(line.slice(0, colon));
    for (const user of wordsOf(line.slice(colon + 1))) {
      const known = groups.get(user);
      if (known === undefined) groups.set(user, new Set([group]));
      else known.add(group);
    }
  }
  return groups;
}

/** Lines that say something. A backslash at the end of one joins the next to it (ap_cfg_getline). */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Words of a line, which quotes may hold together (ap_getword_conf). */
function wordsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"?|'((?:[^'\\]|\\.)*)'?|(\S+)/g), (found) =>
    (found[1] ?? found[2] ?? found[3] ?? '').replace(/\\(["'\\])/g, '$1'),
  );
}

/**
 * Certificates for tests, valid until 2120: server (www and alt.example.com), other (other.example.com) and client are
 * signed by authority, stranger by itself; expired is what it says, encrypted the key of server with a pass phrase.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './command.js';

const folder = join(checkout, 'tests/support/certificates');

/** The text of a file in tests/support/certificates, for example `server.pem`. */
export function certificate(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** All of them, as files of a test's folder. */
export function certificateFiles(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`tls/${name}`, certificate(name)]));
}

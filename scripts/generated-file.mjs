/** The end of every generator: writes its file, or with --check says that the file is not what it would write. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `source`: what the file is made from. `command`: what to run where it is stale. */
export function writeOrCheck({ target, text, source, command }) {
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    return;
  }
  let current = '';
  try {
    current = readFileSync(target, 'utf8');
  } catch {
    // Missing counts as stale: the comparison below says so.
  }
  if (current === text) return;
  console.error(`${target} does not match ${source}; run: ${command}`);
  process.exit(1);
}

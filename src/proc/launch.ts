/**
 * Runs a program that scripts/bundle.mjs has put into one file. Beside it may lie what V8 has made of that file in an earlier
 * process: its functions are taken from there instead of being parsed and compiled again.
 *
 * Such a cache is code. It lies in the same folder as the program, so whoever can write the one can write the other. It is
 * used only if its first line names this very program at its place, version of Node.js and architecture, and if its checksum
 * fits, for V8 ends the process over a damaged one. V8 checks its own version and options besides, and that the length of the
 * source is the same. Without it the program starts some 16 ms later.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type ProgramFunction = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/**
 * @param name of the program: `<folder>/<name>.bundle.cjs`, a script whose value is a function. Required as a module it calls
 *   that function itself
 * @param hash of its source
 */
export function launch(folder: string, name: string, hash: string): void {
  const file = join(folder, `${name}.bundle.cjs`);
  const require = createRequire(file);
  // Node.js maps positions only of what it has loaded itself.
  if (process.sourceMapsEnabled) {
    require(file);
    return;
  }
  // It is ASCII only, and is not put together here with anything: so it is in memory once, with one byte for each character.
  const source = readFileSync(file, 'latin1');
  const cachedData = readCodeCache(join(folder, `${name}.cache`), file, hash);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const module = { exports: {} };
  (script.runInThisContext() as ProgramFunction)(module.exports, require, module, file, dirname(file));
}

/** The content of a cache file, of what V8 gives for the program `file`. */
export function encodeCodeCache(file: string, hash: string, data: Buffer): Buffer {
  return Buffer.concat([formatHead(file, hash, data), data]);
}

/** V8 keeps the path in the data, for stack traces. */
function formatHead(file: string, hash: string, data: Buffer): Buffer {
  return Buffer.from(`${hash} ${process.version} ${process.arch} ${crc32(data)} ${file}\n`);
}

function readCodeCache(path: string, file: string, hash: string): Buffer | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return undefined; // nobody has made one, or it may not be read: slower, not worse
  }
  const headBytes = content.indexOf('\n') + 1;
  const data = content.subarray(headBytes);
  return content.subarray(0, headBytes).equals(formatHead(file, hash, data)) ? data : undefined;
}

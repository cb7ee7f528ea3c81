import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Script } from 'node:vm';
import { encodeCodeCache } from './launch.js';

const folder = mkdtempSync(join(tmpdir(), 'stillhouse-launch-'));
const file = join(folder, 'hello.bundle.cjs');
const cache = join(folder, 'hello.cache');
const starter = join(folder, 'hello.mjs');

/** A program of the form that scripts/bundle.mjs makes; all of the same length for words of the same length. */
function programThatSays(word: string): string {
  const parameters = 'exports, require, module, __filename, __dirname';
  return `(typeof module === "undefined" ? (run) => run : (run) => run(${parameters}))(function (${parameters}) {
function say() { require("node:fs").writeSync(1, "${word} " + __filename.slice(-16)); }
say();
});
`;
}

function writeCache(
  source: string,
  change: (text: string) => string = (text) => text,
  hash = 'hash',
  place = file,
): void {
  const script = new Script(source, { filename: file });
  const program = script.runInThisContext() as (...values: unknown[]) => void;
  program({}, () => ({ writeSync: () => {} }), {}, file, folder); // what has not run is not compiled
  const content = encodeCodeCache(place, hash, script.createCachedData());
  writeFileSync(cache, change(content.toString('latin1')), 'latin1');
}

function start(...options: string[]): string {
  writeFileSync(
    starter,
    `import { launch } from ${JSON.stringify(new URL('./launch.js', import.meta.url).href)};
launch(${JSON.stringify(folder)}, 'hello', 'hash');`,
  );
  return execFileSync(process.execPath, [...options, starter], { encoding: 'utf8' }).trim();
}

describe('launch', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('runs the program without a cache', () => {
    writeFileSync(file, programThatSays('one'));
    assert.equal(start(), 'one hello.bundle.cjs');
  });

  it('runs what the cache holds, for V8 compares only the length of the source', () => {
    writeFileSync(file, programThatSays('two'));
    writeCache(programThatSays('one'));
    assert.equal(start(), 'one hello.bundle.cjs');
  });

  it('passes over the cache of another build, Node.js, architecture or place', () => {
    const others = [
      () => writeCache(programThatSays('one'), undefined, 'other'),
      () => writeCache(programThatSays('one'), undefined, 'hash', `${folder}/elsewhere/hello.bundle.cjs`),
      () => writeCache(programThatSays('one'), (text) => text.replace(process.version, 'v20.0.0')),
      () => writeCache(programThatSays('one'), (text) => text.replace(process.arch, 'pdp11')),
    ];
    for (const write of others) {
      write();
      assert.equal(start(), 'two hello.bundle.cjs', `${write}`);
    }
  });

  it('passes over a cache that is cut off, empty or damaged', () => {
    writeCache(programThatSays('one'));
    const whole = readFileSync(cache);
    for (const length of [0, 10, whole.indexOf('\n'), whole.indexOf('\n') + 1, whole.length - 100]) {
      writeFileSync(cache, whole.subarray(0, length));
      assert.equal(start(), 'two hello.bundle.cjs', `${length} bytes`);
    }
    for (let at = whole.indexOf('\n') + 1; at < whole.length; at += 97) whole[at] = ~(whole[at] ?? 0);
    writeFileSync(cache, whole);
    assert.equal(start(), 'two hello.bundle.cjs', 'damaged');
  });

  it('has Node.js load the file where it is to map positions', () => {
    writeCache(programThatSays('one'));
    assert.equal(start('--enable-source-maps'), 'two hello.bundle.cjs');
  });
});

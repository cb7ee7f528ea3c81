import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { KeptFiles } from './kept-files.js';

describe('KeptFiles', () => {
  let root = '';
  /** Far from the times of the files, so that they count as settled. */
  const later = (): number => Date.now() + 10_000;
  const sweepMs = 20;
  const pathOf = (name: string | number): string => join(root, String(name));
  /** Whether it was kept, and what it holds; closes what is not kept. */
  const openIn = (files: KeptFiles, name: string | number): [boolean, string] => {
    const { fd, isKept, stats } = files.open(pathOf(name), constants.O_RDONLY);
    const content = Buffer.alloc(Number(stats.size));
    if (stats.isFile()) readSync(fd, content, 0, content.length, 0);
    if (!isKept) closeSync(fd);
    return [isKept, content.toString()];
  };
  const gone = async (files: KeptFiles): Promise<void> => {
    while (files.size > 0) await new Promise((resolve) => setTimeout(resolve, sweepMs));
  };

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'stillhouse-kept-'));
  });
  after(() => rmSync(root, { recursive: true }));

  it('gives the same descriptor again', async () => {
    writeFileSync(pathOf('a'), 'text');
    const files = new KeptFiles({ bytesLimit: 100, nowMs: later, sweepMs });
    const first = files.open(pathOf('a'), constants.O_RDONLY);
    assert.deepEqual([first.fd, true], [files.open(pathOf('a'), constants.O_RDONLY).fd, first.isKept]);
    await gone(files);
    assert.throws(() => readSync(first.fd, Buffer.alloc(1), 0, 1, 0), { code: 'EBADF' });
  });

  it('opens anew what was replaced, or whose rights have changed', async () => {
    const files = new KeptFiles({ bytesLimit: 100, nowMs: later, sweepMs });
    assert.deepEqual(openIn(files, 'a'), [true, 'text']);
    writeFileSync(pathOf('b'), 'text');
    renameSync(pathOf('b'), pathOf('a'));
    const before = files.open(pathOf('a'), constants.O_RDONLY).stats;
    chmodSync(pathOf('a'), 0o640);
    const { stats } = files.open(pathOf('a'), constants.O_RDONLY);
    assert.deepEqual([stats.ino, Number(stats.mode) & 0o777], [before.ino, 0o640]);
    rmSync(pathOf('a'));
    assert.throws(() => files.open(pathOf('a'), constants.O_RDONLY), { code: 'ENOENT' });
    assert.equal(files.size, 0);
    mkdirSync(pathOf('a'));
    assert.equal(openIn(files, 'a')[0], false);
  });

  it('keeps neither what is long nor what has just changed', async () => {
    writeFileSync(pathOf('c'), '0123456789');
    const strict = new KeptFiles({ bytesLimit: 9, nowMs: later, sweepMs });
    assert.deepEqual(openIn(strict, 'c'), [false, '0123456789']);
    const now = new KeptFiles({ bytesLimit: 100, sweepMs });
    assert.deepEqual(openIn(now, 'c'), [false, '0123456789']);
    const files = new KeptFiles({ bytesLimit: 10, nowMs: later, sweepMs });
    assert.deepEqual(openIn(files, 'c'), [true, '0123456789']);
    writeFileSync(pathOf('c'), '0123456789+');
    assert.deepEqual(openIn(files, 'c'), [false, '0123456789+']);
    assert.equal(files.size, 0);
  });

  it('keeps 128 at most', async () => {
    const files = new KeptFiles({ bytesLimit: 100, nowMs: later, sweepMs });
    const kept: boolean[] = [];
    for (let number = 0; number < 130; number++) {
      writeFileSync(pathOf(number), String(number));
      const [isKept, content] = openIn(files, number);
      assert.equal(content, String(number));
      kept.push(isKept);
    }
    assert.deepEqual([kept.filter(Boolean).length, kept[128], files.size], [128, false, 128]);
    await gone(files);
    assert.equal(openIn(files, 129)[0], true);
    await gone(files);
  });
});

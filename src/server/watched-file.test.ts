import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { WatchedFile, WatchedFiles } from './watched-file.js';

const folder = mkdtempSync(join(tmpdir(), 'watched-'));
after(() => rmSync(folder, { recursive: true }));

describe('a watched file', () => {
  const path = join(folder, 'file');
  let nowMs = 0;
  let parsed = 0;
  const file = new WatchedFile(
    path,
    (text) => {
      parsed += 1;
      return text;
    },
    () => nowMs,
  );

  it('is read once for requests at one time', async () => {
    writeFileSync(path, 'one \u00e9');
    assert.deepEqual(await Promise.all([file.read(), file.read()]), ['one \u00c3\u00a9', 'one \u00c3\u00a9']);
    assert.equal(parsed, 1);
  });

  it('is looked at after a second, and read where it has changed', async () => {
    writeFileSync(path, 'another');
    nowMs = 999;
    assert.equal(await file.read(), 'one \u00c3\u00a9');
    nowMs = 1000;
    assert.equal(await file.read(), 'another');
    nowMs = 2000;
    assert.equal(await file.read(), 'another');
    assert.equal(parsed, 2);
  });

  it('fails while it is not there, and is tried again at once', async () => {
    rmSync(path);
    nowMs = 3000;
    await assert.rejects(file.read(), /ENOENT/);
    writeFileSync(path, 'back');
    assert.equal(await file.read(), 'back');
  });
});

it('files have their values by path', async () => {
  const files = new WatchedFiles(
    (text) => text,
    () => 0,
  );
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), `of ${name}`);
  assert.deepEqual(await Promise.all(['a', 'b', 'a'].map((name) => files.read(join(folder, name)))), [
    'of a',
    'of b',
    'of a',
  ]);
});

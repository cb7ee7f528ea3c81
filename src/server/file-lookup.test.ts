import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FileCalls, FilesPending, whenFilesReady } from './file-calls.js';
import { FileLookup } from './file-lookup.js';

const local = new FileCalls({ isLocal: () => true });

describe('FileLookup', () => {
  let root = '';
  let nowMs = 0;
  const find = (path: string) => {
    const { kind, filename, rest, folder } = new FileLookup(() => nowMs, local).find(root + path);
    return [kind, filename.slice(root.length), rest, folder.slice(root.length)];
  };

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'stillhouse-lookup-'));
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'a/file.py'), '');
    symlinkSync('a', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'dangling'));
  });
  after(() => rmSync(root, { recursive: true }));

  it('splits a path into the file and what follows it', () => {
    assert.deepEqual(find('/a/file.py'), ['file', '/a/file.py', '', '/a']);
    assert.deepEqual(find('/a/file.py/'), ['file', '/a/file.py', '/', '/a']);
    assert.deepEqual(find('/a/file.py/x/y//z'), ['file', '/a/file.py', '/x/y//z', '/a']);
    assert.deepEqual(find('/link/file.py/x'), ['file', '/link/file.py', '/x', '/link']);
  });

  it('finds folders, with and without a slash', () => {
    assert.deepEqual(find('/a/b'), ['directory', '/a/b', '', '/a/b']);
    assert.deepEqual(find('/a/b/'), ['directory', '/a/b/', '', '/a/b/']);
    assert.equal(new FileLookup(() => 0, local).find('/').kind, 'directory');
  });

  it('names the first component that is missing', () => {
    assert.deepEqual(find('/a/gone'), ['missing', '/a/gone', '', '/a']);
    assert.deepEqual(find('/a/gone/x/y'), ['missing', '/a/gone', '/x/y', '/a']);
    assert.deepEqual(find('/a/gone/'), ['missing', '/a/gone', '/', '/a']);
    assert.deepEqual(find('/dangling'), ['missing', '/dangling', '', '']);
    assert.deepEqual(find('/a/nul\0byte'), ['missing', '/a/nul\0byte', '', '/a']);
    assert.deepEqual(new FileLookup(() => 0, local).find('/no-such-folder-here/x'), {
      kind: 'missing',
      filename: '/no-such-folder-here',
      rest: '/x',
      folder: '/',
    });
    assert.equal(find(`/a/${'x'.repeat(5000)}`)[0], 'denied', 'as Apache answers: 403');
  });

  it('knows what is neither file nor folder', () => {
    const found = new FileLookup(() => 0, local).find('/dev/null/x');
    assert.deepEqual(found, { kind: 'other', filename: '/dev/null', rest: '/x', folder: '/dev' });
  });

  it('says where a folder is closed', {
    skip: process.getuid?.() !== 0 && 'needs root to become somebody else',
  }, () => {
    mkdirSync(join(root, 'closed/inner'), { recursive: true });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0o700);
    process.seteuid?.(65_534);
    try {
      assert.deepEqual(find('/closed/inner/x'), ['denied', '/closed/inner', '/x', '/closed']);
    } finally {
      process.seteuid?.(0);
    }
  });

  it('remembers what is there for a moment, and what is missing not at all', () => {
    const lookup = new FileLookup(() => nowMs, local);
    const file = join(root, 'comes-and-goes');
    assert.equal(lookup.kindOf(file), 'missing');
    writeFileSync(file, '');
    assert.equal(lookup.kindOf(file), 'file');
    rmSync(file);
    nowMs += 999;
    assert.equal(lookup.kindOf(file), 'file');
    nowMs += 1;
    assert.equal(lookup.kindOf(file), 'missing');
  });

  it('looks at what may hang in the background, once for all that ask', async () => {
    const lookup = new FileLookup(() => nowMs, new FileCalls({ isLocal: () => false }));
    const path = `${root}/a/file.py/x`;
    const readies: Promise<void>[] = [];
    const attempt = () => {
      try {
        return lookup.find(path);
      } catch (error) {
        if (error instanceof FilesPending) readies.push(error.ready);
        throw error;
      }
    };
    const both = await Promise.all([whenFilesReady(attempt), whenFilesReady(attempt)]);
    for (const { filename, kind, rest } of both) {
      assert.deepEqual([kind, filename.slice(root.length), rest], ['file', '/a/file.py', '/x']);
    }
    assert.deepEqual([readies.length, new Set(readies).size], [4, 2]);
    // What is missing is looked for again before what is there.
    assert.equal(lookup.kindOf(`${root}/a/file.py`), 'file');
    nowMs += 1000;
    assert.throws(() => lookup.find(path), FilesPending);
    assert.equal(lookup.kindOf(`${root}/a/file.py`), 'file');
    nowMs += 4000;
    assert.throws(() => lookup.kindOf(`${root}/a/file.py`), FilesPending);
  });
});

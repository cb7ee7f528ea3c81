import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ProcessError } from '../base/errors.js';
import { RuntimeFolder } from './runtime-folder.js';

/** A pid that ran and does not any more. */
function deadPid(): string {
  return String(spawnSync('true').pid);
}

describe('RuntimeFolder', () => {
  let top = '';
  let base = '';
  const ownMode = process.getuid?.() === 0 ? 0o711 : 0o700;

  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'sh-run-'));
    base = join(top, 'run');
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));

  it('is made with its base, private whatever the umask is, and removed with it', () => {
    const before = process.umask(0);
    try {
      const folder = RuntimeFolder.create(base);
      assert.equal(folder.path, join(base, `server-${process.pid}`));
      assert.equal(statSync(folder.path).mode & 0o777, ownMode);
      assert.equal(folder.file('daemon-1.sock'), join(folder.path, 'daemon-1.sock'));
      writeFileSync(folder.file('x'), '');
      folder.remove();
      assert.equal(existsSync(folder.path), false);
      folder.remove();
    } finally {
      process.umask(before);
    }
  });

  it('removes what servers left that are gone, and nothing else', () => {
    const gone = join(base, `server-${deadPid()}`);
    const alive = join(base, `server-${process.ppid}`);
    const other = join(base, 'notes');
    for (const path of [gone, alive, other]) mkdirSync(path, { recursive: true });
    chmodSync(base, 0o700);
    writeFileSync(join(gone, 'daemon-1.sock'), '');
    const folder = RuntimeFolder.create(base);
    assert.deepEqual([gone, alive, other].map(existsSync), [false, true, true]);
    folder.remove();
    assert.deepEqual([alive, other].map(existsSync), [true, true]);
  });

  it('begins empty though an earlier server of the same pid left something', () => {
    mkdirSync(join(base, `server-${process.pid}`), { recursive: true });
    chmodSync(base, 0o700);
    writeFileSync(join(base, `server-${process.pid}`, 'old'), '');
    assert.equal(existsSync(RuntimeFolder.create(base).file('old')), false);
  });

  it('refuses a base that is a link or a file', () => {
    mkdirSync(join(top, 'elsewhere'));
    symlinkSync('elsewhere', base);
    assert.throws(() => RuntimeFolder.create(base), ProcessError);
    writeFileSync(join(top, 'file'), '');
    assert.throws(() => RuntimeFolder.create(join(top, 'file')), /can't make the runtime folder '.*WSGISocketPrefix/);
  });

  it('refuses a base of another user', { skip: process.getuid?.() !== 0 && 'needs root to give a folder away' }, () => {
    mkdirSync(base, { mode: 0o777 });
    chownSync(base, 65_534, 65_534);
    assert.throws(() => RuntimeFolder.create(base), /belongs to uid 65534/);
    assert.equal(existsSync(join(base, `server-${process.pid}`)), false);
  });

  it('refuses a path that is too long for a socket in it, before anything is made', () => {
    const long = join(top, 'x'.repeat(107));
    assert.throws(
      () => RuntimeFolder.create(long),
      /is too long for a UNIX socket: set WSGISocketPrefix to a shorter path/,
    );
    assert.equal(existsSync(long), false);
  });
});

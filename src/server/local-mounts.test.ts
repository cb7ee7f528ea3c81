import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LocalMounts, slowMounts } from './local-mounts.js';

const line = (point: string, type: string): string => `36 35 98:0 / ${point} rw,noatime shared:1 - ${type} source rw\n`;

describe('slowMounts', () => {
  it('takes what is not known to be local', () => {
    const types = [
      'ext4',
      'nfs4',
      'tmpfs',
      'cifs',
      'fuse.sshfs',
      '9p',
      'ceph',
      'xfs',
      'afs',
      'virtiofs',
      'autofs',
      'new',
    ];
    const table = types.map((type) => line(`/${type}`, type)).join('');
    const slow = ['/nfs4', '/cifs', '/fuse.sshfs', '/9p', '/ceph', '/afs', '/virtiofs', '/autofs', '/new'];
    assert.deepEqual([...slowMounts(table)], slow);
  });

  it('reads names with blanks, and without optional fields', () => {
    assert.deepEqual([...slowMounts(line('/a\\040b\\134ü', 'nfs'))], ['/a b\\ü']);
    assert.deepEqual([...slowMounts('1 2 0:3 / /x rw - nfs4 host:/x rw\n\n')], ['/x']);
  });

  it("leaves the kernel's own tables out", () => {
    assert.equal(slowMounts(line('/proc/sys/fs/binfmt_misc', 'autofs')).size, 0);
    assert.equal(slowMounts(line('/', '9p')).size, 1);
  });

  it('finds the file systems of this machine', () => {
    const table = readFileSync('/proc/self/mountinfo', 'utf8');
    assert.ok(table.includes(' - proc '));
    assert.equal(slowMounts(table).has('/proc'), false);
  });
});

describe('LocalMounts', () => {
  let root = '';
  let nowMs = 0;
  let table = '';
  const open = () =>
    new LocalMounts({
      monotonicMs: () => nowMs,
      readMounts: () => {
        if (table === 'none') throw new Error('no table');
        return table;
      },
    });
  const localOf = (mounts: LocalMounts, ...names: string[]) => names.map((name) => mounts.isLocal(join(root, name)));

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'stillhouse-mounts-')));
    for (const folder of ['docs/in', 'far', 'farther']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'docs/a'), '');
    writeFileSync(join(root, 'far/a'), '');
    symlinkSync('../far/a', join(root, 'docs/link'));
    symlinkSync(join(root, 'far'), join(root, 'docs/folder'));
    // By way of what is slow to what is not.
    symlinkSync('../far/../docs', join(root, 'docs/round'));
    symlinkSync('docs', join(root, 'near'));
    symlinkSync('loop', join(root, 'loop'));
    table = line('/', 'ext4') + line(`${root}/far`, 'nfs4');
  });
  after(() => rmSync(root, { recursive: true }));

  it('tells what lies below a slow mount, links followed', () => {
    const mounts = open();
    assert.deepEqual(
      localOf(mounts, 'far', 'far/', 'far/a', 'far/gone/x', 'docs/link', 'docs/folder/a'),
      Array(6).fill(false),
    );
    assert.deepEqual(localOf(mounts, 'docs/round/a'), [false]);
    assert.deepEqual(
      localOf(mounts, 'farther', 'docs', 'docs/a', 'docs/a/x', 'near/a', 'gone/x', 'loop'),
      Array(7).fill(true),
    );
  });

  it('trusts nothing where all is slow, or nothing is known', () => {
    const before = table;
    table = line('/', '9p') + line(root, 'ext4');
    assert.deepEqual(localOf(open(), 'docs/a'), [false]);
    table = 'none';
    assert.deepEqual(localOf(open(), 'docs/a'), [false]);
    table = before;
  });

  it('sees what is mounted, and links that change, a second later', () => {
    const mounts = open();
    assert.deepEqual(localOf(mounts, 'docs/in', 'docs/a'), [true, true]);
    const before = table;
    table += line(`${root}/docs/in`, 'fuse.sshfs');
    renameSync(join(root, 'docs/a'), join(root, 'docs/kept'));
    symlinkSync('../far/a', join(root, 'docs/a'));
    nowMs += 999;
    assert.deepEqual(localOf(mounts, 'docs/in', 'docs/a'), [true, true]);
    nowMs += 1;
    assert.deepEqual(localOf(mounts, 'docs/in', 'docs/a'), [false, false]);
    table = before;
    rmSync(join(root, 'docs/a'));
    renameSync(join(root, 'docs/kept'), join(root, 'docs/a'));
    nowMs += 1000;
    assert.deepEqual(localOf(mounts, 'docs/in', 'docs/a'), [true, true]);
  });

  it("reads the kernel's table", () => {
    const mounts = new LocalMounts({ monotonicMs: () => nowMs });
    assert.equal(
      mounts.isLocal('/proc/self/mountinfo'),
      !slowMounts(readFileSync('/proc/self/mountinfo', 'utf8')).has('/'),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findBarrier, type Identity, isOpenToAll, type PathReader, walkPath } from './path-rights.js';

const folder = 0o040000;
const file = 0o100000;
const link = 0o120000;

interface Entry {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly to?: string;
}

function reader(entries: Readonly<Record<string, Entry>>): PathReader {
  const all: Readonly<Record<string, Entry>> = { '/': { mode: folder | 0o755 }, ...entries };
  return {
    lstat(path) {
      const entry = all[path];
      return entry === undefined ? undefined : { uid: entry.uid ?? 0, gid: entry.gid ?? 0, mode: entry.mode };
    },
    readlink: (path) => all[path]?.to ?? '',
  };
}

const who = (uid: number, ...gids: number[]): Identity => ({ uid, gids: new Set(gids) });

describe('walkPath', () => {
  it('tells what is there', () => {
    const files = reader({
      '/srv': { mode: folder | 0o755 },
      '/srv/a.wsgi': { mode: file | 0o644 },
      '/srv/pipe': { mode: 0o010644 },
    });
    assert.equal(walkPath('/srv/a.wsgi', files).kind, 'file');
    assert.equal(walkPath('/srv/../srv//./a.wsgi', files).kind, 'file');
    assert.equal(walkPath('/srv/', files).kind, 'directory');
    assert.equal(walkPath('/srv/pipe', files).kind, 'other');
    const missing = walkPath('/srv/none/a.wsgi', files);
    assert.deepEqual([missing.kind, 'path' in missing && missing.path], ['missing', '/srv/none']);
    const behindFile = walkPath('/srv/a.wsgi/more', files);
    assert.deepEqual([behindFile.kind, 'path' in behindFile && behindFile.path], ['missing', '/srv/a.wsgi']);
  });

  it('ends at a folder that is closed to the one who looks', () => {
    const files = reader({ '/srv': { mode: folder | 0o700 }, '/srv/a.wsgi': { mode: file | 0o644 } });
    const closed = walkPath('/srv/a.wsgi', {
      ...files,
      lstat: (path) => (path.startsWith('/srv/') ? 'closed' : files.lstat(path)),
    });
    assert.deepEqual([closed.kind, closed.steps.at(-1)?.path], ['closed', '/srv']);
  });

  it('follows links, with the folders of what they name', () => {
    const files = reader({
      '/srv': { mode: folder | 0o755 },
      '/srv/current': { mode: link | 0o777, to: '../opt/v2' },
      '/opt': { mode: folder | 0o711 },
      '/opt/v2': { mode: folder | 0o700 },
      '/opt/v2/a.wsgi': { mode: link | 0o777, to: '/data/a.wsgi' },
      '/data': { mode: folder | 0o755 },
      '/data/a.wsgi': { mode: file | 0o600 },
      '/loop': { mode: link | 0o777, to: '/loop' },
    });
    const walk = walkPath('/srv/current/a.wsgi', files);
    assert.equal(walk.kind, 'file');
    assert.deepEqual(
      walk.steps.map(({ path, needs }) => `${needs} ${path}`),
      ['search /', 'search /srv', 'search /opt', 'search /opt/v2', 'search /data', 'read /data/a.wsgi'],
    );
    assert.equal(walkPath('/loop', files).kind, 'missing');
  });
});

describe('findBarrier', () => {
  const files = reader({
    '/srv': { mode: folder | 0o710, uid: 5, gid: 50 },
    '/srv/a.wsgi': { mode: file | 0o640, uid: 5, gid: 60 },
    '/srv/odd': { mode: file | 0o044, uid: 5, gid: 60 },
  });
  const barrier = (path: string, identity: Identity) => findBarrier(walkPath(path, files).steps, identity)?.path;

  it('judges by the first of owner, group and others that applies', () => {
    assert.equal(barrier('/srv/a.wsgi', who(5, 1)), undefined);
    assert.equal(barrier('/srv/a.wsgi', who(7, 50, 60)), undefined);
    assert.equal(barrier('/srv/a.wsgi', who(7, 60)), '/srv');
    assert.equal(barrier('/srv/a.wsgi', who(7, 50)), '/srv/a.wsgi');
    // The owner is not one of the others.
    assert.equal(barrier('/srv/odd', who(5, 1)), '/srv/odd');
    assert.equal(barrier('/srv/odd', who(7, 50)), undefined);
  });

  it('lets root through', () => {
    assert.equal(barrier('/srv/odd', who(0, 0)), undefined);
  });
});

describe('isOpenToAll', () => {
  it('needs every right for everybody', () => {
    const files = reader({
      '/a': { mode: file | 0o444 },
      '/b': { mode: file | 0o640 },
      '/c': { mode: folder | 0o755 },
      '/c/d': { mode: file | 0o644 },
    });
    assert.deepEqual(
      ['/a', '/b', '/c/d'].map((path) => isOpenToAll(walkPath(path, files).steps)),
      [true, false, true],
    );
  });
});

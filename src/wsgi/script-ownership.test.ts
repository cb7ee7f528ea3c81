import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ScriptOwner, ScriptOwnership } from './script-ownership.js';

const user: ScriptOwner = { kind: 'user', name: 'alice', id: 1000 };
const group: ScriptOwner = { kind: 'group', name: 'web', id: 50 };
const script = '/srv/site/app.wsgi';
const folder = '/srv/site';

type File = readonly [uid: number, gid: number, mode: number];

class Files {
  nowMs = 0;
  looks = 0;
  readonly files: Record<string, File>;
  readonly ownership = new ScriptOwnership(
    () => this.nowMs,
    (path) => {
      this.looks += 1;
      const file = this.files[path];
      if (file === undefined) throw Object.assign(new Error('no'), { code: 'EACCES' });
      return { uid: file[0], gid: file[1], mode: file[2] };
    },
  );

  constructor(files: Record<string, File>) {
    this.files = files;
  }
}

function objection(owner: ScriptOwner, file: File | undefined, parent: File | undefined): string | undefined {
  const files = { ...(file && { [script]: file }), ...(parent && { [folder]: parent }) };
  return new Files(files).ownership.findObjection(script, owner);
}

describe('ScriptOwnership', () => {
  const good: File = [1000, 50, 0o100755];
  const cases: readonly [ScriptOwner, File | undefined, File | undefined, string | undefined][] = [
    [user, good, good, undefined],
    [group, good, good, undefined],
    [group, [0, 50, 0o100664], [0, 50, 0o40775], undefined],
    [
      user,
      [1001, 50, 0o100644],
      good,
      `Owner of WSGI script file does not match required user for daemon process, user=alice: ${script} has uid=1001`,
    ],
    [
      group,
      [1000, 51, 0o100644],
      good,
      `Group of WSGI script file does not match required group for daemon process, group=web: ${script} has gid=51`,
    ],
    [
      user,
      good,
      [0, 0, 0o40755],
      `Owner of parent directory of WSGI script file does not match required user for daemon process, user=alice: ${folder} has uid=0`,
    ],
    [user, [1000, 50, 0o100664], good, `WSGI script file is writable to group: ${script}`],
    [user, [1000, 50, 0o100646], good, `WSGI script file is writable to world: ${script}`],
    [group, [1000, 50, 0o100646], good, `WSGI script file is writable to world: ${script}`],
    [user, good, [1000, 50, 0o40775], `Parent directory of WSGI script file is writable to group: ${folder}`],
    [group, good, [1000, 50, 0o41777], `Parent directory of WSGI script file is writable to world: ${folder}`],
    [user, undefined, good, `User information not available for WSGI script file: ${script} (EACCES)`],
    [
      group,
      good,
      undefined,
      `Group information not available for parent directory of WSGI script file: ${folder} (EACCES)`,
    ],
    [
      { ...user, id: undefined },
      good,
      good,
      `Owner of WSGI script file does not match required user for daemon process, user=alice: ${script} has uid=1000`,
    ],
  ];
  for (const [owner, file, parent, expected] of cases) {
    it(`${owner.kind} ${owner.id}, file ${file}, folder ${parent}`, () => {
      assert.equal(objection(owner, file, parent), expected);
    });
  }

  it('looks again after a second, and at once where it could not look', () => {
    const files = new Files({ [script]: good, [folder]: good });
    const { ownership } = files;
    assert.equal(ownership.findObjection(script, user), undefined);
    files.files[script] = [0, 0, 0o100644];
    files.nowMs = 999;
    assert.equal(ownership.findObjection(script, user), undefined);
    assert.equal(files.looks, 2);
    files.nowMs = 1000;
    assert.match(ownership.findObjection(script, user) ?? '', /has uid=0$/);
    delete files.files[script];
    files.nowMs = 2000;
    assert.match(ownership.findObjection(script, user) ?? '', /EACCES/);
    files.files[script] = good;
    assert.equal(ownership.findObjection(script, user), undefined);
  });

  it('knows the folder of a script at the root', () => {
    const { ownership } = new Files({ '/app.wsgi': good, '/': good });
    assert.equal(ownership.findObjection('/app.wsgi', user), undefined);
  });
});

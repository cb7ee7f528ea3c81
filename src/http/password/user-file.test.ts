import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGroupFile, parseUserFile } from './user-file.js';

describe('AuthUserFile', () => {
  it('has a user and a hash in each line', () => {
    const text =
      '# users\n\nann:{SHA}a\r\n  bob:$apr1$x$y:further:fields  \nann:other\nempty:\nnobody\n:nameless\n#cut:x';
    assert.deepEqual(
      [...parseUserFile(text)],
      [
        ['ann', '{SHA}a'],
        ['bob', '$apr1$x$y'],
        ['empty', ''],
        ['nobody', ''],
        ['', 'nameless'],
      ],
    );
  });
});

describe('AuthGroupFile', () => {
  it('names the users of each group', () => {
    const text = '# groups\nAdmins: ann "bob b"\nstaff:ann\\\n carl\nno colon\nadmins: dora\nempty:\n';
    const groups = parseGroupFile(text);
    assert.deepEqual([...groups.keys()].sort(), ['ann', 'bob b', 'carl', 'dora']);
    assert.deepEqual([...(groups.get('ann') ?? [])], ['admins', 'staff']);
    assert.deepEqual([...(groups.get('bob b') ?? [])], ['admins']);
    assert.deepEqual([...(groups.get('carl') ?? [])], ['staff']);
    assert.deepEqual([...(groups.get('dora') ?? [])], ['admins']);
  });
});

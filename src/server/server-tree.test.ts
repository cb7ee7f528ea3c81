import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUnknownGroup } from './server-tree.js';

describe('describeUnknownGroup', () => {
  it('suggests the nearest and lists all', () => {
    assert.equal(
      describeUnknownGroup('stie', ['site', 'api']),
      "no daemon process group 'stie' (did you mean 'site'?); the groups are 'site', 'api'",
    );
    assert.equal(describeUnknownGroup('x', ['site']), "no daemon process group 'x'; the groups are 'site'");
    assert.equal(describeUnknownGroup('x', []), "no daemon process group 'x': this server has none");
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatReload } from './reload.js';

describe('formatReload', () => {
  it('says what became of each group', () => {
    const answer = { generation: 3, kept: ['a', 'b'], started: ['new', 'changed'], stopped: ['changed', 'old'] };
    assert.deepEqual(formatReload(answer), [
      'configuration reloaded, generation 3',
      'kept:     a, b',
      'replaced: changed',
      'started:  new',
      'stopped:  old',
    ]);
  });

  it('leaves out what did not happen', () => {
    const answer = { generation: 2, kept: ['site'], started: [], stopped: [] };
    assert.deepEqual(formatReload(answer), ['configuration reloaded, generation 2', 'kept:     site']);
  });
});

import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ProgressLines } from './progress-lines.js';

describe('ProgressLines', () => {
  it('is quiet for a second, then shows the newest line and each that follows', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const shown: string[] = [];
      {
        using progress = new ProgressLines('starting', (line) => shown.push(line));
        progress.show('first');
        progress.show('second');
        mock.timers.tick(999);
        assert.deepEqual(shown, []);
        mock.timers.tick(1);
        assert.deepEqual(shown, ['stillhouse: second']);
        progress.show('third');
        assert.deepEqual(shown, ['stillhouse: second', 'stillhouse: third']);
      }
      const quick: string[] = [];
      {
        using _ = new ProgressLines('starting', (line) => quick.push(line));
      }
      mock.timers.tick(5_000);
      assert.deepEqual(quick, []);
    } finally {
      mock.timers.reset();
    }
  });
});

import assert from 'node:assert';
import { describe, it } from 'node:test';
import { allowedSeconds, defaultReadPaces } from './reqtimeout-directives.js';

describe('the time that a part of a request may take', () => {
  it('grows with what has come, up to its maximum', () => {
    const { header } = defaultReadPaces;
    assert.strictEqual(allowedSeconds(header, 0), 20);
    assert.strictEqual(allowedSeconds(header, 499), 20);
    assert.strictEqual(allowedSeconds(header, 1000), 22);
    assert.strictEqual(allowedSeconds(header, 1_000_000), 40);
  });

  it('grows without end where there is no maximum', () => {
    assert.strictEqual(allowedSeconds(defaultReadPaces.body, 500_000), 1020);
  });

  it('is any time for 0', () => {
    assert.strictEqual(allowedSeconds(defaultReadPaces.handshake, 0), Number.POSITIVE_INFINITY);
  });
});

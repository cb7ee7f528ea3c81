import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptsGzip, gzipEntityTag, isEncoded, plainEntityTags } from './gzip-negotiation.js';

describe('gzip', () => {
  it('is for clients that name it with a weight above 0', () => {
    for (const value of ['gzip', 'GZIP', 'br, gzip', 'deflate;q=1, gzip;q=0.001', 'gzip ; q=1']) {
      assert.equal(acceptsGzip(value), true, value);
    }
    for (const value of [undefined, '', '*', 'x-gzip', 'br', 'gzip;q=0', 'gzip; q=0.000', 'gzip;Q=0.', 'gzipped']) {
      assert.equal(acceptsGzip(value), false, value);
    }
  });

  it('is not for what is encoded already', () => {
    assert.deepEqual(
      [undefined, '', 'identity', 'identity, 8bit', 'br', 'identity, gzip'].map((value) => isEncoded(value)),
      [false, false, false, false, true, true],
    );
  });

  it('has an entity tag of its own', () => {
    assert.deepEqual(['"a"', 'W/"a"', '""', 'a', ''].map(gzipEntityTag), ['"a-gzip"', 'W/"a-gzip"', '""', 'a', '']);
    assert.equal(plainEntityTags('"a-gzip", W/"b-gzip", "c"'), '"a", W/"b", "c"');
  });
});

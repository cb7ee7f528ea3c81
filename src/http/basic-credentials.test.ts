import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCredentials } from './basic-credentials.js';

function basic(text: string, scheme = 'Basic'): unknown {
  const credentials = parseCredentials(`${scheme} ${Buffer.from(text, 'latin1').toString('base64')}`);
  return credentials.kind === 'basic' ? [credentials.user, credentials.password.toString('latin1')] : credentials;
}

describe('Authorization: Basic', () => {
  it('has a user and a password', () => {
    assert.deepEqual(basic('ann:secret'), ['ann', 'secret']);
    assert.deepEqual(basic('ann:se:cret', 'bAsIc '), ['ann', 'se:cret']);
    assert.deepEqual(basic(':'), ['', '']);
    assert.deepEqual(basic('ann'), ['ann', '']);
    assert.deepEqual(basic('\xe9:\xff\xfe'), ['\xe9', '\xff\xfe']);
  });

  it('ends at a zero byte', () => {
    assert.deepEqual(basic('ann:sec\0ret'), ['ann', 'sec']);
    assert.deepEqual(basic('an\0n:secret'), ['an', '']);
  });

  it('may be missing, of another scheme, or nonsense', () => {
    assert.deepEqual(parseCredentials(undefined), { kind: 'none' });
    assert.deepEqual(parseCredentials('Bearer abc'), { kind: 'other-scheme', scheme: 'Bearer' });
    assert.deepEqual(parseCredentials(''), { kind: 'other-scheme', scheme: '' });
    assert.deepEqual(parseCredentials('Basic'), { kind: 'basic', user: '', password: Buffer.alloc(0) });
    assert.deepEqual(parseCredentials('Basic !!!'), { kind: 'basic', user: '', password: Buffer.alloc(0) });
    assert.deepEqual(parseCredentials('Basic YTpi, Basic Yzpk'), {
      kind: 'basic',
      user: 'a',
      password: Buffer.from('b'),
    });
  });
});

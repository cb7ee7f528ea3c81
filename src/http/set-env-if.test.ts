import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applySetEnvIf, isPlainPattern, type PatternRule, type SetEnvIfRequest } from './set-env-if.js';

const request: SetEnvIfRequest = {
  clientAddress: '192.0.2.7',
  serverAddress: '192.0.2.1',
  method: 'GET',
  protocol: 'HTTP/1.1',
  path: '/images/cat.gif',
  headers: [
    ['User-Agent', 'Mozilla/5.0'],
    ['X-One', 'first'],
    ['X-Two', 'second'],
  ],
};

function run(rules: readonly Partial<PatternRule>[], before: Record<string, string> = {}): Record<string, string> {
  const environment = new Map(Object.entries(before));
  const complete = rules.map((rule) => ({
    subject: { kind: 'name', name: 'User-Agent' } as const,
    pattern: /^/,
    substitutes: true,
    changes: [],
    ...rule,
  }));
  applySetEnvIf(complete, request, environment);
  return Object.fromEntries(environment);
}

describe('applySetEnvIf', () => {
  it('looks at every attribute', () => {
    const values = [
      ['Remote_Addr', '192.0.2.7'],
      ['Remote_Host', '192.0.2.7'],
      ['Server_Addr', '192.0.2.1'],
      ['Request_Method', 'GET'],
      ['Request_Protocol', 'HTTP/1.1'],
      ['Request_URI', '/images/cat.gif'],
    ] as const;
    for (const [attribute, value] of values) {
      const changes = [{ name: 'seen', value: '$0' }];
      assert.deepEqual(run([{ subject: { kind: 'attribute', attribute }, pattern: /^.*$/, changes }]), { seen: value });
    }
  });

  it('substitutes groups, but not for a plain pattern', () => {
    const changes = [{ name: 'v', value: '$1-$2-\\$1' }];
    assert.deepEqual(run([{ pattern: /(M)o(x)?/, changes }]), { v: 'M--$1' });
    assert.deepEqual(run([{ pattern: /Mozilla/, substitutes: false, changes }]), { v: '$1-$2-\\$1' });
  });

  it('sees what is missing as empty, and what earlier rules set', () => {
    const missing = { kind: 'name', name: 'Referer' } as const;
    assert.deepEqual(
      run([
        { subject: missing, pattern: /^$/, changes: [{ name: 'direct', value: '1' }] },
        { subject: { kind: 'name', name: 'direct' }, pattern: /1/, changes: [{ name: 'after', value: '2' }] },
      ]),
      { direct: '1', after: '2' },
    );
  });

  it('takes variables away, and leaves them where nothing matches', () => {
    assert.deepEqual(run([{ changes: [{ name: 'a', value: undefined }] }], { a: '1', b: '1' }), { b: '1' });
    assert.deepEqual(run([{ pattern: /Lynx/, changes: [{ name: 'a', value: undefined }] }], { a: '1' }), { a: '1' });
  });

  it('finds headers in any case, and the last one of a pattern', () => {
    const changes = [{ name: 'v', value: '$0' }];
    assert.deepEqual(run([{ subject: { kind: 'name', name: 'x-one' }, pattern: /.+/, changes }]), { v: 'first' });
    const subject = { kind: 'header-pattern', pattern: /^X-/ } as const;
    assert.deepEqual(run([{ subject, pattern: /.+/, changes }]), { v: 'second' });
  });
});

describe('isPlainPattern', () => {
  it('allows escaped metacharacters only', () => {
    assert.deepEqual(['Mozilla', 'a\\.b', ''].map(isPlainPattern), [true, true, true]);
    assert.deepEqual(['^a', 'a.b', 'a\\d', '(a)', 'a\\'].map(isPlainPattern), [false, false, false, false, false]);
  });
});

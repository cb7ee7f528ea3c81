import assert from 'node:assert';
import { describe, it } from 'node:test';
import { parseIpNetwork } from './ip-network.js';
import { findRemoteIp, type RemoteIpRules } from './remote-ip.js';

const rules: RemoteIpRules = {
  header: 'x-forwarded-for',
  proxiesHeader: undefined,
  proxies: [
    { network: parseIpNetwork('127.0.0.1'), isInternal: true },
    { network: parseIpNetwork('10.0.0.0/8'), isInternal: true },
    { network: parseIpNetwork('203.0.113.0/24'), isInternal: false },
  ],
};

/** What Apache 2.4.71 logs as %a, %{X-Forwarded-For}i and the note, with these proxies. */
const seen: readonly (readonly [
  value: string,
  client: string,
  rest: string | undefined,
  proxies: string | undefined,
])[] = [
  ['1.2.3.4', '1.2.3.4', undefined, undefined],
  ['1.2.3.4, 203.0.113.5', '1.2.3.4', undefined, '203.0.113.5'],
  ['9.9.9.9, 1.2.3.4, 203.0.113.5, 10.1.1.1', '1.2.3.4', '9.9.9.9', '203.0.113.5'],
  ['10.2.2.2', '10.2.2.2', undefined, undefined],
  ['192.168.1.1, 203.0.113.1', '203.0.113.1', '192.168.1.1', undefined],
  ['junk, 203.0.113.1', '203.0.113.1', 'junk', undefined],
  [', 1.2.3.4', '1.2.3.4', '', undefined],
  ['2001:db8::1', '2001:db8::1', undefined, undefined],
  ['fe80::1, 203.0.113.1', '203.0.113.1', 'fe80::1', undefined],
  ['::ffff:1.2.3.4', '1.2.3.4', undefined, undefined],
];

describe('the client behind proxies', () => {
  for (const [value, clientAddress, rest, proxies] of seen) {
    it(value, () => assert.deepStrictEqual(findRemoteIp(rules, value, '127.0.0.1'), { clientAddress, rest, proxies }));
  }

  it('is the peer where nothing can be read', () => {
    assert.strictEqual(findRemoteIp(rules, '', '127.0.0.1'), undefined);
    assert.strictEqual(findRemoteIp(rules, 'unknown', '127.0.0.1'), undefined);
  });

  it('is the peer where that is no proxy of ours', () => {
    assert.strictEqual(findRemoteIp(rules, '1.2.3.4', '198.51.100.1'), undefined);
  });

  it('is whoever any peer names where no proxies are listed, but nobody private', () => {
    const open = { ...rules, proxies: [] };
    assert.strictEqual(findRemoteIp(open, '8.8.8.8', '198.51.100.1')?.clientAddress, '8.8.8.8');
    assert.strictEqual(findRemoteIp(open, '10.0.0.1', '198.51.100.1'), undefined);
  });
});

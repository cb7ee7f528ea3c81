import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpNetwork } from '../http/ip-network.js';
import { applyProxyHeaders } from './trusted-proxies.js';

const headers = ['HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_PROTO', 'HTTP_X_FORWARDED_HOST'];
const proxies = ['10.0.0.0/8', '::1'].map(parseIpNetwork);

function changes(rawHeaders: readonly string[]) {
  return Object.fromEntries(applyProxyHeaders({ headers, proxies }, rawHeaders, '10.0.0.1').changed);
}

// As Apache with mod_wsgi 4.9 answers them; the parity scenario `trusted proxies` shows the same.
describe('applyProxyHeaders', () => {
  it('takes the first address where every peer is believed', () => {
    const everybody = { headers, proxies: undefined };
    const { changed } = applyProxyHeaders(everybody, ['X-Forwarded-For', '192.0.2.1, 10.0.0.9'], '192.0.2.7');
    assert.deepEqual([...changed], [['REMOTE_ADDR', '192.0.2.1']]);
  });

  it('takes the address before the proxies that are believed', () => {
    const found = changes(['X-Forwarded-For', '192.0.2.1, 192.0.2.2,, 10.0.0.3, 10.0.0.2']);
    assert.deepEqual(found, { REMOTE_ADDR: '192.0.2.2', HTTP_X_FORWARDED_FOR: '192.0.2.2, 10.0.0.3, 10.0.0.2' });
  });

  it('takes the first where all are believed, and the last where none is', () => {
    assert.equal(changes(['X-Forwarded-For', '10.0.0.3, 10.0.0.2']).REMOTE_ADDR, '10.0.0.3');
    assert.equal(changes(['X-Forwarded-For', '192.0.2.1, 192.0.2.2']).REMOTE_ADDR, '192.0.2.2');
  });

  it('knows the scheme by what the header says, and no other words', () => {
    assert.deepEqual(changes(['X-Forwarded-Proto', 'https']), { HTTPS: '1' });
    assert.deepEqual(changes(['X-Forwarded-Proto', 'http']), { HTTPS: '0' });
    assert.deepEqual(changes(['X-Forwarded-Proto', 'gopher']), {});
  });

  it('joins headers of one name, and takes none with an underscore for it', () => {
    const found = changes([
      'x-forwarded-for',
      '192.0.2.1',
      'X-Forwarded-For',
      '10.0.0.2',
      'X_Forwarded_For',
      '1.1.1.1',
    ]);
    assert.equal(found.HTTP_X_FORWARDED_FOR, '192.0.2.1, 10.0.0.2');
  });

  it('passes on nothing that a peer says who is not believed', () => {
    const rawHeaders = ['X-Forwarded-For', '192.0.2.1', 'X-Forwarded-Proto', 'https', 'X-Real-IP', '192.0.2.2'];
    const { changed, removed } = applyProxyHeaders({ headers, proxies }, rawHeaders, '192.0.2.7');
    assert.deepEqual([...changed], []);
    for (const key of ['HTTP_X_FORWARDED_FOR', 'HTTP_X_FORWARDED_PROTO', 'HTTP_X_REAL_IP', 'HTTP_X_FORWARDED_SSL']) {
      assert(removed.has(key), key);
    }
    assert(!removed.has('HTTP_X_FORWARDED_PORT'), 'of a meaning that nobody named');
  });
});

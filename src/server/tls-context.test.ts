import assert from 'node:assert';
import { constants } from 'node:crypto';
import { describe, it } from 'node:test';
import { settingsOf } from './directive-line.test.fixture.js';
import { sslDirectives } from './ssl-directives.js';
import { secureContextOptions } from './tls-context.js';

const material = { certificates: ['c'], keys: ['k'], authorities: [], revocations: [] };

function optionsOf(text: string): ReturnType<typeof secureContextOptions> {
  return secureContextOptions(settingsOf(text, sslDirectives), material);
}

describe('what TLS is set up with', () => {
  it('keeps TLS 1.3 where only ciphers of TLS 1.2 are named', () => {
    assert.match(String(optionsOf('SSLCipherSuite HIGH:!aNULL').ciphers), /^TLS_AES_256_GCM_SHA384:.*:HIGH:!aNULL$/);
  });

  it('takes the ciphers of TLS 1.3 for themselves', () => {
    assert.strictEqual(
      optionsOf('SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256').ciphers,
      'TLS_AES_128_GCM_SHA256:DEFAULT',
    );
  });

  it('leaves out what lies between two versions', () => {
    const { minVersion, maxVersion, secureOptions = 0 } = optionsOf('SSLProtocol -all +TLSv1.1 +TLSv1.3');
    assert.deepStrictEqual([minVersion, maxVersion], ['TLSv1.1', 'TLSv1.3']);
    assert.notStrictEqual(secureOptions & constants.SSL_OP_NO_TLSv1_2, 0);
    assert.strictEqual(secureOptions & constants.SSL_OP_NO_TLSv1_3, 0);
  });

  it('never trusts those who sign servers', () => assert.deepStrictEqual(optionsOf('').ca, []));

  it('may do without tickets', () => {
    assert.notStrictEqual((optionsOf('SSLSessionTickets Off').secureOptions ?? 0) & constants.SSL_OP_NO_TICKET, 0);
  });
});

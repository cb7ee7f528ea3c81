/** From mod_ssl's settings to what Node's TLS takes. The parent tries it when it reads the files, http children use it. */

import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { Settings } from '../conf/settings.js';
import type { TlsMaterial } from './child-messages.js';
import { sslSettings, type TlsVersion, tlsVersions } from './ssl-directives.js';

/** Those of OpenSSL. Where none is named Node switches TLS 1.3 off, and SSLCipherSuite usually names those of TLS 1.2. */
const defaultCipherSuites = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';
const defaultSessionSeconds = 300;

/** Names of OpenSSL's options. */
const refusals = {
  TLSv1: 'SSL_OP_NO_TLSv1',
  'TLSv1.1': 'SSL_OP_NO_TLSv1_1',
  'TLSv1.2': 'SSL_OP_NO_TLSv1_2',
  'TLSv1.3': 'SSL_OP_NO_TLSv1_3',
} as const satisfies Record<TlsVersion, keyof typeof constants>;

export function secureContextOptions(settings: Settings, material: TlsMaterial): SecureContextOptions {
  const versions = settings.get(sslSettings.versions, new Set(tlsVersions));
  const spoken = tlsVersions.filter((version) => versions.has(version));
  let secureOptions = constants.SSL_OP_NO_COMPRESSION | constants.SSL_OP_NO_RENEGOTIATION;
  // A set with a gap in it: the bounds alone would let it through.
  for (const version of tlsVersions) if (!versions.has(version)) secureOptions |= constants[refusals[version]];
  if (!settings.get(sslSettings.sessionTickets, true)) secureOptions |= constants.SSL_OP_NO_TICKET;
  const ciphers = settings.find(sslSettings.ciphers);
  const suites = settings.find(sslSettings.cipherSuites);
  const groups = settings.find(sslSettings.groups);
  return {
    cert: [...material.certificates],
    key: [...material.keys],
    // Never the authorities of Node's own list: those sign servers.
    ca: [...material.authorities],
    ...(material.revocations.length === 0 ? {} : { crl: [...material.revocations] }),
    minVersion: spoken[0] ?? 'TLSv1.2',
    maxVersion: spoken.at(-1) ?? 'TLSv1.3',
    secureOptions,
    honorCipherOrder: settings.get(sslSettings.honorCipherOrder, false),
    sessionTimeout: settings.get(sslSettings.sessionTimeoutSeconds, defaultSessionSeconds),
    ...(ciphers === undefined && suites === undefined ? {} : { ciphers: joinCiphers(ciphers, suites) }),
    ...(groups === undefined ? {} : { ecdhCurve: groups }),
  };
}

/** Node takes both lists as one. */
function joinCiphers(ciphers: string | undefined, suites: string | undefined): string {
  // Red Hat's name for the list that the system has.
  const named = ciphers === undefined || /^PROFILE=/i.test(ciphers) ? 'DEFAULT' : ciphers;
  return `${suites ?? defaultCipherSuites}:${named}`;
}

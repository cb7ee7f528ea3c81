/** What `check` says of certificates and keys, with the line that names them. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificate } from './support/certificates.js';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const names = [
  'server.pem',
  'server.key',
  'other.pem',
  'other.key',
  'expired.pem',
  'expired.key',
  'encrypted.key',
  'client.key',
  'authority.pem',
];

/** By what stands in the virtual host: what is said, with its line; empty for nothing. */
const cases: readonly (readonly [lines: readonly string[], problems: readonly RegExp[]])[] = [
  [['SSLCertificateFile tls/server.pem', 'SSLCertificateKeyFile tls/server.key'], []],
  [[], [/:4:\d+: error: SSLEngine is on and no SSLCertificateFile/]],
  [['SSLCertificateFile tls/none.pem'], [/:5:\d+: error: '.*none\.pem' can't be read: there is no such file/]],
  [
    ['SSLCertificateFile tls/server.pem', 'SSLCertificateKeyFile tls/client.key'],
    [/:6:\d+: error: the key '.*client\.key' does not belong to the certificate '.*server\.pem'/],
  ],
  [['SSLCertificateFile tls/server.pem'], [/:5:\d+: error: there is no private key in PEM form in '.*server\.pem'/]],
  [
    ['SSLCertificateFile tls/expired.pem', 'SSLCertificateKeyFile tls/expired.key'],
    [/:5:\d+: warning: the certificate '.*expired\.pem' has expired on Feb {2}1 00:00:00 2020 GMT/],
  ],
  [
    ['SSLCertificateFile tls/server.pem', 'SSLCertificateKeyFile tls/encrypted.key'],
    [/:6:\d+: error: the key '.*encrypted\.key' is encrypted .*openssl pkey/],
  ],
  [
    ['SSLCertificateFile tls/other.pem', 'SSLCertificateKeyFile tls/other.key'],
    [/:5:\d+: warning: the certificate '.*other\.pem' does not name 'www\.example\.com'/],
  ],
  [
    ['SSLCertificateFile tls/server.key', 'SSLCertificateKeyFile tls/server.key'],
    [/:5:\d+: error: '.*' is no certificate/],
  ],
  [
    ['SSLCertificateFile tls/server.pem', 'SSLCertificateKeyFile tls/server.key', 'SSLCipherSuite NO-SUCH-CIPHER'],
    [/:7:\d+: error: TLS can't be set up with this line: .*cipher/i],
  ],
  [
    ['SSLCertificateFile tls/server.pem', 'SSLCertificateKeyFile tls/server.key', 'SSLVerifyClient require'],
    [/:7:\d+: warning: SSLVerifyClient require, and no SSLCACertificateFile/],
  ],
  [
    [
      'SSLCertificateFile tls/server.pem',
      'SSLCertificateKeyFile tls/server.key',
      '<Location />',
      'SSLVerifyClient require',
      '</Location>',
    ],
    [/:8:\d+: error: SSLVerifyClient counts for whole connections here/],
  ],
];

test('check knows certificates', async (context) => {
  using folder = new TemporaryFolder();
  mkdirSync(join(folder.path, 'tls'));
  for (const name of names) writeFileSync(join(folder.path, 'tls', name), certificate(name));
  for (const [index, [lines, problems]] of cases.entries()) {
    await context.test(lines.join(', ') || 'no certificate', async () => {
      const file = join(folder.path, `${index}.conf`);
      const text = [
        'Listen 127.0.0.1:8443 https',
        '<VirtualHost *:8443>',
        'ServerName www.example.com',
        'SSLEngine on',
        ...lines,
        '</VirtualHost>',
        '',
      ];
      writeFileSync(file, text.join('\n'));
      const { stdout, stderr, exitStatus } = await runStillhouse(['check', '-f', file]);
      const said = `${stdout}${stderr}`.split('\n').filter((line) => / (?:error|warning): /.test(line));
      assert.equal(said.length, problems.length, said.join('\n'));
      for (const [at, problem] of problems.entries()) assert.match(said[at] ?? '', problem);
      assert.equal(exitStatus, said.some((line) => / error: /.test(line)) ? 1 : 0);
    });
  }
});

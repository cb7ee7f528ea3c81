/** mod_ssl: hosts by SNI, what applications see of TLS, certificates of clients, and requests that came the wrong way. */

import { certificateFiles } from '../../support/certificates.js';
import type { ParityRequest, Scenario } from '../scenario.js';

const www = { serverName: 'www.example.com' };

function get(name: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, status, tls: www, ...more };
}

/** Of what a certificate says; the library and its version are another on each side. */
const certificateVariables = ['SSL_SERVER_*', 'SSL_CLIENT_*'];

export const tlsScenarios: readonly Scenario[] = [
  {
    name: 'TLS by names of hosts',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}>
    Require all granted
</Directory>
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    ServerAlias alt.example.com
    SSLEngine on
    SSLCertificateFile \${ROOT}/tls/server.pem
    SSLCertificateKeyFile \${ROOT}/tls/server.key
    DocumentRoot \${ROOT}/documents
    WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
    <Location /environ/all>
        SSLOptions +StdEnvVars
    </Location>
    <Location /environ/certificates>
        SSLOptions StdEnvVars ExportCertData
    </Location>
    RewriteEngine On
    RewriteCond %{HTTPS} =on
    RewriteRule ^/rewritten$ /environ/rewritten [PT,E=SEEN:%{HTTPS}-%{SSL:SSL_TLS_SNI}-%{REQUEST_SCHEME}]
    Redirect /moved /elsewhere
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName other.example.com
    SSLEngine on
    SSLCertificateFile \${ROOT}/tls/other.pem
    SSLCertificateKeyFile \${ROOT}/tls/other.key
    DocumentRoot \${ROOT}/other
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName strict.example.com
    SSLEngine on
    SSLCertificateFile \${ROOT}/tls/other.pem
    SSLCertificateKeyFile \${ROOT}/tls/other.key
    SSLVerifyClient require
    SSLCACertificateFile \${ROOT}/tls/authority.pem
    DocumentRoot \${ROOT}/other
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName plain.example.com
    DocumentRoot \${ROOT}/other
</VirtualHost>
<VirtualHost *:\${PORT2}>
    ServerName www.example.com
    DocumentRoot \${ROOT}/documents
    <Location /secret>
        SSLRequireSSL
    </Location>
    WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
`,
    files: {
      ...certificateFiles('server.pem', 'server.key', 'other.pem', 'other.key', 'authority.pem'),
      'documents/index.html': 'www\n',
      'documents/folder/': '',
      'documents/secret/x.txt': 'secret\n',
      'other/index.html': 'other\n',
    },
    extraPort: true,
    requests: [
      get('the host that was named', 200, { shows: 'www' }),
      get('another host', 200, { tls: { serverName: 'other.example.com' }, host: 'other.example.com', shows: 'other' }),
      get('no name in the handshake', 200, { tls: {}, shows: 'www' }),
      get('no name in the handshake, another host', 421, { tls: {}, host: 'other.example.com' }),
      get('an unknown name', 200, { tls: { serverName: 'unknown.example.com' }, host: 'unknown.example.com' }),
      get('one host by the handshake, another by the request', 421, { host: 'other.example.com' }),
      get('a host that asks more of its clients', 421, { host: 'strict.example.com' }),
      get('a host without TLS', 421, { host: 'plain.example.com' }),
      get('a host without TLS, named', 200, { tls: { serverName: 'plain.example.com' }, host: 'plain.example.com' }),
      { name: 'plain HTTP', status: 400 },
      get('another name of the host', 200, { host: 'alt.example.com', shows: 'www' }),
      get('a URL as target', 421, { target: 'https://other.example.com/' }),
      get('a URL of the other scheme', 200, { target: 'http://other.example.com/', shows: 'www' }),
      get('a redirect', 302, { target: '/moved' }),
      get('a redirect with a port', 302, { target: '/moved', host: 'www.example.com:${PORT}' }),
      get('a folder without its slash', 301, { target: '/folder' }),
      get('in the environ', 200, {
        target: '/environ/x',
        environ: ['HTTPS', 'REQUEST_SCHEME', 'SERVER_PORT', 'wsgi.url_scheme', 'SSL_*', 'SERVER_NAME'],
        shows: 'https',
      }),
      get('StdEnvVars', 200, {
        target: '/environ/all',
        environ: [
          'SSL_PROTOCOL',
          'SSL_CIPHER',
          'SSL_CIPHER_*',
          'SSL_TLS_SNI',
          'SSL_COMPRESS_METHOD',
          'SSL_SESSION_RESUMED',
          ...certificateVariables,
        ],
        shows: 'TLSv1.3',
      }),
      get('StdEnvVars of TLS 1.2', 200, {
        target: '/environ/all',
        tls: { ...www, version: 'TLSv1.2' },
        environ: ['SSL_PROTOCOL', 'SSL_CIPHER_*', 'SSL_SECURE_RENEG', 'SSL_CLIENT_*'],
        shows: 'TLSv1.2',
      }),
      get('ExportCertData', 200, {
        target: '/environ/certificates',
        environ: ['SSL_SERVER_CERT', 'SSL_SERVER_S_DN', 'SSL_PROTOCOL'],
      }),
      get('in rules', 200, { target: '/rewritten', environ: ['SEEN'], shows: 'on-www.example.com-https' }),
      { name: 'SSLRequireSSL without it', target: '/secret/x.txt', toExtraPort: true, status: 403 },
      {
        name: 'another port without it',
        status: 200,
        target: '/environ/x',
        toExtraPort: true,
        environ: ['HTTPS', 'REQUEST_SCHEME', 'wsgi.url_scheme', 'SSL_*'],
      },
    ],
  },
  {
    name: 'certificates of clients',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
SSLEngine on
SSLCertificateFile \${ROOT}/tls/server.pem
SSLCertificateKeyFile \${ROOT}/tls/server.key
SSLCACertificateFile \${ROOT}/tls/authority.pem
SSLOptions +StdEnvVars
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    SSLVerifyClient optional
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName require.example.com
    SSLVerifyClient require
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName any.example.com
    SSLVerifyClient optional_no_ca
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName shallow.example.com
    SSLVerifyClient optional
    SSLVerifyDepth 0
</VirtualHost>
`,
    files: certificateFiles('server.pem', 'server.key', 'authority.pem'),
    requests: [
      ...(['www', 'require', 'any', 'shallow'] as const).flatMap((name) =>
        ([undefined, 'client', 'stranger'] as const).map((certificate): ParityRequest => {
          const isRefused =
            (name === 'require' && certificate !== 'client') ||
            (certificate === 'stranger' && name !== 'any') ||
            (name === 'shallow' && certificate !== undefined);
          const serverName = `${name}.example.com`;
          return {
            name: `${name}, ${certificate ?? 'no certificate'}`,
            status: isRefused ? 0 : 200,
            host: serverName,
            tls: { serverName, ...(certificate === undefined ? {} : { certificate }) },
            environ: ['SSL_CLIENT_*'],
          };
        }),
      ),
    ],
  },
];

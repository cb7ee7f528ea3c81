/** By which name and port the server calls itself: ServerName with scheme and port, UseCanonicalName, UseCanonicalPhysicalPort. */

import type { ParityRequest, Scenario } from '../scenario.js';

const environ = ['SERVER_NAME', 'SERVER_PORT', 'REQUEST_SCHEME', 'HTTPS', 'wsgi.url_scheme', 'SEEN'];

/** The ways in which a client may name the host. */
function requestsOf(name: string): readonly ParityRequest[] {
  const host = `${name}.example.com`;
  return [
    { name: `${name}, without a port`, host, target: '/environ', status: 200, environ },
    { name: `${name}, with a port`, host: `${host}:8080`, target: '/environ', status: 200, environ },
    { name: `${name}, redirect`, host, target: '/moved', status: 302 },
    { name: `${name}, redirect with a port`, host: `${host}:8080`, target: '/moved', status: 302 },
  ];
}

const hosts: readonly (readonly [name: string, serverName: string, lines: string])[] = [
  ['plain', 'plain.example.com', ''],
  ['ported', 'ported.example.com:81', ''],
  ['secure', 'https://secure.example.com', ''],
  ['both', 'https://both.example.com:8443', ''],
  ['physical', 'physical.example.com', 'UseCanonicalPhysicalPort On'],
  ['physical-ported', 'physical-ported.example.com:81', 'UseCanonicalPhysicalPort On'],
  ['canonical', 'canonical.example.com', 'UseCanonicalName On'],
  ['canonical-ported', 'canonical-ported.example.com:81', 'UseCanonicalName On'],
  ['canonical-physical', 'canonical-physical.example.com', 'UseCanonicalName On\nUseCanonicalPhysicalPort On'],
  [
    'canonical-physical-ported',
    'canonical-physical-ported.example.com:81',
    'UseCanonicalName On\nUseCanonicalPhysicalPort On',
  ],
];

export const portScenarios: readonly Scenario[] = [
  {
    name: 'names and ports of the server',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}>
    Require all granted
</Directory>
${hosts
  .map(
    ([, serverName, lines]) => `<VirtualHost *:\${PORT}>
ServerName ${serverName}
${lines}
WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
Redirect /moved /elsewhere
RewriteEngine On
RewriteRule . - [E=SEEN:%{HTTPS}-%{REQUEST_SCHEME}-%{SERVER_PORT}]
</VirtualHost>`,
  )
  .join('\n')}
`,
    requests: [
      ...hosts.flatMap(([name]) => requestsOf(name)),
      { name: 'no host', raw: 'GET /environ HTTP/1.0\r\n\r\n', status: 200, environ },
    ],
  },
  {
    name: 'slashes by virtual hosts',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
AllowEncodedSlashes On
<Directory \${ROOT}>
    Require all granted
</Directory>
<VirtualHost *:\${PORT}>
    ServerName silent.example.com
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName kept.example.com
    AllowEncodedSlashes NoDecode
    MergeSlashes Off
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName off.example.com
    AllowEncodedSlashes Off
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
`,
    requests: [
      { name: 'silent', host: 'silent.example.com', target: '/a%2Fb', status: 404 },
      ...['kept'].map((name) => ({
        name,
        host: `${name}.example.com`,
        target: '/a%2Fb//c',
        status: 200,
        environ: ['PATH_INFO', 'REQUEST_URI', 'SCRIPT_NAME'],
      })),
      { name: 'off', host: 'off.example.com', target: '/a%2Fb', status: 404 },
    ],
  },
];

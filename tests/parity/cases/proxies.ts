/** mod_remoteip: who the client is behind proxies, and who may say so. */

import type { ParityRequest, Scenario } from '../scenario.js';

function from(value: string, more: Partial<ParityRequest> = {}): ParityRequest {
  return {
    name: `X-Forwarded-For: ${value}`,
    target: '/environ',
    headers: [['X-Forwarded-For', value]],
    status: 200,
    environ: ['REMOTE_ADDR', 'HTTP_X_FORWARDED_FOR', 'HTTP_X_PROXIES', 'SEEN'],
    ...more,
  };
}

const common = `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /guarded \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
<Location /guarded>
    Require ip 192.0.2.1
</Location>
SetEnvIf Remote_Addr "^192\\.0\\.2\\." SEEN=yes
`;

const values = [
  '192.0.2.1',
  '192.0.2.1, 203.0.113.5',
  '9.9.9.9, 192.0.2.1, 203.0.113.5, 10.1.1.1',
  '10.2.2.2',
  '10.2.2.2, 203.0.113.5',
  'junk, 203.0.113.1',
  'junk',
  ', 192.0.2.1',
  '2001:db8::1',
  'fe80::1, 203.0.113.1',
  '::ffff:192.0.2.1',
  '192.0.2.1:8080',
];

export const proxyScenarios: readonly Scenario[] = [
  {
    name: 'RemoteIPHeader with proxies',
    config: `${common}
RemoteIPHeader X-Forwarded-For
RemoteIPProxiesHeader X-Proxies
RemoteIPInternalProxy 127.0.0.1 10.0.0.0/8
RemoteIPTrustedProxyList \${ROOT}/proxies
`,
    files: { proxies: '# ours\n203.0.113.0/24\n\n198.51.100.7 # one\n' },
    requests: [
      ...values.map((value) => from(value)),
      from('192.0.2.1', { name: 'a guarded folder', target: '/guarded' }),
      from('192.0.2.2', { name: 'a guarded folder, from elsewhere', target: '/guarded', status: 403 }),
      from('198.51.100.7, 203.0.113.9', { name: 'two proxies in a row' }),
      {
        ...from(''),
        name: 'two headers',
        headers: [
          ['X-Forwarded-For', '192.0.2.1'],
          ['X-Forwarded-For', '203.0.113.5'],
        ],
      },
      { ...from(''), name: 'no header', headers: [] },
      { ...from(''), name: 'a proxies header of the client', headers: [['X-Proxies', '1.1.1.1']] },
    ],
  },
  {
    name: 'RemoteIPHeader without proxies',
    config: `${common}
RemoteIPHeader X-Real-IP
`,
    requests: ['192.0.2.1', '10.0.0.1', '192.0.2.1, 198.51.100.1'].map((value) =>
      from(value, { name: value, headers: [['X-Real-IP', value]], environ: ['REMOTE_ADDR', 'HTTP_X_REAL_IP', 'SEEN'] }),
    ),
  },
  {
    name: 'RemoteIPHeader of a stranger',
    config: `${common}
RemoteIPHeader X-Forwarded-For
RemoteIPTrustedProxy 203.0.113.0/24
`,
    requests: [from('192.0.2.1'), from('192.0.2.1', { name: 'a guarded folder', target: '/guarded', status: 403 })],
  },
];

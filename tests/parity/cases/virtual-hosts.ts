/** Which virtual host answers. */

import type { ParityRequest, Scenario } from '../scenario.js';

/** Every host says in a variable who it is. */
function host(address: string, name: string, lines: string): string {
  return `
<VirtualHost ${address}>
    ${lines}
    SetEnv X_ANSWERED_BY ${name}
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>`;
}

function by(
  name: string,
  hostName: string | null,
  answeredBy: string,
  more: Partial<ParityRequest> = {},
): ParityRequest {
  const environ = ['X_ANSWERED_BY', 'SERVER_NAME', 'SERVER_PORT', 'HTTP_HOST'];
  return { name, host: hostName, status: 200, environ, shows: answeredBy, ...more };
}

const site = `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}/wsgi-scripts>
    Require all granted
</Directory>
`;

export const virtualHostScenarios: readonly Scenario[] = [
  {
    name: 'name-based virtual hosts',
    config: `${site}
SetEnv X_ANSWERED_BY main
${host('*:${PORT}', 'first', 'ServerName first.example.com\n    ServerAlias www.first.example.com *.pattern.example.com')}
${host('*:${PORT}', 'second', 'ServerName second.example.com\n    ServerAlias ?.second.example.com')}
${host('*:${PORT}', 'late', 'ServerName late.pattern.example.com')}
${host('*:${PORT2}', 'port-two', 'ServerName first.example.com')}
${host('*:${PORT2}', 'port-two-second', 'ServerName second.example.com:8080')}
`,
    extraPort: true,
    requests: [
      by('by name', 'first.example.com', 'first'),
      by('by alias', 'www.first.example.com', 'first'),
      by('by another name', 'second.example.com', 'second'),
      by('by a name in capitals', 'SECOND.Example.COM', 'second'),
      by('by a name with a dot at the end', 'second.example.com.', 'second'),
      by('by a name with the port', 'second.example.com:${PORT}', 'second'),
      by('by a name with another port', 'second.example.com:1', 'second'),
      by('by a pattern', 'any.thing.pattern.example.com', 'first'),
      by('by a pattern of one character', 'x.second.example.com', 'second'),
      by('what the pattern of one character does not match', 'xy.second.example.com', 'first'),
      by('a name behind a pattern that matches it', 'late.pattern.example.com', 'first'),
      by('by an unknown name', 'unknown.example.com', 'first'),
      by('by an address', '127.0.0.1', 'first'),
      by('of another port', 'first.example.com', 'port-two', { toExtraPort: true }),
      by('by name of another port', 'second.example.com', 'port-two-second', { toExtraPort: true }),
      by('unknown of another port', 'x', 'port-two', { toExtraPort: true }),
      { name: 'without Host', host: null, status: 400 },
      by('without Host by HTTP/1.0', null, 'first', { raw: 'GET / HTTP/1.0\r\n\r\n' }),
      by('by Host with HTTP/1.0', null, 'second', { raw: 'GET / HTTP/1.0\r\nHost: second.example.com\r\n\r\n' }),
      { name: 'with two Hosts', headers: [['Host', 'second.example.com']], status: 400 },
      { name: 'with an empty Host', host: '', status: 400 },
      { name: 'with a malformed Host', host: 'two words', status: 400 },
      { name: 'with a Host of a path', host: 'second.example.com/x', status: 400 },
      { name: 'with a Host of a user', host: 'user@second.example.com', status: 400 },
      { name: 'with a Host whose port is no number', host: 'second.example.com:x', status: 400 },
      by('by an absolute target, which beats Host', 'first.example.com', 'second', {
        target: 'http://second.example.com/',
      }),
      by('by an absolute target with a port', 'first.example.com', 'second', {
        target: 'http://second.example.com:81/',
      }),
    ],
  },
  {
    name: 'a port without virtual hosts belongs to the main server',
    config: `${site}
SetEnv X_ANSWERED_BY main
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
${host('*:${PORT2}', 'only', 'ServerName only.example.com')}
`,
    extraPort: true,
    requests: [
      by('main server', 'only.example.com', 'main'),
      by('virtual host', 'anything.example.com', 'only', { toExtraPort: true }),
    ],
  },
  {
    name: 'virtual hosts by address',
    config: `${site}
SetEnv X_ANSWERED_BY main
${host('*:${PORT}', 'any-address', 'ServerName www.example.com')}
${host('127.0.0.0:${PORT}', 'elsewhere', 'ServerName www.example.com')}
${host('127.0.0.1:${PORT} 127.0.0.2:${PORT}', 'exact-address', 'ServerName other.example.com')}
${host('_default_:${PORT2}', 'default', 'ServerName default.example.com')}
`,
    extraPort: true,
    requests: [
      by('an exact address goes before any', 'www.example.com', 'exact-address'),
      by('_default_', 'www.example.com', 'default', { toExtraPort: true }),
    ],
  },
];

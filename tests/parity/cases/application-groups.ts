/** What the tokens of WSGIApplicationGroup make of a request, as environ has it. */

import type { ParityRequest, Scenario } from '../scenario.js';

const site = `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
<Directory \${ROOT}>
    Require all granted
    Options +ExecCGI
    AddHandler wsgi-script .wsgi
</Directory>
`;

const script = '${ROOT}/wsgi-scripts/environ.wsgi';

function asked(name: string, target: string, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name, target, status: 200, environ: ['mod_wsgi.application_group', 'mod_wsgi.process_group'], ...more };
}

export const applicationGroupScenarios: readonly Scenario[] = [
  {
    name: 'application groups by default',
    config: `${site}
WSGIScriptAlias /mounted ${script}
WSGIScriptAlias /more/slashes ${script}
WSGIScriptAliasMatch ^/matched/([a-z]+) ${script}
WSGIScriptAlias /folder \${ROOT}/wsgi-scripts
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    DocumentRoot \${ROOT}
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName other.example.com:8080
    WSGIScriptAlias / ${script}
</VirtualHost>
<VirtualHost *:\${PORT2}>
    UseCanonicalName On
    ServerName www.example.com
    WSGIScriptAlias / ${script}
</VirtualHost>
<VirtualHost *:\${PORT2}>
    UseCanonicalName On
    ServerName standard.example.com:443
    WSGIScriptAlias /app ${script}
</VirtualHost>
`,
    extraPort: true,
    requests: [
      asked('a mount point', '/mounted/info', { shows: '|/mounted' }),
      asked('a mount point by another name', '/mounted', { host: 'unknown.example.com' }),
      asked('a mount point in capitals of the host', '/mounted', { host: 'WWW.Example.COM' }),
      asked('slashes that are repeated', '/more//slashes/a//b'),
      asked('a regular expression', '/matched/abc/rest'),
      asked('another one', '/matched/xyz'),
      asked('a script in a folder', '/folder/environ.wsgi/info'),
      asked('a script by its handler', '/wsgi-scripts/environ.wsgi/info'),
      asked('a path that is encoded', '/wsgi-scripts/environ%2Ewsgi'),
      asked('a name with a port', '/', { host: 'other.example.com' }),
      asked('a name with a port, in the path', '/a/b', { host: 'other.example.com' }),
      asked('the root of a host with a canonical name', '/info', { toExtraPort: true }),
      asked('a standard port', '/app/info', { toExtraPort: true, host: 'standard.example.com' }),
    ],
  },
  {
    name: 'tokens of application groups',
    config: `${site}
SetEnvIf X-Group (.+) GROUP=$1
SetEnv FIXED fixed-group
SetEnv OTHER %{ENV:GROUP}
SetEnv EMPTY ""
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIScriptAlias /global ${script} application-group=%{GLOBAL}
    WSGIScriptAlias /server ${script} application-group=%{SERVER}
    WSGIScriptAlias /host ${script} application-group=%{HOST}
    WSGIScriptAlias /resource ${script} application-group=%{RESOURCE}
    WSGIScriptAlias /variable ${script} application-group=%{ENV:GROUP}
    WSGIScriptAlias /fixed ${script} application-group=%{ENV:FIXED}
    WSGIScriptAlias /other ${script} application-group=%{ENV:OTHER}
    WSGIScriptAlias /literal ${script} application-group=literal
    WSGIScriptAlias /embedded ${script} application-group=a-%{SERVER}
    WSGIScriptAlias /unknown ${script} application-group=%{UNKNOWN}
    <Location /section>
        WSGIApplicationGroup section-group
    </Location>
    <Location /section/inner>
        WSGIApplicationGroup %{SERVER}
    </Location>
    WSGIScriptAlias /section ${script}
</VirtualHost>
`,
    requests: [
      asked('the main interpreter', '/global'),
      asked('the server', '/server', { shows: 'www.example.com' }),
      asked('the server by another name', '/server', { host: 'unknown.example.com' }),
      asked('the host', '/host', { host: 'one.example.com', shows: 'one.example.com' }),
      asked('the host with a port', '/host', { host: 'one.example.com:81' }),
      asked('the host in capitals', '/host', { host: 'ONE.Example.com' }),
      asked('no host', '/host', { raw: 'GET /host HTTP/1.0\r\n\r\n' }),
      asked('the resource', '/resource/info', { shows: '|/resource' }),
      asked('a variable', '/variable', { headers: [['X-Group', 'chosen']], shows: 'chosen' }),
      asked('a variable that is not there', '/variable', { shows: '%{ENV:GROUP}' }),
      asked('a variable that holds a token', '/variable', { headers: [['X-Group', '%{SERVER}']] }),
      asked('a variable that holds the main interpreter', '/variable', { headers: [['X-Group', '%{GLOBAL}']] }),
      asked('a variable that holds a variable', '/variable', { headers: [['X-Group', '%{ENV:FIXED}']] }),
      asked('a variable of SetEnv', '/fixed', { shows: 'fixed-group' }),
      asked('a variable of SetEnv that holds a variable', '/other'),
      asked('a name', '/literal', { shows: 'literal' }),
      asked('a token within a name', '/embedded'),
      asked('a token that is none', '/unknown', { shows: '%{UNKNOWN}' }),
      asked('a section', '/section', { shows: 'section-group' }),
      asked('a section in a section', '/section/inner'),
    ],
  },
  {
    name: 'application groups where case does not count',
    config: `${site}
WSGICaseSensitivity Off
WSGIScriptAlias /Mounted ${script}
`,
    requests: [asked('a mount point', '/Mounted/Info')],
  },
];

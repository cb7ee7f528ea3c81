/** The environ: the server's own keys, the request's headers, and the variables of the configuration. */

import type { ParityRequest, Scenario } from '../scenario.js';

const site = `
WSGIDaemonProcess site threads=3
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

/** Every key that begins with a capital letter: CGI's and those of the configuration. */
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}*`);

function withHeaders(name: string, headers: readonly (readonly [string, string])[], target = '/'): ParityRequest {
  return { name, target, headers, status: 200, environ: ['HTTP_*', 'CONTENT_*', 'REMOTE_USER', 'AUTH_TYPE'] };
}

/** What a proxy says, and what somebody says who would like to be one. */
const proxyRequests: readonly (readonly [label: string, headers: NonNullable<ParityRequest['headers']>])[] = [
  [
    'all of it',
    [
      ['X-Forwarded-For', '192.0.2.1, 192.0.2.2, 10.0.0.2'],
      ['X-Client-IP', '192.0.2.9'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-SSL', 'off'],
      ['X-Forwarded-Host', 'front.example:8443'],
      ['X-Forwarded-Port', '8443'],
      ['X-Forwarded-Server', 'front.example'],
      ['X-Script-Name', '/front'],
    ],
  ],
  ['nothing', []],
  [
    'one address and another scheme',
    [
      ['X-Forwarded-For', '192.0.2.1'],
      ['X-Forwarded-Proto', 'HTTPS'],
      ['X-Scheme', 'https'],
      ['X-Real-IP', '192.0.2.5'],
      ['X-Forwarded-Script-Name', '/other'],
    ],
  ],
  ['trusted addresses only', [['X-Forwarded-For', '10.0.0.2, 127.0.0.9']]],
  ['no address', [['X-Forwarded-For', 'unknown, 10.0.0.2']]],
  ['http', [['X-Forwarded-Proto', 'http']]],
];

export const environScenarios: readonly Scenario[] = [
  {
    name: 'the whole environ',
    config: `${site}
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    ServerAdmin webmaster@example.com
    DocumentRoot \${ROOT}/documents
    WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
<VirtualHost *:\${PORT2}>
    WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
`,
    extraPort: true,
    requests: [
      {
        name: 'of a GET',
        target: '/app/info?x=1',
        headers: [['User-Agent', 'parity']],
        status: 200,
        environ: [...capitals, 'wsgi.*', 'mod_wsgi.process_group', 'mod_wsgi.application_group'],
      },
      {
        name: 'of a POST',
        method: 'POST',
        target: '/app/info',
        host: 'www.example.com:${PORT}',
        headers: [['Content-Type', 'text/plain; charset=utf-8']],
        body: 'body',
        status: 200,
        environ: capitals,
      },
      {
        name: 'of a GET by HTTP/1.0',
        raw: 'GET /app HTTP/1.0\r\n\r\n',
        status: 200,
        environ: capitals,
      },
      {
        name: 'of mod_wsgi',
        target: '/app/info',
        status: 200,
        environ: [
          'mod_wsgi.application_group',
          'mod_wsgi.callable_object',
          'mod_wsgi.handler_script',
          'mod_wsgi.listener_host',
          'mod_wsgi.listener_port',
          'mod_wsgi.path_info',
          'mod_wsgi.process_group',
          'mod_wsgi.request_handler',
          'mod_wsgi.script_name',
        ],
      },
      {
        name: 'in a virtual host without names',
        target: '/app',
        toExtraPort: true,
        host: 'Some.Name:1234',
        status: 200,
        environ: capitals,
      },
    ],
  },
  {
    name: 'UseCanonicalName On',
    config: `${site}
UseCanonicalName On
<VirtualHost *:\${PORT}>
    ServerName www.example.com:8080
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
</VirtualHost>
`,
    requests: [{ name: 'by another name', host: 'other.example:99', status: 200, environ: ['SERVER_*', 'HTTP_HOST'] }],
  },
  {
    name: 'request headers in the environ',
    config: `${site}
WSGIScriptAlias /passed \${ROOT}/wsgi-scripts/environ.wsgi pass-authorization=On
WSGIScriptAlias /directive \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
<Location /directive>
    WSGIPassAuthorization On
</Location>
`,
    requests: [
      withHeaders('usual ones', [
        ['Accept', 'text/html, */*;q=0.1'],
        ['Cookie', 'a=1; b=2'],
        ['X-Requested-With', 'XMLHttpRequest'],
        ['If-None-Match', '"x"'],
        ['Referer', 'http://www.example.com/'],
      ]),
      withHeaders('with underscore', [
        ['X_Underscore', '1'],
        ['X-Under_score', '2'],
      ]),
      withHeaders('with other characters', [
        ['X.Dot', '1'],
        ['X!', '2'],
        ["X'Quote", '3'],
      ]),
      withHeaders('repeated', [
        ['X-Twice', 'one'],
        ['x-twice', 'two'],
        ['Accept', 'a/b'],
        ['Accept', 'c/d'],
      ]),
      withHeaders('repeated cookies', [
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2'],
      ]),
      withHeaders('repeated user agent and referer', [
        ['User-Agent', 'one'],
        ['User-Agent', 'two'],
        ['Referer', 'three'],
        ['Referer', 'four'],
      ]),
      withHeaders('Proxy', [['Proxy', 'http://evil.example']]),
      withHeaders('empty', [['X-Empty', '']]),
      withHeaders('with blanks around', [['X-Blank', '  \t two  words \t']]),
      withHeaders('bytes beyond ASCII', [['X-Latin', 'caf\xe9 \xc3\xa9']]),
      withHeaders('Content-Type without a body', [['Content-Type', 'text/x']]),
      withHeaders('X-Content-Length', [['X-Content-Length', '5']]),
      withHeaders('digits', [['1-2', '3']]),
      withHeaders('Authorization is kept back', [['Authorization', 'Basic dTpw']]),
      withHeaders('Authorization is passed by the alias', [['Authorization', 'Basic dTpw']], '/passed'),
      withHeaders('Authorization is passed by the directive', [['Authorization', 'Bearer t']], '/directive'),
      withHeaders('Proxy-Authorization', [['Proxy-Authorization', 'Basic dTpw']], '/passed'),
      withHeaders('of the connection', [
        ['Connection', 'keep-alive, X-Hop'],
        ['X-Hop', '1'],
        ['TE', 'trailers'],
        ['Upgrade', 'h2c'],
        ['Keep-Alive', '5'],
      ]),
      withHeaders('forwarded', [
        ['X-Forwarded-For', '10.0.0.1'],
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Host', 'other.example'],
      ]),
      {
        name: 'HTTPS does not come from a header',
        headers: [['HTTPS', 'on']],
        status: 200,
        environ: ['wsgi.url_scheme', 'HTTP*'],
      },
    ],
  },
  {
    name: 'trusted proxies',
    config: `${site}
WSGIScriptAlias /any \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /trusted \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /untrusted \${ROOT}/wsgi-scripts/environ.wsgi
<Location /any>
    WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Port X-Script-Name
</Location>
<Location /trusted>
    WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
    WSGITrustedProxies 127.0.0.0/8 10.0.0.2
</Location>
<Location /untrusted>
    WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
    WSGITrustedProxies 10.0.0.2
</Location>
`,
    requests: proxyRequests.flatMap(([label, forwarded]) =>
      ['any', 'trusted', 'untrusted'].map((name) => ({
        name: `${name}, ${label}`,
        target: `/${name}/info`,
        headers: [...forwarded],
        status: 200,
        environ: [
          'HTTP*',
          'REMOTE_ADDR',
          'SERVER_NAME',
          'SERVER_PORT',
          'SCRIPT_NAME',
          'PATH_INFO',
          'wsgi.url_scheme',
          'mod_wsgi.mount_point',
          'mod_wsgi.script_name',
        ],
      })),
    ),
  },
  {
    name: 'variables of the configuration',
    config: `${site}
SetEnv X_SERVER server
SetEnv X_BOTH server
SetEnv X_EMPTY
SetEnv X_QUOTED "two  words"
SetEnv HTTPS on
SetEnv SCRIPT_NAME /spoofed
PassEnv PARITY_PASSED PARITY_MISSING
SetEnvIf Request_URI "^/if/(\\w+)" X_URI=$1 X_FLAG !X_GONE
SetEnvIf User-Agent bot X_BOT=yes
SetEnvIfNoCase User-Agent BOT X_BOT_NOCASE
SetEnvIf Remote_Addr "^127\\." X_LOCAL
SetEnvIf Request_Method POST X_METHOD=post
SetEnvIf X_BOT yes X_BOT_AGAIN=also
SetEnvIf X-Absent ^$ X_ABSENT
BrowserMatch "^parity/(\\d)" X_VERSION=$1
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    SetEnv X_BOTH host
    SetEnv X_HOST host
    SetEnv X_GONE soon
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
    <Location /section>
        SetEnv X_BOTH section
        UnsetEnv X_HOST
        SetEnvIf Host "^www" X_IN_SECTION=1
    </Location>
    RewriteEngine On
    RewriteRule ^/rewritten/(.*) - [E=X_REWRITTEN:$1,E=X_PLAIN:1]
</VirtualHost>
`,
    requests: (
      [
        ['/', []],
        ['/section', []],
        ['/if/matched', [['User-Agent', 'a bot']]],
        ['/if/other', [['User-Agent', 'parity/3']]],
        ['/rewritten/a%20b', []],
        ['/if', [['X-Absent', '']]],
      ] as const
    ).map(([target, headers]) => ({
      name: target,
      target,
      headers,
      status: 200,
      environ: ['X_*', 'PARITY_*', 'HTTPS', 'SCRIPT_NAME', 'wsgi.url_scheme'],
    })),
  },
  {
    name: 'Define, IfDefine, IfModule and Include',
    config: `${site}
Define LABEL "two words"
Define SEEN
Define NAME value
Define TO_UNDEFINE 1
UnDefine TO_UNDEFINE
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
SetEnv X_LABEL "\${LABEL}"
SetEnv X_JOINED "\${NAME}-\${NAME}"
SetEnv X_ESCAPED "\\\${not_a_variable}"
<IfDefine SEEN>
    SetEnv X_SEEN yes
    <IfDefine !NOT_SEEN>
        SetEnv X_NESTED yes
    </IfDefine>
</IfDefine>
<IfDefine TO_UNDEFINE>
    SetEnv X_UNDEFINED no
</IfDefine>
<IfDefine NOT_SEEN>
    SetEnv X_NOT_SEEN no
    ThisDirectiveDoesNotExist
</IfDefine>
<IfModule mod_wsgi.c>
    SetEnv X_MODULE_FILE yes
</IfModule>
<IfModule wsgi_module>
    SetEnv X_MODULE yes
</IfModule>
<IfModule !mod_none.c>
    SetEnv X_NO_MODULE yes
</IfModule>
<IfModule mod_none.c>
    AlsoNotThere on
</IfModule>
Include \${ROOT}/conf/a.conf
Include \${ROOT}/conf/many/*.conf
IncludeOptional \${ROOT}/conf/none/*.conf
SetEnv X_CONTINUED one\\
two
# a comment \\
SetEnv X_IN_COMMENT no
   setenv    X_CASE   'single quoted'
`,
    files: {
      'conf/a.conf': 'SetEnv X_A a\nSetEnv X_LAST a\n',
      'conf/many/10.conf': 'SetEnv X_TEN 10\nSetEnv X_LAST 10\n',
      'conf/many/20.conf': 'SetEnv X_TWENTY 20\nSetEnv X_LAST 20\n',
      'conf/many/ignored.txt': 'NotRead\n',
    },
    requests: [{ name: 'variables', status: 200, environ: ['X_*'] }],
  },
];

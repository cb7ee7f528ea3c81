/** What the configuration does to responses on their way out: mod_headers, mod_expires, mod_deflate; and TRACE. */

import type { ParityRequest, Scenario } from '../scenario.js';

type Headers = NonNullable<ParityRequest['headers']>;

const gzip: Headers = [['Accept-Encoding', 'gzip, deflate']];

/** Longer than what is not worth to be compressed. */
const text = 'All work and no play makes Jack a dull boy.\n'.repeat(40);

function get(target: string, status = 200, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target, status, ...more };
}

const common = `
DocumentRoot \${ROOT}/documents
WSGIDaemonProcess site threads=5
WSGIProcessGroup site
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

/** An alias of its own for each group of rules. */
function sites(...sections: readonly (readonly [name: string, lines: string])[]): string {
  return sections
    .map(
      ([name, lines]) =>
        `WSGIScriptAlias /${name} \${ROOT}/wsgi-scripts/responses.wsgi\n<Location /${name}>\n${lines}\n</Location>\n`,
    )
    .join('');
}

export const outputScenarios: readonly Scenario[] = [
  {
    name: 'Header',
    config: `${common}
Header set X-Server "of the server"
Header set X-Order one
${sites(
  ['set', 'Header set X-Repeated "set"\nHeader set Content-Type text/x-set\nHeader set X-Order two'],
  [
    'always',
    'Header always set X-Repeated "always"\nHeader always set X-Always yes\nHeader onsuccess set X-Success yes',
  ],
  [
    'append',
    'Header append X-Repeated three\nHeader append X-New one\nHeader append X-New two\nHeader append Vary Host',
  ],
  ['merge', 'Header merge X-Repeated two\nHeader merge X-Repeated three\nHeader merge X-New one'],
  ['add', 'Header add X-Repeated three\nHeader add Set-Cookie c=3\nHeader add Set-Cookie c=3'],
  [
    'unset',
    'Header unset X-Repeated\nHeader unset Vary\nHeader unset Content-Length\nHeader unset Set-Cookie\nHeader unset Content-Type',
  ],
  ['always-unset', 'Header always unset X-Repeated\nHeader always unset X-Server'],
  [
    'edit',
    'Header edit Set-Cookie ^(.*)$ "$1; Secure"\nHeader edit X-Repeated o O\nHeader edit Content-Type plain html\nHeader edit X-None a b',
  ],
  ['edit-all', 'Header edit* X-Repeated o O\nHeader edit* X-Repeated "(t)(w)" "$2-$1-$0"'],
  ['echo', 'Header echo ^X-\nHeader echo User-Agent'],
  ['setifempty', 'Header setifempty X-Repeated empty\nHeader setifempty X-New new'],
  [
    'env',
    'SetEnv SEEN yes\nHeader set X-Seen "%{SEEN}e %{UNSEEN}e" env=SEEN\nHeader set X-Unseen no env=UNSEEN\nHeader set X-Not-Unseen yes env=!UNSEEN\nHeader unset X-Repeated env=!SEEN',
  ],
  [
    'expression',
    'Header set X-Text "expr=%{REQUEST_METHOD} %{tolower:%{HTTP_HOST}} %{resp:X-Repeated}"\n' +
      'Header set X-Held yes "expr=%{QUERY_STRING} =~ /a(.)/"\nHeader always set X-Status yes "expr=%{REQUEST_STATUS} == 404"\n' +
      'Header unset X-Repeated "expr=-n req(\'X-Drop\')"\nHeader set X-Type "expr=%{CONTENT_TYPE}"\n' +
      'Header edit Vary Accept "expr=%{REQUEST_URI}"',
  ],
  [
    'format',
    'Header set X-Format "100%% %{HTTPS}s %{SSL_PROTOCOL}s a\\\\tb"\nHeader set "X-Colon:" value\nHeader set X-Percent 100%',
  ],
  ['order', 'Header set X-Both onsuccess\nHeader always set X-Both always\nHeader set X-After "%{REDIRECT_STATUS}e"'],
  ['note', 'Header note X-Repeated kept'],
  ['closing', 'Header set Connection close'],
  ['location', 'Header edit Location ^/ http://other.example/\nHeader always edit Location o 0'],
)}
<Location /set/nested>
    Header set X-Order three
    Header unset X-Server
</Location>
Redirect /moved /elsewhere
Redirect gone /gone
<Location /moved>
    Header always set X-Always yes
    Header set X-Success yes
    Header always set Location http://stolen.example/
</Location>
<Location /gone>
    Header always set X-Always yes
    Header set X-Success yes
</Location>
<Location /documented>
    ErrorDocument 404 /page.html
    Header always set X-Of-The-Failed yes
</Location>
<Files page.html>
    Header set X-Of-The-Page yes
    Header always append X-Always-Of-The-Page yes
    Header set ETag mine
    Header unset Last-Modified
    Header set Cache-Control "max-age=10, public"
</Files>
<Directory \${ROOT}/documents/sub>
    RewriteEngine On
    RewriteRule ^cookies - [CO=a:1:.example.com,CO=b:2:.example.com]
    Header set X-Directory sub
    Header merge X-Order sub
</Directory>
<Location /denied>
    Require all denied
    Header always set X-Always yes
    Header set X-Success yes
</Location>
`,
    files: {
      'documents/page.html': '<p>page</p>\n',
      'documents/sub/page.txt': text,
      'documents/sub/cookies.txt': 'cookies\n',
      'documents/denied': '',
    },
    requests: [
      ...[
        'set',
        'always',
        'append',
        'merge',
        'add',
        'unset',
        'edit',
        'edit-all',
        'setifempty',
        'env',
        'order',
        'note',
      ].map((name) => get(`/${name}/repeated`)),
      get('/always-unset/repeated'),
      get('/format/hello'),
      get('/expression/repeated?ab'),
      get('/expression/repeated', 200, { name: 'expressions of a field', headers: [['X-Drop', '1']] }),
      get('/expression/missing', 404),
      get('/expression/nothing-of-that-name', 500),
      get('/echo/hello', 200, {
        headers: [
          ['X-One', '1'],
          ['x-two', '2'],
          ['User-Agent', 'me'],
        ],
      }),
      get('/closing/hello'),
      get('/edit/cookies'),
      get('/add/cookies'),
      get('/unset/cookies'),
      get('/unset/hello'),
      get('/unset/no-content', 204),
      get('/append/not-modified', 304),
      get('/location/moved', 302),
      get('/always/missing', 404, { shows: 'yes' }),
      get('/always/failing', 500),
      get('/set/nested/failing', 500),
      get('/always/nothing-of-that-name', 500, { name: 'an application that fails' }),
      get('/moved/x', 302),
      get('/gone/x', 410),
      get('/denied', 403),
      get('/documented/x', 404),
      get('/nowhere', 404),
      get('/page.html'),
      get('/page.html', 304, { name: 'unchanged', headers: [['If-Modified-Since', 'Fri, 01 Mar 2024 12:00:00 GMT']] }),
      get('/sub/page.txt'),
      get('/sub/cookies.txt'),
      get('/sub/page.txt', 206, { name: 'a range', headers: [['Range', 'bytes=4-7']] }),
      get('/sub', 301),
      get('/page.html', 200, { name: 'HEAD of a file', method: 'HEAD' }),
      get('/page.html', 405, { name: 'PUT', method: 'PUT' }),
      get('/set/unmeasured', 200, { name: 'HEAD of an application', method: 'HEAD' }),
      { name: 'HTTP/1.0', raw: 'GET /set/unmeasured HTTP/1.0\r\nHost: www.example.com\r\n\r\n', status: 200 },
    ],
  },
  {
    name: 'Header in a virtual host',
    config: `${common}
Header set X-Main main
Header always set X-Main always
<VirtualHost *>
    ServerName www.example.com
    DocumentRoot \${ROOT}/documents
    Header set X-Host host
    <IfModule mod_headers.c>
        Header append X-Main host
    </IfModule>
    <IfModule !headers_module>
        Header set X-Wrong yes
    </IfModule>
</VirtualHost>
`,
    files: { 'documents/page.html': '<p>page</p>\n' },
    requests: [get('/page.html'), get('/nowhere', 404)],
  },
  {
    name: 'RequestHeader',
    config: `${common}
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /unused \${ROOT}/wsgi-scripts/environ.wsgi
RequestHeader set X-Order one
<Location /set>
    RequestHeader set X-Order two
    RequestHeader set X-Forwarded-Proto https
    RequestHeader set Cookie "a=%{SEEN}e"
    SetEnv SEEN yes
</Location>
<Location /unset>
    RequestHeader unset X-Client
    RequestHeader unset Cookie
    RequestHeader unset X-Absent
</Location>
<Location /lists>
    RequestHeader append X-Client more
    RequestHeader merge X-Client one
    RequestHeader edit X-Client o 0
    RequestHeader setifempty X-Client empty
    RequestHeader setifempty X-Other other
</Location>
<Location /expressions>
    RequestHeader set X-Text "expr=%{REQUEST_METHOD} %{req:X-Client}"
    RequestHeader unset Cookie "expr=req('X-Client') =~ /two/"
</Location>
<Location /added>
    RequestHeader add X-Client added
    RequestHeader add X-Order added
</Location>
<Location /conditional>
    SetEnvIf X-Client one FOUND=1
    RequestHeader set X-Found yes env=FOUND
    RequestHeader set X-Missed yes env=!FOUND
</Location>
`,
    requests: ['/set', '/unset', '/lists', '/expressions', '/added', '/conditional'].map((target) =>
      get(target, 200, {
        headers: [
          ['X-Client', 'one'],
          ['Cookie', 'b=1'],
          ['X-Client', 'two'],
        ],
        environ: ['HTTP_*'],
      }),
    ),
  },
  {
    name: 'Expires',
    config: `${common}
ExpiresActive On
ExpiresDefault "access plus 1 hour"
ExpiresByType text/css A600
ExpiresByType image/* "now plus 2 days 3 hours"
ExpiresByType image/gif "access plus 30 minutes"
ExpiresByType text/csv "modification plus 1 month"
ExpiresByType application/json M600
ExpiresByType application/pdf A-60
${sites(['plain', ''], ['cached', 'Header set Cache-Control private\nHeader unset Expires'])}
<Location /off>
    ExpiresActive Off
</Location>
Alias /off \${ROOT}/documents
<Location /inner>
    ExpiresByType text/css "access plus 1 week"
    ExpiresDefault "access 1 minutes"
</Location>
Alias /inner \${ROOT}/documents
Redirect /moved /elsewhere
`,
    files: {
      'documents/page.html': '<p>page</p>\n',
      'documents/style.css': 'p {}\n',
      'documents/picture.png': 'x',
      'documents/picture.gif': 'x',
      'documents/data.csv': 'x',
      'documents/data.json': '{}',
      'documents/data.pdf': 'x',
      'documents/thing.unknown': 'x',
    },
    requests: [
      ...[
        'page.html',
        'style.css',
        'picture.png',
        'picture.gif',
        'data.csv',
        'data.json',
        'data.pdf',
        'thing.unknown',
      ].map((name) => get(`/${name}`)),
      get('/off/style.css'),
      get('/inner/style.css'),
      get('/inner/page.html'),
      get('/plain/hello'),
      get('/plain/not-modified-with-type', 304),
      get('/plain/no-content', 204),
      get('/plain/missing', 404),
      get('/plain/moved', 302),
      get('/plain/without-type'),
      get('/cached/hello'),
      get('/moved', 302),
      get('/nowhere', 404),
      get('/style.css', 304, { name: 'unchanged', headers: [['If-Modified-Since', 'Fri, 01 Mar 2024 12:00:00 GMT']] }),
    ],
  },
  {
    name: 'DEFLATE',
    config: `${common}
AddOutputFilterByType DEFLATE text/html text/css
AddOutputFilterByType DEFLATE text/csv
DeflateCompressionLevel 9
BrowserMatch ^Old no-gzip
BrowserMatch ^HtmlOnly gzip-only-text/html
AddEncoding x-gzip .gz
WSGIScriptAlias /bytype \${ROOT}/wsgi-scripts/responses.wsgi
${sites(
  ['plain', ''],
  ['all', 'SetOutputFilter DEFLATE'],
  ['typed', 'AddOutputFilterByType DEFLATE text/plain'],
  ['forced', 'SetOutputFilter DEFLATE\nSetEnv force-gzip 1'],
  ['head', 'SetOutputFilter DEFLATE\nHeader append Vary Cookie\nHeader unset Content-Encoding env=NOTHING'],
)}
<Location /never>
    SetEnv no-gzip 1
</Location>
Alias /never \${ROOT}/documents
ErrorDocument 404 /long.html
Alias /everything \${ROOT}/documents
<Location /everything>
    SetOutputFilter DEFLATE
</Location>
`,
    files: {
      'documents/long.html': text,
      'documents/long.txt': text,
      'documents/long.css': text,
      'documents/longer.css': text.repeat(100),
      'documents/packed.css.gz': text,
      'documents/short.html': '<p>short</p>\n',
    },
    requests: [
      get('/long.html'),
      ...[
        '/long.html',
        '/long.txt',
        '/long.css',
        '/longer.css',
        '/packed.css.gz',
        '/short.html',
        '/never/long.html',
      ].map((target) => get(target, 200, { name: `${target} for gzip`, headers: gzip })),
      get('/long.html', 200, { name: 'HEAD', method: 'HEAD', headers: gzip }),
      ...['gzip;q=0', 'gzip;q=0.5', 'gzip; q=0.000', 'deflate', '*', 'GZIP', 'br, gzip', 'x-gzip', 'gzip;q=0, *'].map(
        (value) => get('/long.html', 200, { name: `Accept-Encoding: ${value}`, headers: [['Accept-Encoding', value]] }),
      ),
      get('/long.html', 200, { name: 'no-gzip', headers: [...gzip, ['User-Agent', 'Old']] }),
      get('/long.css', 200, { name: 'gzip-only-text/html', headers: [...gzip, ['User-Agent', 'HtmlOnly']] }),
      get('/long.html', 200, { name: 'gzip-only-text/html of HTML', headers: [...gzip, ['User-Agent', 'HtmlOnly']] }),
      get('/long.html', 304, {
        name: 'unchanged',
        headers: [...gzip, ['If-Modified-Since', 'Fri, 01 Mar 2024 12:00:00 GMT']],
      }),
      get('/long.html', 200, {
        name: 'unchanged by the tag of the compressed one',
        headers: [...gzip, ['If-None-Match', '"6e0-612981d875000-gzip"']],
      }),
      get('/long.html', 206, { name: 'a range', headers: [...gzip, ['Range', 'bytes=4-7']] }),
      get('/long.html', 206, { name: 'a range of the plain one', headers: [['Range', 'bytes=4-7']] }),
      get('/nowhere', 404, { name: 'an error document', headers: gzip }),
      get('/everything/nowhere', 404, { name: 'an error document of elsewhere', headers: gzip }),
      get('/everything/long.txt', 200, { name: 'SetOutputFilter for a file', headers: gzip }),
      ...['large', 'dated', 'generated', 'sleeps', 'hello', 'empty', 'too-long'].map((name) =>
        get(`/all/${name}`, 200, { headers: gzip }),
      ),
      get('/all/large', 200, { name: 'a large one for a client without gzip' }),
      get('/all/missing', 404, { headers: gzip }),
      get('/all/failing', 500, { headers: gzip }),
      get('/all/not-modified', 304, { headers: gzip }),
      get('/all/no-content', 204, { headers: gzip }),
      get('/all/created', 201, { headers: gzip }),
      get('/typed/large', 200, { headers: gzip }),
      get('/typed/created', 201, { headers: gzip }),
      get('/plain/large', 200, { headers: gzip }),
      get('/forced/large', 200),
      get('/head/repeated', 200, { headers: gzip }),
      get('/all/large', 200, { name: 'HEAD of an application', method: 'HEAD', headers: gzip }),
      {
        name: 'HTTP/1.0',
        raw: 'GET /all/large HTTP/1.0\r\nHost: www.example.com\r\nAccept-Encoding: gzip\r\n\r\n',
        status: 200,
      },
    ],
  },
  {
    name: 'WSGIMapHEADToGET Auto and output filters',
    config: `${common}
WSGIMapHEADToGET Auto
${['none', 'header', 'always', 'expires', 'deflate', 'typed', 'request', 'off']
  .map((name) => `WSGIScriptAlias /${name} \${ROOT}/wsgi-scripts/method-in-blocks.wsgi\n`)
  .join('')}
<Location /header>
    Header set X-Y 1
</Location>
<Location /always>
    Header always set X-Y 1
</Location>
<Location /expires>
    ExpiresActive On
    ExpiresByType text/x-other A60
</Location>
<Location /deflate>
    SetOutputFilter DEFLATE
</Location>
<Location /typed>
    AddOutputFilterByType DEFLATE text/x-other
</Location>
<Location /request>
    RequestHeader set X-Y 1
</Location>
<Location /off>
    WSGIMapHEADToGET Off
    Header set X-Y 1
</Location>
`,
    requests: ['none', 'header', 'always', 'expires', 'deflate', 'typed', 'request', 'off'].map((name) =>
      get(`/${name}`, 200, { name: `HEAD of /${name}`, method: 'HEAD' }),
    ),
  },
  {
    name: 'applications that send elsewhere',
    config: `${common}
WSGIScriptAlias /redirects \${ROOT}/wsgi-scripts/redirects.wsgi
WSGIScriptAlias /environ \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /echo \${ROOT}/wsgi-scripts/echo.wsgi
Alias /protected \${ROOT}/protected
SetEnvIf Request_URI ^/redirects SENT=yes
<Location /protected>
    SetEnv X 1
    Require env REDIRECT_SENT
</Location>
<Location /redirects>
    Header set X-First first
    Header always set X-Always first
</Location>
<Location /protected/headed>
    Header set X-Second second
</Location>
`,
    files: {
      'protected/file.txt': 'protected\n',
      'protected/two words & more.txt': 'two words\n',
      'protected/thing.unknown': 'unknown\n',
      'protected/headed/file.txt': 'headed\n',
    },
    requests: [
      get('/redirects?to=/protected/file.txt', 200, { shows: 'protected' }),
      get('/redirects?to=/protected/two%20words%20%26%20more.txt', 200, {
        name: 'a path with blanks',
        shows: 'two words',
      }),
      get('/redirects?to=/protected/two%2520words%2520%2526%2520more.txt', 200, {
        name: 'a path that is encoded',
        shows: 'two words',
      }),
      get('/redirects?to=/protected/thing.unknown', 200, { name: 'a file without a type' }),
      get('/redirects?to=/protected/../protected/file.txt', 200, { name: 'a path with dots' }),
      get('/redirects?to=//protected//file.txt', 200, { name: 'slashes' }),
      get('/redirects?to=/protected/headed/file.txt', 200, { name: 'headers of both' }),
      get('/redirects?to=/protected/nothing', 404, { name: 'nothing there' }),
      get('/redirects?to=/protected/file.txt', 304, {
        name: 'unchanged',
        headers: [['If-Modified-Since', 'Fri, 01 Mar 2024 12:00:00 GMT']],
      }),
      get('/redirects?to=/protected/file.txt', 206, { name: 'a range', headers: [['Range', 'bytes=1-3']] }),
      get('/redirects?to=/protected/file.txt', 200, { name: 'HEAD', method: 'HEAD' }),
      get('/redirects?to=/protected/file.txt', 200, { name: 'POST', method: 'POST', body: 'a=1' }),
      get('/redirects?to=/protected/file.txt', 200, { name: 'PUT', method: 'PUT', body: 'a=1' }),
      get('/redirects?to=/protected/file.txt', 200, { name: 'DELETE', method: 'DELETE' }),
      get('/protected/file.txt', 403, { name: 'without the application' }),
      get('/redirects?to=/environ/info?a=b', 200, {
        name: 'another application',
        environ: [
          'REQUEST_*',
          'SCRIPT_NAME',
          'PATH_INFO',
          'QUERY_STRING',
          'REDIRECT_SENT',
          'REDIRECT_URL',
          'REDIRECT_STATUS',
          'REDIRECT_QUERY_STRING',
          'CONTENT_LENGTH',
          'CONTENT_TYPE',
          'SENT',
          'HTTP_*',
        ],
      }),
      get('/redirects?to=/environ/info?a=b', 200, {
        name: 'another application after a POST',
        method: 'POST',
        body: 'a=1',
        headers: [['Content-Type', 'text/x-form']],
        environ: [
          'REQUEST_*',
          'SCRIPT_NAME',
          'PATH_INFO',
          'QUERY_STRING',
          'REDIRECT_REQUEST_METHOD',
          'REDIRECT_REMOTE_ADDR',
          'CONTENT_LENGTH',
          'CONTENT_TYPE',
          'HTTP_*',
        ],
      }),
      get('/redirects?to=/echo', 200, { name: 'the body is gone', method: 'POST', body: 'a=1' }),
      get('/redirects?to=/redirects?to=/protected/file.txt', 200, { name: 'twice', shows: 'protected' }),
      get('/redirects?loop=10', 200, { name: 'ten times', shows: 'over' }),
      get('/redirects?loop=11', 500, {
        name: 'eleven times',
        logged: 'equest exceeded the limit of 10 internal redirects',
      }),
      get('/redirects?to=http://elsewhere.example/', 200, { name: 'a URL is left alone' }),
      get('/redirects?status=201&to=/protected/file.txt', 201, { name: 'with another status' }),
      get('/redirects?to=/protected/file.txt&large=1', 200, { name: 'a large body is discarded' }),
      {
        name: 'the connection is kept',
        raw: `GET /redirects?to=/protected/file.txt&large=1 HTTP/1.1\r\nHost: www.example.com\r\n\r\n`.repeat(2),
        answers: 2,
        status: 200,
      },
    ],
  },
  {
    name: 'TRACE',
    config: `${common}
TraceEnable On
Header always set X-Always yes
WSGIScriptAlias /echo \${ROOT}/wsgi-scripts/echo.wsgi
<VirtualHost *>
    ServerName www.example.com
</VirtualHost>
<VirtualHost *>
    ServerName extended.example
    TraceEnable extended
</VirtualHost>
<VirtualHost *>
    ServerName off.example
    TraceEnable Off
</VirtualHost>
`,
    requests: [
      get('/none?x=1', 200, {
        name: 'On',
        method: 'TRACE',
        headers: [
          ['X-A', 'b'],
          ['Cookie', 'c'],
        ],
        shows: 'X-A: b',
      }),
      get('/echo', 200, { name: 'of an application', method: 'TRACE' }),
      get('/echo', 413, { name: 'On with a body', method: 'TRACE', body: 'abc' }),
      get('/echo', 200, { name: 'extended', method: 'TRACE', host: 'extended.example', body: 'abc', shows: 'abc' }),
      get('/echo', 413, {
        name: 'extended and too long',
        method: 'TRACE',
        host: 'extended.example',
        body: 'x'.repeat(65_537),
      }),
      get('/echo', 405, { name: 'Off', method: 'TRACE', host: 'off.example' }),
    ],
  },
];

/** Apache's expressions: what they give, and the sections and directives that hold them. */

import type { ParityRequest, Scenario } from '../scenario.js';

/** Each becomes an <If> that sets a variable, so that one request shows the values of all of them. */
const expressions = String.raw`
true
!true
not false && true
true || false && false
(true || false) && false
!(true && false) && !false
%{HTTP_HOST} == 'www.example.com'
%{http_host} != "www.example.com"
%{HTTP_HOST} =~ /^WWW/
%{HTTP_HOST} =~ /^WWW/i
%{REQUEST_URI} =~ m#^/([a-z-]+)/([a-z]+)# && $1 == 'wsgi-bin' && "$2" == 'environ'
%{REQUEST_URI} =~ m#^/([a-z-]+)/# && 'x' =~ /x/ && $1 == 'wsgi-bin'
%{REQUEST_URI} =~ m#^/([a-z-]+)/# && 'x' !~ /(y)/ && $1 == ''
%{REQUEST_URI} !~ m!nope!
'a' < 'b' && '10' < '9' && 'b' >= 'b'
'10' -gt '9' && ' 7 apples' -eq 7 && 'x' -eq 0 && -1 -lt 1
10 gt 9 && 9 le 9 && 1 ne 2
1.5 == '15'
'a' . 'b' . %{REQUEST_METHOD} == 'abGET'
%{REQUEST_METHOD} -in { 'POST', 'GET' }
%{REQUEST_METHOD} in { 'POST', 'PUT' }
-z %{HTTP_COOKIE} && -n %{HTTP_HOST}
-T 'on' && -T 'x' && !(-T 'No') && !(-T '') && !(-T '0') && -T '00'
-R '127.0.0.0/8'
-R '10'
%{REMOTE_ADDR} -ipmatch '127.0.0.1'
'10.1.2.3' -ipmatch '10.0.0.0/255.0.0.0'
'fd00::1' -ipmatch 'fd00::/8'
'a/b.html' -strmatch '*.html'
'a/b.html' -fnmatch '*.html'
'A' -strcmatch 'a*' && !('A' -strmatch 'a*')
%{REQUEST_URI} -strmatch '*/%{tolower:ENVIRON}/*'
-d '${'${ROOT}'}/documents' && -e '${'${ROOT}'}/documents' && !(-f '${'${ROOT}'}/documents')
-f '${'${ROOT}'}/documents/page.txt' && -s '${'${ROOT}'}/documents/page.txt' && !(-x '${'${ROOT}'}/documents/page.txt')
-e '${'${ROOT}'}/documents/nope'
-f %{REQUEST_FILENAME}
%{PATH_INFO} == '/rest'
%{QUERY_STRING} == 'a=1&b=%20'
%{THE_REQUEST} =~ m#^GET /wsgi-bin/environ/rest.a=1&b=%20 HTTP/1.1$#
%{REQUEST_SCHEME} == 'http' && %{HTTPS} == 'off' && %{HTTP2} == 'off' && %{IPV6} == 'off'
%{SERVER_NAME} == 'www.example.com' && %{SERVER_PROTOCOL} == 'HTTP/1.1'
%{REQUEST_STATUS} == '200' && %{IS_SUBREQ} == 'false' && %{HANDLER} == 'wsgi-script' && -z %{CONTENT_TYPE}
%{DOCUMENT_ROOT} == '${'${ROOT}'}/documents' && -z %{REMOTE_USER} && -z %{AUTH_TYPE}
%{TIME_YEAR} -ge 2024 && %{TIME} -gt 20240101000000 && %{TIME_WDAY} -le 6
%{API_VERSION} -ge 20120211 && %{API_VERSION} !~ /:/
%{DOCUMENT_URI} == %{REQUEST_URI} && %{SCRIPT_FILENAME} == %{REQUEST_FILENAME}
req('X-Test') == 'A b%2Fc%20d' && http('x-test') == req('X-Test') && %{req_novary:X-Test} == req('X-Test')
req('X-None') == '' && "<%{req:X-None}>" == '<>'
tolower(req('X-Test')) == 'a b%2fc%20d' && %{toupper:%{req:X-Test}} == 'A B%2FC%20D'
unescape(req('X-Test')) == 'A b%2Fc d' && unescape('%zz') == '' && unescape('a%00b') == ''
escape('a b?c#d:e;f&g=h+i%j"k') == 'a%20b%3fc%23d:e;f&g=h+i%25j%22k'
base64('hello') == 'aGVsbG8=' && unbase64('aGVsbG8=') == 'hello'
md5('hello') == '5d41402abc4b2a76b9719d911017c592'
sha1('hello') == 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'
reqenv('FROM_IF') == 'yes' && env('FROM_IF') == 'yes' && reqenv('SET') == ''
osenv('PARITY_PASSED') == 'from the environment' && env('PARITY_PASSED') == 'from the environment'
note('x') == '' && resp('x') == ''
filesize('${'${ROOT}'}/documents/page.txt') == '5' && filesize('/nope') == '0'
"\101\n\t" == "A\n\t" && 'a\'b' == "a'b" && "100%" == '100%' && "a$" == 'a$'
`
  .split('\n')
  .filter((line) => line !== '');

function quoted(expression: string): string {
  return `"${expression.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function name(index: number): string {
  return `EXPR_${String(index + 1).padStart(2, '0')}`;
}

const environSite = `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}>
    Require all granted
</Directory>
WSGIScriptAlias /wsgi-bin/environ \${ROOT}/wsgi-scripts/environ.wsgi
`;

const files = { 'documents/page.txt': 'page\n', 'documents/a/page.txt': 'a\n', 'documents/a/b/page.txt': 'b\n' };

function environ(target: string, keys: readonly string[], more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target: `/wsgi-bin/environ${target}`, status: 200, environ: keys, ...more };
}

export const expressionScenarios: readonly Scenario[] = [
  {
    name: 'expressions',
    config: `${environSite}
SetEnvIf Host . FROM_IF=yes
SetEnv SET late
${expressions.map((text, index) => `<If ${quoted(text)}>\n    SetEnv ${name(index)} 1\n</If>`).join('\n')}
`,
    files,
    requests: [
      environ('/rest?a=1&b=%20', ['EXPR_*'], {
        name: 'all of them',
        headers: [['X-Test', 'A b%2Fc%20d']],
      }),
    ],
  },
  {
    name: 'If, ElseIf and Else',
    config: `${environSite}
<If "%{QUERY_STRING} =~ /one/">
    SetEnv CHOICE one
    SetEnv ONE 1
</If>
<ElseIf "%{QUERY_STRING} =~ /two/">
    SetEnv CHOICE two
    SetEnv TWO 1
</ElseIf>
<ElseIf "%{QUERY_STRING} =~ /three/">
    SetEnv CHOICE three
</ElseIf>
<Else>
    SetEnv CHOICE none
</Else>
<If "%{QUERY_STRING} =~ /deny/">
    Require all denied
</If>
<If "%{QUERY_STRING} =~ /agent/ && %{HTTP_USER_AGENT} =~ /x/">
    SetEnv AGENT 1
</If>
<If "%{QUERY_STRING} =~ /outer/">
    SetEnv LEVEL outer
    SetEnv OUTER 1
    <If "%{QUERY_STRING} =~ /inner/">
        SetEnv LEVEL inner
    </If>
    <Else>
        SetEnv LEVEL else
    </Else>
</If>
<If "%{QUERY_STRING} =~ /outer/">
    SetEnv LEVEL later
</If>
`,
    requests: [
      ...['?', '?one', '?two', '?three', '?onetwo', '?twothree'].map((target) =>
        environ(target, ['CHOICE', 'ONE', 'TWO']),
      ),
      environ('?deny', [], { status: 403 }),
      ...['?outer', '?outer&inner', '?inner'].map((target) => environ(target, ['LEVEL', 'OUTER'])),
      environ('?agent', ['AGENT'], { headers: [['User-Agent', 'x']] }),
      environ('?agent=other', ['AGENT'], { headers: [['User-Agent', 'other']] }),
      environ('?agent&deny', [], { status: 403, headers: [['User-Agent', 'x']] }),
    ],
  },
  {
    name: 'conditions inside of sections',
    config: `${environSite}
SetEnv WHERE server
<If "true">
    SetEnv WHERE server-if
    SetEnv SERVER_IF 1
</If>
<Location /wsgi-bin>
    SetEnv WHERE location
    <If "%{QUERY_STRING} =~ /location/">
        SetEnv WHERE location-if
    </If>
</Location>
<Directory \${ROOT}/wsgi-scripts>
    SetEnv WHERE directory
    <If "%{QUERY_STRING} =~ /directory/">
        SetEnv WHERE directory-if
    </If>
    <Files environ.wsgi>
        SetEnv FILES 1
        <If "%{QUERY_STRING} =~ /files/">
            SetEnv WHERE files-if
        </If>
        <Else>
            SetEnv FILES else
        </Else>
    </Files>
</Directory>
<Directory \${ROOT}/documents>
    <If "true">
        SetEnv ELSEWHERE 1
    </If>
</Directory>
`,
    requests: [
      '?',
      '?location',
      '?directory',
      '?files',
      '?directory,location',
      '?directory,files',
      '?files,location',
    ].map((target) => environ(target, ['WHERE', 'SERVER_IF', 'FILES', 'ELSEWHERE'])),
  },
  {
    name: 'conditions of the main server and a virtual host',
    config: `
WSGIDaemonProcess site threads=2
<If "%{HTTP_HOST} =~ /^www/">
    SetEnv WHO main
    SetEnv MAIN 1
</If>
<VirtualHost *:\${PORT}>
ServerName www.example.com
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias /wsgi-bin/environ \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
<If "%{HTTP_HOST} =~ /^www/">
    SetEnv WHO host
</If>
</VirtualHost>
`,
    requests: [environ('', ['WHO', 'MAIN'], { name: 'both' })],
  },
  {
    name: 'what conditions may change',
    config: `
WSGIDaemonProcess site threads=2
WSGIDaemonProcess other threads=2
WSGIApplicationGroup %{GLOBAL}
WSGIProcessGroup site
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}>
    Require all granted
</Directory>
WSGIScriptAlias /wsgi-bin/environ \${ROOT}/wsgi-scripts/environ.wsgi
<If "%{QUERY_STRING} =~ /other/">
    WSGIProcessGroup other
</If>
<If "%{QUERY_STRING} =~ /away/">
    Redirect /page.txt /elsewhere
</If>
<If "%{QUERY_STRING} =~ /type/">
    ForceType text/x-forced
</If>
<If "-z %{HTTP_USER_AGENT}">
    ErrorDocument 404 /page.txt
</If>
<If "%{HTTP_USER_AGENT} == 'bad'">
    Require all denied
</If>
<Else>
    ErrorDocument 403 "no"
</Else>
`,
    files,
    requests: [
      environ('?', ['mod_wsgi.process_group'], { name: 'the usual group' }),
      environ('?other', ['mod_wsgi.process_group'], { name: 'another group' }),
      { name: 'redirect', target: '/page.txt?away', status: 302 },
      { name: 'type', target: '/page.txt?type', status: 200 },
      { name: 'error document', target: '/nope', status: 404, shows: 'page' },
      { name: 'denied', target: '/page.txt', headers: [['User-Agent', 'bad']], status: 403 },
      { name: 'admitted', target: '/page.txt', headers: [['User-Agent', 'good']], status: 200 },
    ],
  },
  {
    name: 'Require expr',
    config: `
AliasMatch ^/ \${ROOT}/documents/page.txt
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
SetEnvIf X-Key "^open$" KEY
${Object.entries({
  plain: `Require expr %{QUERY_STRING} == 'yes'`,
  quoted: `Require expr "%{QUERY_STRING} =~ /^yes/ && %{REQUEST_METHOD} -in { 'GET' }"`,
  blanks: `Require   expr   "%{QUERY_STRING} == 'yes'"`,
  not: `<RequireAll>\nRequire all granted\nRequire not expr %{QUERY_STRING} == 'yes'\n</RequireAll>`,
  env: `Require expr reqenv('KEY') == '1'`,
  address: `Require expr -R '127.0.0.0/8'`,
  path: `Require expr %{REQUEST_FILENAME} =~ m#/documents/page.txt$#`,
  any: `<RequireAny>\nRequire ip 10\nRequire expr req('X-Key') == 'open'\n</RequireAny>`,
})
  .map(([path, text]) => `<Location /${path}>\n${text}\n</Location>`)
  .join('\n')}
`,
    files,
    requests: [
      { name: 'plain', target: '/plain?yes', status: 200 },
      { name: 'plain, no', target: '/plain?no', status: 403 },
      { name: 'quoted', target: '/quoted?yes', status: 200 },
      { name: 'quoted, no', target: '/quoted?no', status: 403 },
      { name: 'blanks', target: '/blanks?yes', status: 200 },
      { name: 'not', target: '/not?no', status: 200 },
      { name: 'not, yes', target: '/not?yes', status: 403 },
      { name: 'env', target: '/env', headers: [['X-Key', 'open']], status: 200 },
      { name: 'env, without', target: '/env', status: 403 },
      { name: 'address', target: '/address', status: 200 },
      { name: 'path', target: '/path', status: 200 },
      { name: 'any', target: '/any', headers: [['X-Key', 'open']], status: 200 },
      { name: 'any, without', target: '/any', status: 403 },
    ],
  },
  {
    name: 'RewriteCond expr',
    config: `${environSite}
RewriteEngine On
RewriteCond expr "%{QUERY_STRING} =~ /^(a)(b)?/ && %{REQUEST_URI} -strmatch '/wsgi-bin/*'"
RewriteRule ^ - [E=GROUPS:%1-%2-%0,E=SEEN:1]
RewriteCond expr "reqenv('SEEN') == '1'"
RewriteRule ^ - [E=AGAIN:1]
RewriteCond expr "!%{QUERY_STRING} == 'x'"
RewriteRule ^ - [E=NEGATED:1]
<Directory \${ROOT}/documents>
    RewriteEngine On
    RewriteCond expr "-f %{REQUEST_FILENAME} && req('X-Key') == 'a'"
    RewriteRule ^page.txt$ a/page.txt
</Directory>
`,
    files,
    requests: [
      ...['?ab', '?ac', '?x', '?'].map((target) => environ(target, ['GROUPS', 'SEEN', 'AGAIN', 'NEGATED'])),
      { name: 'per directory', target: '/page.txt', headers: [['X-Key', 'a']], status: 200, shows: 'a' },
      { name: 'per directory, no', target: '/page.txt', headers: [['X-Key', 'b']], status: 200 },
    ],
  },
  {
    name: 'SetEnvIfExpr',
    config: `${environSite}
SetEnvIfExpr "%{QUERY_STRING} =~ /^(a)(b)?/" FIRST=$1 SECOND=<$2> ALL=[$0]
SetEnvIfExpr "%{QUERY_STRING} =~ /^a/" PLAIN=$1 SET
SetEnvIfExpr "reqenv('SET') == '1'" !PLAIN SEEN
SetEnvIfExpr "%{QUERY_STRING} == 'x'" X=\\$1
<Location /wsgi-bin>
    SetEnvIfExpr "-f %{REQUEST_FILENAME}" IN_SECTION
</Location>
`,
    requests: ['?ab', '?ac', '?x', '?'].map((target) =>
      environ(target, ['FIRST', 'SECOND', 'ALL', 'PLAIN', 'SET', 'SEEN', 'X', 'IN_SECTION']),
    ),
  },
];

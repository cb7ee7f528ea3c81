/** mod_alias's redirects, common rewriting rules, and ErrorDocument. */

import type { ParityRequest, Scenario } from '../scenario.js';

function get(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target, status, ...more };
}

export const redirectScenarios: readonly Scenario[] = [
  {
    name: 'Redirect and RedirectMatch',
    config: `
DocumentRoot \${ROOT}/documents
Redirect /old http://elsewhere.example/new
Redirect permanent /permanent /local/new
Redirect 303 /see-other http://elsewhere.example/
Redirect seeother /see-too http://elsewhere.example/
Redirect gone /gone
Redirect 404 /hidden
Redirect 410 /also-gone
RedirectPermanent /rp http://elsewhere.example/rp
RedirectTemp /rt http://elsewhere.example/rt
RedirectMatch "^/m/(.*)\\.gif$" http://elsewhere.example/$1.png
RedirectMatch 301 "^/n/([0-9]+)/([a-z]+)" /$2/$1
RedirectMatch gone "\\.gone$"
Redirect /slash/ http://elsewhere.example/slashed/
Redirect /with-query http://elsewhere.example/?fixed=1
Redirect /to-slash http://elsewhere.example
Alias /old/aliased \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
<Location /in-section>
    Redirect 301 /in-section http://elsewhere.example/section
</Location>
<Location /section-without-path>
    Redirect 302 http://elsewhere.example/exactly
</Location>
<Directory \${ROOT}/documents/in-directory>
    RedirectMatch 302 "^/in-directory/(.*)$" http://elsewhere.example/d/$1
</Directory>
`,
    files: { 'documents/index.html': '<p>x</p>\n', 'documents/in-directory/index.html': '<p>x</p>\n' },
    requests: [
      get('/old', 302),
      get('/old/and/more', 302),
      get('/old/aliased/index.html', 302),
      get('/older', 404),
      get('/old?a=1&b=%20', 302),
      get('/old/caf%C3%A9%20x%3Fy', 302),
      get('/old/a%2541%23;b', 302),
      get('/m/a%2541%3Fb;.gif', 302),
      get('/old/%22quote%22<tag>', 302),
      get('/permanent/x', 301),
      get('/permanent/x', 301, { name: 'with a port', host: 'www.example.com:${PORT}' }),
      get('/see-other', 303),
      get('/see-too', 303),
      get('/gone/x', 410),
      get('/hidden', 404),
      get('/also-gone', 410),
      get('/rp/1', 301),
      get('/rt/1', 302),
      get('/m/a/b.gif', 302),
      get('/m/a.gif?q', 302),
      get('/n/12/ab/rest', 301),
      get('/x.gone', 410),
      get('/slash', 404),
      get('/slash/x', 302),
      get('/with-query/x?y=1', 302),
      get('/to-slash/x', 302),
      get('/in-section/x', 301),
      get('/section-without-path/x', 302),
      get('/in-directory/index.html', 302),
      { ...get('/old', 302), name: 'HEAD', method: 'HEAD' },
      { ...get('/old', 302), name: 'POST', method: 'POST', body: 'a=1' },
    ],
  },
  {
    name: 'rewriting as sites use it',
    config: `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}>
    Require all granted
    Options FollowSymLinks
</Directory>
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
RewriteEngine On
RewriteCond %{HTTP_HOST} ^example\\.com$ [NC]
RewriteRule ^(.*)$ http://www.example.com$1 [R=301,L]
RewriteRule ^/to-app/(.*)$ /app/$1 [PT,QSA]
RewriteRule ^/query/([0-9]+)$ /app/query?number=$1 [PT]
RewriteRule ^/query-added/([0-9]+)$ /app/query?number=$1 [PT,QSA]
RewriteRule ^/forbidden - [F]
RewriteRule ^/gone - [G]
RewriteRule ^/hidden - [R=404,L]
RewriteRule ^/moved/(.*)$ /new/$1 [R,L]
RewriteRule ^/noescape/(.*)$ /new/a%20b?$1 [R,NE,L]
RewriteRule ^/file$ /real.txt
RewriteCond %{REQUEST_METHOD} POST
RewriteRule ^/only-post - [F]
RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f
RewriteCond %{REQUEST_URI} ^/front
RewriteRule ^(.*)$ /app$1 [QSA,PT,L]
<Directory \${ROOT}/documents/dir>
    RewriteEngine On
    RewriteBase /dir/
    RewriteRule ^old\\.txt$ new.txt [L]
    RewriteRule ^into-app/(.*)$ /app/$1 [E=X_SET_IN_DIRECTORY:$1]
    RewriteRule ^away$ http://elsewhere.example/ [R=302]
</Directory>
`,
    files: {
      'documents/real.txt': 'real\n',
      'documents/front/real.txt': 'front\n',
      'documents/dir/new.txt': 'new\n',
    },
    requests: [
      get('/x?y=1', 301, { name: 'to the canonical name', host: 'example.com' }),
      get('/to-app/a%20b/c?x=1', 200, {
        environ: ['SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_URI', 'REDIRECT_*', 'SCRIPT_UR*'],
      }),
      get('/query/12?lost=1', 200, { environ: ['PATH_INFO', 'QUERY_STRING', 'REQUEST_URI'] }),
      get('/query-added/12?kept=1', 200, { environ: ['PATH_INFO', 'QUERY_STRING', 'REQUEST_URI'] }),
      get('/forbidden/x', 403),
      get('/gone', 410),
      get('/hidden', 404),
      get('/moved/a%20b?q=1', 302),
      get('/noescape/x=1', 302),
      get('/file', 200, { shows: 'real' }),
      get('/only-post', 404),
      { ...get('/only-post', 403), name: 'POST', method: 'POST' },
      get('/front/real.txt', 200, { shows: 'front' }),
      get('/front/page?x=1', 200, { environ: ['SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_URI'] }),
      get('/dir/old.txt', 200, { shows: 'new' }),
      get('/dir/into-app/x?q=1', 200, {
        environ: ['SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_URI', 'REDIRECT_*', 'SCRIPT_UR*', 'X_*'],
      }),
      get('/dir/away', 302),
    ],
  },
  {
    name: 'ErrorDocument',
    config: `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
DocumentRoot \${ROOT}/documents
SetEnv X_SET before
<Directory \${ROOT}>
    Require all granted
</Directory>
WSGIScriptAlias /responses \${ROOT}/wsgi-scripts/responses.wsgi
WSGIScriptAlias /misuse \${ROOT}/wsgi-scripts/misuse.wsgi
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
ErrorDocument 404 "nothing here, sorry"
ErrorDocument 403 http://elsewhere.example/forbidden
ErrorDocument 410 /gone.html
ErrorDocument 500 /failed.html
<Location /denied>
    Require all denied
</Location>
<Location /single-word>
    ErrorDocument 404 "word"
</Location>
<Location /default>
    ErrorDocument 404 default
</Location>
<Location /to-file>
    ErrorDocument 404 /missing.html
    ErrorDocument 405 /missing.html
</Location>
<Location /to-nothing>
    ErrorDocument 404 /there-is-none.html
</Location>
<Location /to-app>
    ErrorDocument 404 /app/failed?code=404
</Location>
<Location /to-denied>
    ErrorDocument 404 /denied/x
</Location>
<Location /to-folder>
    ErrorDocument 404 /folder/
</Location>
Redirect 410 /gone
Redirect 404 /to-app/redirected
`,
    files: {
      'documents/gone.html': '<p>gone for good</p>\n',
      'documents/failed.html': '<p>it failed</p>\n',
      'documents/missing.html': '<p>missing</p>\n',
      'documents/folder/index.html': '<p>index</p>\n',
      'documents/to-file/there.txt': 'there\n',
    },
    requests: [
      get('/none', 404, { shows: 'nothing here, sorry' }),
      get('/denied', 302),
      get('/single-word/x', 404, { shows: 'word' }),
      get('/default/x', 404),
      get('/to-file/x', 404, { shows: 'missing' }),
      { ...get('/to-file/x', 404), name: 'HEAD of a missing file', method: 'HEAD' },
      { ...get('/to-file/x', 404), name: 'POST to a missing file', method: 'POST', body: 'a=1' },
      { ...get('/to-file/there.txt', 405), name: 'PUT', method: 'PUT', body: 'a=1' },
      get('/to-file/x', 404, { name: 'conditions', headers: [['If-None-Match', '*']] }),
      get('/to-file/x', 404, { name: 'range', headers: [['Range', 'bytes=0-3']] }),
      get('/to-nothing/x', 404),
      get('/to-denied/x', 404),
      get('/to-folder/x', 404, { shows: 'index' }),
      get('/gone', 410, { shows: 'gone for good' }),
      get('/misuse/raises', 500, { shows: 'it failed' }),
      { ...get('/misuse/raises', 500), name: 'POST to an application that fails', method: 'POST', body: 'a=1' },
      get('/responses/failing', 500, { name: "an application's own page stays" }),
      get('/responses/missing', 404, { name: "an application's own 404 stays" }),
      get('/to-app/x?y=1', 200, {
        environ: [
          'REQUEST_METHOD',
          'SCRIPT_NAME',
          'PATH_INFO',
          'QUERY_STRING',
          'REQUEST_URI',
          'REDIRECT_STATUS',
          'REDIRECT_URL',
          'REDIRECT_QUERY_STRING',
          'REDIRECT_X_SET',
          'REDIRECT_REQUEST_METHOD',
          'X_*',
        ],
      }),
      {
        ...get('/to-app/x', 200),
        name: 'POST that ends at an application',
        method: 'POST',
        body: 'a=1',
        environ: [
          'REQUEST_METHOD',
          'PATH_INFO',
          'QUERY_STRING',
          'REDIRECT_STATUS',
          'REDIRECT_URL',
          'REDIRECT_REQUEST_METHOD',
        ],
      },
      get('/to-app/redirected', 200, { environ: ['REDIRECT_STATUS', 'REDIRECT_URL', 'PATH_INFO'] }),
    ],
  },
];

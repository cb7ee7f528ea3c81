/** .htaccess: which of them count, what may stand in them, and where they come in the order of merging. */

import type { ParityRequest, Scenario } from '../scenario.js';

interface Row {
  /** The AllowOverride and AllowOverrideList lines of the folder. */
  readonly allow: string;
  readonly access: string;
  readonly status: number;
  readonly more?: Partial<ParityRequest>;
}

/** A folder for each row with a file page.txt and its .htaccess. */
function rowScenario(name: string, rows: Readonly<Record<string, Row>>): Scenario {
  const entries = Object.entries(rows);
  return {
    name,
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
    Options FollowSymLinks
</Directory>
${entries.map(([path, { allow }]) => `<Directory \${ROOT}/documents/${path}>\n${allow}\n</Directory>`).join('\n')}
`,
    files: Object.fromEntries(
      entries.flatMap(([path, { access }]) => [
        [`documents/${path}/page.txt`, 'page\n'],
        [`documents/${path}/.htaccess`, `${access}\n`],
      ]),
    ),
    requests: entries.map(([path, { more, status }]) => ({
      name: path.replaceAll('-', ' '),
      target: `/${path}/page.txt`,
      status,
      ...more,
    })),
  };
}

const site = `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
WSGIApplicationGroup %{GLOBAL}
DocumentRoot \${ROOT}/documents
`;

const wsgi = `
import json

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({k: v for k, v in environ.items() if isinstance(v, str)}).encode("ascii")]

def other(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"other\\n"]
`;

export const accessFileScenarios: readonly Scenario[] = [
  rowScenario('classes of AllowOverride', {
    none: { allow: 'AllowOverride None', access: 'Require all denied', status: 200 },
    silent: { allow: '', access: 'Nonsense', status: 200 },
    all: { allow: 'AllowOverride All', access: 'Require all denied', status: 403 },
    'auth-config': { allow: 'AllowOverride AuthConfig', access: 'Require all denied', status: 403 },
    'auth-config-lacking': { allow: 'AllowOverride FileInfo', access: 'Require all denied', status: 500 },
    limit: { allow: 'AllowOverride Limit', access: 'Order allow,deny\nDeny from all', status: 403 },
    'limit-lacking': { allow: 'AllowOverride AuthConfig', access: 'Order allow,deny\nDeny from all', status: 500 },
    'file-info': { allow: 'AllowOverride FileInfo', access: 'ForceType text/x-forced', status: 200 },
    'file-info-lacking': { allow: 'AllowOverride Indexes', access: 'ForceType text/x-forced', status: 500 },
    indexes: {
      allow: 'AllowOverride Indexes',
      access: 'DirectoryIndex page.txt',
      status: 200,
      more: { target: '/indexes/' },
    },
    'indexes-lacking': { allow: 'AllowOverride FileInfo', access: 'DirectoryIndex page.txt', status: 500 },
    options: { allow: 'AllowOverride Options', access: 'Options -FollowSymLinks', status: 200 },
    'options-lacking': { allow: 'AllowOverride FileInfo', access: 'Options -FollowSymLinks', status: 500 },
    several: {
      allow: 'AllowOverride FileInfo AuthConfig',
      access: 'ForceType text/x-forced\nRequire all granted',
      status: 200,
    },
    'any-class': { allow: 'AllowOverride Indexes', access: '<Files page.txt>\n</Files>', status: 200 },
    'options-words': {
      allow: 'AllowOverride Options=Indexes,ExecCGI',
      access: 'Options +Indexes +ExecCGI',
      status: 200,
    },
    'options-word-lacking': { allow: 'AllowOverride Options=Indexes', access: 'Options +ExecCGI', status: 500 },
    'options-word-taken': { allow: 'AllowOverride Options=Indexes', access: 'Options -FollowSymLinks', status: 500 },
    'options-all-of-some': { allow: 'AllowOverride Options=Indexes', access: 'Options All', status: 500 },
    'options-none-of-some': { allow: 'AllowOverride Options=Indexes', access: 'Options None', status: 200 },
    'options-multiviews': { allow: 'AllowOverride Options', access: 'Options MultiViews', status: 500 },
    'options-all-multiviews': { allow: 'AllowOverride All', access: 'Options MultiViews', status: 200 },
    'all-and-options': { allow: 'AllowOverride Options=Indexes All', access: 'Options +ExecCGI', status: 500 },
    'none-last': { allow: 'AllowOverride All None', access: 'Require all denied', status: 200 },
  }),
  rowScenario('AllowOverrideList and Nonfatal', {
    list: { allow: 'AllowOverrideList ForceType', access: 'ForceType text/x-forced', status: 200 },
    'list-any-case': { allow: 'AllowOverrideList forcetype', access: 'FORCETYPE text/x-forced', status: 200 },
    'list-lacking': { allow: 'AllowOverrideList ForceType', access: 'Require all denied', status: 500 },
    'list-section-lacking': { allow: 'AllowOverrideList ForceType', access: '<Files x>\n</Files>', status: 500 },
    'list-in-section': {
      allow: 'AllowOverride Indexes\nAllowOverrideList ForceType',
      access: '<Files page.txt>\nForceType text/x-forced\n</Files>',
      status: 200,
    },
    'list-and-class': {
      allow: 'AllowOverride AuthConfig\nAllowOverrideList ForceType',
      access: 'ForceType text/x-forced\nRequire all denied',
      status: 403,
    },
    'list-none': { allow: 'AllowOverrideList None', access: 'Nonsense', status: 200 },
    'nonfatal-override': {
      allow: 'AllowOverride FileInfo Nonfatal=Override',
      access: 'Require all denied\nForceType text/x-forced',
      status: 200,
      more: { logged: 'Require' },
    },
    'nonfatal-override-unknown': { allow: 'AllowOverride FileInfo Nonfatal=Override', access: 'Nonsense', status: 500 },
    'nonfatal-unknown': { allow: 'AllowOverride FileInfo Nonfatal=Unknown', access: 'Nonsense', status: 200 },
    'nonfatal-unknown-override': {
      allow: 'AllowOverride FileInfo Nonfatal=Unknown',
      access: 'Require all denied',
      status: 500,
    },
    'nonfatal-alone': { allow: 'AllowOverride Nonfatal=Unknown', access: 'Require all denied', status: 500 },
    'nonfatal-alone-override': { allow: 'AllowOverride Nonfatal=Override', access: 'Require all denied', status: 200 },
    'nonfatal-before-all': { allow: 'AllowOverride Nonfatal=All All', access: 'Nonsense', status: 500 },
    'nonfatal-all': {
      allow: 'AllowOverride FileInfo Nonfatal=All',
      access: 'Nonsense\nRequire all denied\nForceType text/x-forced',
      status: 200,
    },
    'nonfatal-syntax': { allow: 'AllowOverride All Nonfatal=All', access: 'ForceType', status: 500 },
  }),
  rowScenario('what is wrong in an access file', {
    unknown: {
      allow: 'AllowOverride All',
      access: '\nNonsense',
      status: 500,
      more: { logged: 'documents/unknown/.htaccess:' },
    },
    'server-context': { allow: 'AllowOverride All', access: 'DocumentRoot /', status: 500 },
    'directory-context': { allow: 'AllowOverride All', access: 'AllowOverride None', status: 500 },
    'directory-section': { allow: 'AllowOverride All', access: '<Directory />\n</Directory>', status: 500 },
    'location-section': { allow: 'AllowOverride All', access: '<Location />\n</Location>', status: 500 },
    include: { allow: 'AllowOverride All', access: 'Include /dev/null', status: 500 },
    'include-optional': { allow: 'AllowOverride All', access: 'IncludeOptional /nope', status: 500 },
    define: { allow: 'AllowOverride All', access: 'Define X', status: 500 },
    'section-open': { allow: 'AllowOverride All', access: '<Files x>', status: 500 },
    'process-group': { allow: 'AllowOverride All', access: 'WSGIProcessGroup x', status: 500 },
    'skipped-module': {
      allow: 'AllowOverride All',
      access:
        '<IfModule mod_nonsense.c>\nNonsense\n</IfModule>\n<IfModule mod_alias.c>\nRequire all denied\n</IfModule>',
      status: 403,
    },
    'in-error-condition': { allow: 'AllowOverride All', access: '<If "true ==">\n</If>', status: 500 },
    empty: { allow: 'AllowOverride All', access: '', status: 200 },
    comments: { allow: 'AllowOverride All', access: '# Require all denied \\\nRequire all denied', status: 200 },
  }),
  {
    name: 'access files of the folders on the way',
    config: `${site}
<Directory \${ROOT}>
    Require all granted
    SetEnv ORDER root
</Directory>
<Directory \${ROOT}/documents>
    AllowOverride FileInfo
    SetEnv ORDER documents
    SetEnv DOCUMENTS directory
</Directory>
<Directory \${ROOT}/documents/a>
    SetEnv ORDER a
    SetEnv A directory
</Directory>
<Directory \${ROOT}/documents/a/closed>
    AllowOverride None
</Directory>
<DirectoryMatch "/documents/a/b">
    SetEnv MATCH match
</DirectoryMatch>
<Files *.wsgi>
    SetEnv FILES server
</Files>
<Location /a/b/located.wsgi>
    SetEnv ORDER location
    SetEnv FILES location
</Location>
<Directory \${ROOT}/documents>
    AddHandler wsgi-script .wsgi
    Options ExecCGI FollowSymLinks
</Directory>
`,
    files: {
      '.htaccess': 'SetEnv OUTSIDE 1\n',
      'documents/.htaccess': 'SetEnv DOCUMENTS access\nSetEnv ORDER access-documents\nSetEnv A access-documents\n',
      'documents/a/.htaccess':
        'SetEnv ORDER access-a\nSetEnv MATCH access-a\n<Files nested.wsgi>\nSetEnv FILES access\nSetEnv NESTED 1\n</Files>\n',
      'documents/a/b/.htaccess':
        'SetEnv ORDER access-b\n<If "%{QUERY_STRING} == \'if\'">\nSetEnv ORDER access-b-if\n</If>\n<Else>\nSetEnv ELSE 1\n</Else>\n',
      'documents/a/closed/.htaccess': 'SetEnv ORDER closed\n',
      'documents/a/closed/inner/.htaccess': 'SetEnv ORDER inner\n',
      'documents/top.wsgi': wsgi,
      'documents/a/one.wsgi': wsgi,
      'documents/a/nested.wsgi': wsgi,
      'documents/a/b/two.wsgi': wsgi,
      'documents/a/b/located.wsgi': wsgi,
      'documents/a/b/nested.wsgi': wsgi,
      'documents/a/closed/three.wsgi': wsgi,
      'documents/a/closed/inner/four.wsgi': wsgi,
    },
    requests: [
      '/top.wsgi',
      '/a/one.wsgi',
      '/a/nested.wsgi',
      '/a/b/two.wsgi',
      '/a/b/two.wsgi/rest/more',
      '/a/b/two.wsgi?if',
      '/a/b/located.wsgi',
      '/a/b/located.wsgi?if',
      '/a/b/nested.wsgi',
      '/a/closed/three.wsgi',
      '/a/closed/inner/four.wsgi',
    ].map((target) => ({
      name: target,
      target,
      status: 200,
      environ: ['ORDER', 'DOCUMENTS', 'A', 'MATCH', 'FILES', 'NESTED', 'ELSE', 'OUTSIDE', 'PATH_INFO'],
    })),
  },
  {
    name: 'access files of a script alias',
    config: `${site}
<Directory \${ROOT}>
    Require all granted
</Directory>
<Directory \${ROOT}/scripts>
    AllowOverride All
</Directory>
WSGIScriptAlias /app \${ROOT}/scripts/app.wsgi
WSGIScriptAlias /folder \${ROOT}/scripts
`,
    files: {
      'scripts/app.wsgi': wsgi,
      'scripts/closed.wsgi': wsgi,
      'scripts/.htaccess':
        'SetEnv FROM access\nWSGIPassAuthorization On\n<Files closed.wsgi>\nRequire all denied\n</Files>\n',
      'scripts/other/other.wsgi': wsgi,
      'scripts/other/.htaccess': 'WSGICallableObject other\nWSGIScriptReloading Off\nWSGIChunkedRequest On\n',
    },
    requests: [
      {
        name: 'the script itself',
        target: '/app/x',
        headers: [['Authorization', 'Basic eDp5']],
        status: 200,
        environ: ['FROM', 'HTTP_AUTHORIZATION'],
      },
      { name: 'in its folder', target: '/folder/app.wsgi', status: 200, environ: ['FROM', 'SCRIPT_NAME'] },
      { name: 'closed', target: '/folder/closed.wsgi', status: 403 },
      { name: 'another callable', target: '/folder/other/other.wsgi', status: 200 },
    ],
  },
  {
    name: 'rewriting in access files',
    config: `${site}
<Directory \${ROOT}/documents>
    Require all granted
    AllowOverride All
    Options FollowSymLinks
</Directory>
Alias /aliased \${ROOT}/elsewhere
<Directory \${ROOT}/elsewhere>
    Require all granted
    AllowOverride FileInfo
</Directory>
<Directory \${ROOT}/documents/links>
    Options None
</Directory>
`,
    files: {
      'documents/site/.htaccess': `
Options +ExecCGI
AddHandler wsgi-script .wsgi
RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ app.wsgi/$1 [QSA,L]
`,
      'documents/site/app.wsgi': wsgi,
      'documents/site/page.txt': 'page\n',
      'documents/based/.htaccess': `
RewriteEngine On
RewriteBase /based/
RewriteRule ^old/(.*)$ new/$1 [L]
RewriteRule ^away$ there [R=301,L]
RewriteRule ^gone$ - [G]
RewriteRule ^forbidden$ - [F]
RewriteRule ^env$ page.txt [E=SEEN:1,L]
RewriteRule ^full$ /plain/page.txt [L]
`,
      'documents/based/new/page.txt': 'new\n',
      'documents/based/page.txt': 'based\n',
      'documents/based/inner/.htaccess': 'RewriteEngine On\nRewriteRule ^x$ page.txt\n',
      'documents/based/inner/page.txt': 'inner\n',
      'documents/based/inherits/.htaccess': 'RewriteEngine On\nRewriteOptions Inherit\nRewriteRule ^x$ page.txt\n',
      'documents/based/inherits/page.txt': 'inherits\n',
      'documents/based/off/.htaccess': 'RewriteEngine Off\n',
      'documents/plain/.htaccess': 'RewriteEngine On\nRewriteRule ^x$ page.txt [R]\nRewriteRule ^y$ page.txt\n',
      'documents/plain/page.txt': 'plain\n',
      'documents/end/.htaccess': 'RewriteEngine On\nRewriteRule ^(.*)$ page.txt?$1 [END]\n',
      'documents/end/page.txt': 'end\n',
      'documents/loop/.htaccess': 'RewriteEngine On\nRewriteRule ^(.*)$ x$1\n',
      'documents/both/.htaccess':
        'RewriteEngine On\nRewriteCond %{ENV:KEY} =1\nRewriteRule ^set$ /plain/page.txt\nRewriteRule ^in$ /plain/page.txt\n' +
        'RewriteRule ^out$ /plain/page.txt [R]\nRedirect /both /moved\nSetEnv KEY 1\n',
      'documents/links/.htaccess': 'RewriteEngine On\nRewriteRule ^x$ page.txt\n',
      'documents/links/page.txt': 'links\n',
      'elsewhere/.htaccess': 'RewriteEngine On\nRewriteBase /aliased\nRewriteRule ^x$ page.txt\n',
      'elsewhere/page.txt': 'aliased\n',
    },
    requests: [
      {
        name: 'to a script',
        target: '/site/some/path?a=1',
        status: 200,
        environ: ['PATH_INFO', 'SCRIPT_NAME', 'QUERY_STRING', 'REQUEST_URI'],
      },
      { name: 'to a script, the folder', target: '/site/', status: 200, environ: ['PATH_INFO', 'SCRIPT_NAME'] },
      { name: 'a file that is there', target: '/site/page.txt', status: 200 },
      { name: 'below the base', target: '/based/old/page.txt', status: 200, shows: 'new' },
      { name: 'redirect', target: '/based/away', status: 301 },
      { name: 'gone', target: '/based/gone', status: 410 },
      { name: 'forbidden', target: '/based/forbidden', status: 403 },
      { name: 'variable', target: '/based/env', status: 200 },
      { name: 'another folder', target: '/based/full', status: 200, shows: 'plain' },
      { name: 'inner rules replace', target: '/based/inner/x', status: 200, shows: 'inner' },
      { name: 'outer rules are gone', target: '/based/inner/gone', status: 404 },
      { name: 'inner rules inherit', target: '/based/inherits/x', status: 200, shows: 'inherits' },
      { name: 'inherited', target: '/based/inherits/gone', status: 410 },
      { name: 'switched off', target: '/based/off/gone', status: 404 },
      { name: 'redirect without a base', target: '/plain/x', status: 302 },
      { name: 'without a base', target: '/plain/y', status: 200, shows: 'plain' },
      { name: 'without FollowSymLinks', target: '/links/page.txt', status: 403 },
      { name: 'no more rules after END', target: '/end/x', status: 200, shows: 'end' },
      { name: 'rules without end', target: '/loop/x', status: 500 },
      { name: 'Redirect goes before rules', target: '/both/in', status: 302 },
      { name: 'a redirecting rule goes before Redirect', target: '/both/out', status: 302 },
      { name: 'SetEnv is not seen by rules', target: '/both/set', status: 302 },
      { name: 'below an alias', target: '/aliased/x', status: 200, shows: 'aliased' },
    ],
  },
  {
    name: 'neighbours in access files',
    config: `${site}
<Directory \${ROOT}/documents>
    Require all granted
    AllowOverride All
</Directory>
`,
    files: {
      'documents/dir/.htaccess': 'DirectoryIndex index.wsgi page.txt\n',
      'documents/dir/page.txt': 'page\n',
      'documents/error/.htaccess': 'ErrorDocument 404 /dir/page.txt\n',
      'documents/error/deep/.htaccess': 'ErrorDocument 404 /error/own.txt\n',
      'documents/error/own.txt': 'own\n',
      'documents/moved/.htaccess':
        'Redirect 301 /moved/old /dir/page.txt\nRedirectMatch 302 ^/moved/([a-z]+)\\.php$ /moved/$1.txt\n',
      'documents/script/.htaccess': 'Options +ExecCGI\nSetHandler wsgi-script\nSetEnv KEY ${PORT}\n',
      'documents/script/app': wsgi,
      'documents/env/.htaccess': 'SetEnvIf X-Key open OPEN\nRequire env OPEN\n',
      'documents/env/page.txt': 'open\n',
      'documents/expr/.htaccess': "Require expr %{QUERY_STRING} == 'open'\n",
      'documents/expr/page.txt': 'open\n',
      'documents/folder/.htaccess/nothing': '',
      'documents/folder/page.txt': 'page\n',
      'documents/fallback/.htaccess':
        '<Files "*.txt">\nRequire all denied\n</Files>\n<FilesMatch "^ok">\nRequire all granted\n</FilesMatch>\n',
      'documents/fallback/no.txt': 'no\n',
      'documents/fallback/ok.txt': 'ok\n',
    },
    requests: [
      { name: 'index', target: '/dir/', status: 200, shows: 'page' },
      { name: 'error document', target: '/error/nope', status: 404, shows: 'page' },
      { name: 'error document of an inner folder', target: '/error/deep/nope', status: 404, shows: 'own' },
      { name: 'redirect', target: '/moved/old/x', status: 301 },
      { name: 'redirect by expression', target: '/moved/page.php', status: 302 },
      { name: 'handler', target: '/script/app/x', status: 200, environ: ['KEY', 'PATH_INFO', 'SCRIPT_NAME'] },
      { name: 'variable', target: '/env/page.txt', headers: [['X-Key', 'open']], status: 200 },
      { name: 'variable, without', target: '/env/page.txt', status: 403 },
      { name: 'expression', target: '/expr/page.txt?open', status: 200 },
      { name: 'expression, without', target: '/expr/page.txt', status: 403 },
      { name: 'a folder of that name', target: '/folder/page.txt', status: 403 },
      { name: 'files', target: '/fallback/no.txt', status: 403 },
      { name: 'files by expression', target: '/fallback/ok.txt', status: 200 },
      { name: 'the access file itself', target: '/dir/.htaccess', status: 403 },
    ],
  },
  {
    name: 'AccessFileName',
    config: `${site}
AccessFileName .first .second
<Directory \${ROOT}/documents>
    Require all granted
    AllowOverride All
</Directory>
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    DocumentRoot \${ROOT}/documents
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName own.example.com
    DocumentRoot \${ROOT}/documents
    AccessFileName .own
</VirtualHost>
`,
    files: {
      'documents/both/.first': 'ForceType text/x-first\n',
      'documents/both/.second': 'ForceType text/x-second\n',
      'documents/both/.own': 'ForceType text/x-own\n',
      'documents/both/page': 'page\n',
      'documents/one/.second': 'ForceType text/x-second\n',
      'documents/one/.htaccess': 'ForceType text/x-usual\n',
      'documents/one/page': 'page\n',
    },
    requests: [
      { name: 'the first counts', target: '/both/page', status: 200 },
      { name: 'the second where the first is missing', target: '/one/page', status: 200 },
      { name: 'of a virtual host', target: '/both/page', host: 'own.example.com', status: 200 },
      { name: 'of a virtual host, missing', target: '/one/page', host: 'own.example.com', status: 200 },
    ],
  },
];

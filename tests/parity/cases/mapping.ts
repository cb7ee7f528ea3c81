/** From URL to script: WSGIScriptAlias in its forms, and what the application is told about where it is. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../support/command.js';
import type { ParityRequest, Scenario } from '../scenario.js';

const location = [
  'SCRIPT_NAME',
  'PATH_INFO',
  'REQUEST_URI',
  'QUERY_STRING',
  'SCRIPT_FILENAME',
  'mod_wsgi.script_name',
  'mod_wsgi.path_info',
];

/** Asks environ.wsgi where it was found. */
function at(target: string, name = target): ParityRequest {
  return { name, target, status: 200, environ: location };
}

const granted = `
WSGIDaemonProcess site threads=3
WSGIProcessGroup site
<Directory \${ROOT}>
    Require all granted
</Directory>
`;

const encodings: readonly ParityRequest[] = [
  at('/caf%C3%A9/%e2%82%ac', 'bytes beyond ASCII'),
  at('/a%20b+c', 'blank and plus'),
  at('/a%2Bb%3Fc%23d', 'encoded plus, question mark and hash'),
  at('/a;b=1,2/c', 'path parameters'),
  at("/~user/(x)!$&'*", 'what needs no encoding'),
  at('/a%25b', 'an encoded percent sign'),
  at('/a%2541', 'percent sign and digits are decoded once'),
  at('/%61%62', 'letters that need no encoding'),
  at('/q?a=1&b=%20%zz&c=?d', 'a query of anything'),
  at('/q?', 'an empty query'),
  at('/a/./b/../c', 'dot segments'),
  at('/a/%2e%2e/b', 'encoded dot segments'),
  at('/...//.../', 'three dots are a name'),
  at('//double//slashes//', 'double slashes'),
  at('/trailing/', 'a trailing slash'),
  at('/%0A%0D%09', 'encoded control characters'),
  at('/back\\slash', 'a backslash'),
  at('/pipe|and^more{}`"<>', 'what should have been encoded'),
];

const environScript = readFileSync(join(checkout, 'tests/parity/apps/environ.wsgi'), 'utf8');

export const mappingScenarios: readonly Scenario[] = [
  {
    name: 'script alias at the root',
    config: `${granted}
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
`,
    requests: [
      at('/'),
      at('/path/info'),
      ...encodings,
      { name: 'an encoded slash', target: '/a%2Fb', status: 404 },
      { name: 'an encoded NUL', target: '/a%00b', status: 404 },
      { name: 'a percent sign alone', target: '/a%', status: 400 },
      { name: 'a percent sign before letters', target: '/a%zz', status: 400 },
      { name: 'above the root', target: '/../x', status: 400 },
      { name: 'above the root, encoded', target: '/a/%2e%2e/%2e%2e/x', status: 400 },
      { ...at('http://www.example.com/abs?x=1', 'an absolute target') },
      { ...at('http://www.example.com', 'an absolute target without path') },
      { name: 'OPTIONS *', method: 'OPTIONS', target: '*', status: 200 },
      { name: 'OPTIONS of a path', method: 'OPTIONS', target: '/x', status: 200, environ: ['REQUEST_METHOD'] },
    ],
  },
  {
    name: 'script alias at a path',
    config: `${granted}
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
WSGIScriptAlias /deep/er/app/ \${ROOT}/wsgi-scripts/environ.wsgi/
DocumentRoot \${ROOT}/documents
`,
    files: { 'documents/index.html': '<p>index</p>\n' },
    requests: [
      at('/app'),
      at('/app/'),
      at('/app/info'),
      at('/app//info'),
      at('//app/info'),
      at('/app/info/'),
      at('/app?x=/y'),
      at('/x/../app/info', 'behind dot segments'),
      at('/%61pp/info', 'encoded letters of the mount point'),
      { name: 'a longer name', target: '/application', status: 404 },
      { name: 'another case', target: '/APP', status: 404 },
      { name: 'what is not mounted', target: '/index.html', status: 200 },
      at('/deep/er/app/info', 'mount point and target with trailing slashes'),
      { name: 'a mount point that ends in a slash, without it', target: '/deep/er/app', status: 404 },
      { name: 'an encoded slash', target: '/app%2Finfo', status: 404 },
    ],
  },
  {
    name: 'AllowEncodedSlashes On',
    config: `${granted}
AllowEncodedSlashes On
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
`,
    requests: [at('/a%2Fb'), at('/a%2F%2Fb'), at('/a%2F..%2Fb'), at('/a%2f%20b%252F')],
  },
  {
    name: 'AllowEncodedSlashes NoDecode',
    config: `${granted}
AllowEncodedSlashes NoDecode
WSGIScriptAlias /x \${ROOT}/wsgi-scripts/environ.wsgi
`,
    requests: [at('/x/a%2Fb'), at('/x/a%2fb%20c%252F'), { name: 'at the mount point', target: '/x%2Fy', status: 404 }],
  },
  {
    name: 'MergeSlashes Off',
    config: `${granted}
MergeSlashes Off
WSGIScriptAlias /x \${ROOT}/wsgi-scripts/environ.wsgi
<Location /x/closed>
    Require all denied
</Location>
`,
    requests: [at('/x//a///b'), at('//x//a'), { name: 'a section', target: '/x/closed/a', status: 403 }],
  },
  {
    name: 'script alias to a folder',
    config: `${granted}
WSGIScriptAlias /scripts \${ROOT}/wsgi-scripts
WSGIScriptAlias /slashed/ \${ROOT}/wsgi-scripts/
`,
    files: {
      'wsgi-scripts/sub/nested.wsgi':
        'def application(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [environ["SCRIPT_NAME"].encode(), b" ", environ["PATH_INFO"].encode()]\n',
    },
    requests: [
      at('/scripts/environ.wsgi'),
      at('/scripts/environ.wsgi/info/x'),
      at('/scripts//environ.wsgi//info'),
      at('/slashed/environ.wsgi/info'),
      {
        name: 'in a folder below',
        target: '/scripts/sub/nested.wsgi/a/b',
        status: 200,
        shows: '/scripts/sub/nested.wsgi /a/b',
      },
      { name: 'the folder itself', target: '/scripts?x=1', status: 301 },
      {
        name: 'the folder with a slash',
        target: '/scripts/',
        status: 403,
        logged: 'Attempt to invoke directory as WSGI application',
      },
      { name: 'a folder below it', target: '/scripts/sub', status: 301 },
      {
        name: 'POST to a folder',
        method: 'POST',
        target: '/scripts/sub',
        host: 'www.example.com:${PORT}',
        status: 301,
      },
      {
        name: 'a script that is not there',
        target: '/scripts/none.wsgi',
        status: 404,
        logged: 'Target WSGI script not found or unable to stat',
      },
      { name: 'path info without a script', target: '/scripts/none/of/this', status: 404 },
      { name: 'out of the folder', target: '/scripts/../documents/', status: 404 },
      { name: 'out of the folder, encoded', target: '/scripts/%2e%2e/documents/', status: 404 },
    ],
  },
  {
    name: 'of several script aliases the first that matches counts',
    config: `${granted}
WSGIScriptAlias /a/b \${ROOT}/wsgi-scripts/callables.wsgi callable-object=other
WSGIScriptAlias /a \${ROOT}/wsgi-scripts/callables.wsgi
WSGIScriptAlias /a/c \${ROOT}/wsgi-scripts/environ.wsgi
Alias /a/static \${ROOT}/documents
WSGIScriptAliasMatch ^/m/([a-z]+) \${ROOT}/wsgi-scripts/$1.wsgi
WSGIScriptAlias /m/echo/deeper \${ROOT}/wsgi-scripts/environ.wsgi
`,
    files: { 'documents/file.txt': 'a file\n' },
    requests: [
      { name: 'the more specific one before', target: '/a/b/x', status: 200, shows: 'the other one other' },
      { name: 'the less specific one', target: '/a/x', status: 200, shows: 'the usual one application' },
      { name: 'the more specific one behind it is never reached', target: '/a/c', status: 200, shows: 'the usual one' },
      { name: 'Alias goes before script aliases', target: '/a/static/file.txt', status: 200, shows: 'a file' },
      at('/m/environ', 'WSGIScriptAliasMatch'),
      at('/m/environ/path/info', 'WSGIScriptAliasMatch with path info'),
      { name: 'WSGIScriptAliasMatch before an alias', target: '/m/echo/deeper', status: 200, shows: 'GET None None' },
      { name: 'WSGIScriptAliasMatch without a script', target: '/m/none', status: 404 },
      { name: 'WSGIScriptAliasMatch that does not match', target: '/m/123', status: 404 },
    ],
  },
  {
    name: 'script aliases of the main server and of a virtual host',
    config: `${granted}
WSGIScriptAlias /main \${ROOT}/wsgi-scripts/callables.wsgi
WSGIScriptAlias /both \${ROOT}/wsgi-scripts/callables.wsgi
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIScriptAlias /both \${ROOT}/wsgi-scripts/callables.wsgi callable-object=other
</VirtualHost>
`,
    requests: [
      { name: 'the main server is searched as well', target: '/main', status: 200, shows: 'the usual one' },
      { name: 'the virtual host goes first', target: '/both', status: 200, shows: 'the other one' },
    ],
  },
  {
    name: 'callable objects',
    config: `${granted}
WSGIScriptAlias /usual \${ROOT}/wsgi-scripts/callables.wsgi
WSGIScriptAlias /option \${ROOT}/wsgi-scripts/callables.wsgi callable-object=other
WSGIScriptAlias /directive \${ROOT}/wsgi-scripts/callables.wsgi
WSGIScriptAlias /missing \${ROOT}/wsgi-scripts/callables.wsgi callable-object=nobody
WSGIScriptAlias /without \${ROOT}/wsgi-scripts/without-application.wsgi
WSGIScriptAlias /syntax-error \${ROOT}/wsgi-scripts/syntax-error.wsgi
WSGIScriptAlias /raises-on-import \${ROOT}/wsgi-scripts/raises-on-import.wsgi
WSGIScriptAlias /not-there \${ROOT}/wsgi-scripts/not-there.wsgi
WSGIScriptAlias /variable \${ROOT}/wsgi-scripts/callables.wsgi
<Location /directive>
    WSGICallableObject other
</Location>
<Location /variable>
    SetEnvIf X-Callable (.+) CALLABLE=$1
    WSGICallableObject %{ENV:CALLABLE}
</Location>
`,
    requests: [
      { name: 'usual', target: '/usual', status: 200, shows: 'the usual one application' },
      { name: 'callable-object', target: '/option', status: 200, shows: 'the other one other' },
      { name: 'WSGICallableObject', target: '/directive', status: 200, shows: 'the other one other' },
      {
        name: 'by a variable',
        target: '/variable',
        headers: [['X-Callable', 'other']],
        status: 200,
        shows: 'the other one',
      },
      { name: 'by a variable that is not set', target: '/variable', status: 200, shows: 'the usual one' },
      {
        name: 'a callable that is not there',
        target: '/missing',
        status: 500,
        logged: "does not contain WSGI application 'nobody'",
      },
      {
        name: 'no application in the script',
        target: '/without',
        status: 500,
        logged: "does not contain WSGI application 'application'",
      },
      { name: 'a syntax error', target: '/syntax-error', status: 500, logged: 'SyntaxError' },
      { name: 'the same again', target: '/syntax-error', status: 500, logged: 'SyntaxError' },
      {
        name: 'an exception on import',
        target: '/raises-on-import',
        status: 500,
        logged: 'this script can not be imported',
      },
      {
        name: 'a script that is not there',
        target: '/not-there',
        status: 404,
        logged: 'Target WSGI script not found or unable to stat',
      },
      { name: 'a script that is not there, with path info', target: '/not-there/x/y', status: 404 },
    ],
  },
  {
    name: 'scripts by handler',
    config: `${granted}
DocumentRoot \${ROOT}/documents
AddHandler wsgi-script .wsgi .py
<Directory \${ROOT}/documents/on>
    Options ExecCGI
</Directory>
<Directory \${ROOT}/documents/off>
    Options None
</Directory>
<Directory \${ROOT}/documents/set>
    Options +ExecCGI
    SetHandler wsgi-script
</Directory>
<Directory \${ROOT}/documents/set/plain>
    SetHandler none
</Directory>
<Location /by-location>
    Options ExecCGI
    SetHandler wsgi-script
</Location>
<Directory \${ROOT}/documents/pathinfo-off>
    Options ExecCGI
    AcceptPathInfo Off
</Directory>
`,
    files: {
      'documents/on/app.wsgi': environScript,
      'documents/on/app.py': environScript,
      'documents/on/app.wsgi.txt': environScript,
      'documents/on/file.txt': 'a file\n',
      'documents/off/app.wsgi': environScript,
      'documents/set/anything': environScript,
      'documents/set/plain/file.txt': 'not a script\n',
      'documents/by-location/app.x': environScript,
      'documents/pathinfo-off/app.wsgi': environScript,
    },
    requests: [
      at('/on/app.wsgi/info?q=1', 'AddHandler'),
      at('/on/app.py', 'AddHandler with another extension'),
      at('/on/app.wsgi.txt/info', 'the handler of an extension in the middle'),
      { name: 'a file of another extension', target: '/on/file.txt', status: 200, shows: 'a file' },
      { name: 'a file of another extension with path info', target: '/on/file.txt/info', status: 404 },
      {
        name: 'ExecCGI is off',
        target: '/off/app.wsgi',
        status: 403,
        logged: 'Options ExecCGI is off in this directory',
      },
      { name: 'missing where ExecCGI is off', target: '/off/none.wsgi', status: 403 },
      { name: 'missing', target: '/on/none.wsgi', status: 404 },
      at('/set/anything/info', 'SetHandler'),
      { name: 'SetHandler none', target: '/set/plain/file.txt', status: 200, shows: 'not a script' },
      {
        name: 'SetHandler for a folder',
        target: '/set/',
        status: 403,
        logged: 'Attempt to invoke directory as WSGI application',
      },
      { name: 'SetHandler for what is missing', target: '/set/none', status: 404 },
      at('/by-location/app.x', 'SetHandler in a Location'),
      at('/pathinfo-off/app.wsgi', 'AcceptPathInfo Off without path info'),
      { name: 'AcceptPathInfo Off', target: '/pathinfo-off/app.wsgi/info', status: 404 },
    ],
  },
];

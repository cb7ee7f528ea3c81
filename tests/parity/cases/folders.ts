/** What a request for a folder gets: its index, its list, another resource; and what comes of files that are not there. */

import type { ParityRequest, Scenario } from '../scenario.js';

function get(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target, status, ...more };
}

export const folderScenarios: readonly Scenario[] = [
  {
    name: 'lists of folders',
    config: `
DocumentRoot \${ROOT}/documents
Alias /aliased \${ROOT}/elsewhere
IndexOptions Charset=UTF-8
<Directory \${ROOT}>
    Require all granted
    Options Indexes FollowSymLinks
</Directory>
<Directory \${ROOT}/documents/closed>
    Require all denied
</Directory>
<Files "denied.txt">
    Require all denied
</Files>
<Directory \${ROOT}/documents/unlisted>
    Options -Indexes
</Directory>
<Directory \${ROOT}/documents/ignoring>
    IndexIgnore *.bak ?.tmp
    IndexOptions +IgnoreCase
</Directory>
<Directory \${ROOT}/documents/unslashed>
    DirectorySlash Off
</Directory>
`,
    files: {
      'documents/a.txt': 'a\n',
      'documents/B.txt': 'b\n',
      'documents/a b&<c>"d".txt': 'x\n',
      'documents/with:colon.txt': 'x\n',
      'documents/ümlaut.txt': 'x\n',
      "documents/it's 100%.txt": 'x\n',
      'documents/denied.txt': 'x\n',
      'documents/closed/x.txt': 'x\n',
      'documents/unlisted/x.txt': 'x\n',
      'documents/empty/': '',
      'documents/ignoring/a.bak': 'x\n',
      'documents/ignoring/a.tmp': 'x\n',
      'documents/ignoring/aa.tmp': 'x\n',
      'documents/ignoring/Zoo/': '',
      'documents/ignoring/B': 'x\n',
      'documents/ignoring/c': 'x\n',
      'documents/indexed/index.html': 'index\n',
      'documents/indexed/x.txt': 'x\n',
      'documents/unslashed/x.txt': 'x\n',
      'elsewhere/y.txt': 'y\n',
    },
    requests: [
      get('/', 200, { shows: 'Index of /' }),
      get('/?C=N;O=D', 200, { shows: 'Index of /' }),
      get('/?C=M&O=A', 200),
      { name: 'HEAD', method: 'HEAD', target: '/', status: 200 },
      get('/empty/', 200, { shows: 'Parent Directory' }),
      get('/empty', 301),
      get('/ignoring/', 200, { shows: 'aa.tmp' }),
      get('/indexed/', 200, { shows: 'index' }),
      get('/unlisted/', 403),
      get('/closed/', 403),
      get('/aliased/', 200, { shows: 'y.txt' }),
      get('/unslashed/', 200),
      get('/none/', 404),
    ],
  },
  {
    name: 'indexes of folders',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
DocumentRoot \${ROOT}/documents
WSGIScriptAlias /mounted \${ROOT}/wsgi-scripts/environ.wsgi
AddHandler wsgi-script .wsgi
<Directory \${ROOT}>
    Require all granted
    Options ExecCGI FollowSymLinks
    SetEnv WHERE outside
</Directory>
<Directory \${ROOT}/documents/script>
    DirectoryIndex none.html index.wsgi
</Directory>
<Directory \${ROOT}/documents/mounted>
    DirectoryIndex index.html /mounted
</Directory>
<Directory \${ROOT}/documents/denied>
    <Files index.html>
        Require all denied
    </Files>
</Directory>
<Directory \${ROOT}/documents/disabled>
    DirectoryIndex disabled
</Directory>
`,
    files: {
      'documents/script/index.wsgi':
        'import json\ndef application(environ, start_response):\n    start_response("200 OK", [])\n' +
        '    return [json.dumps({k: v for k, v in environ.items() if isinstance(v, str)}).encode()]\n',
      'documents/mounted/x.txt': 'x\n',
      'documents/denied/index.html': 'x\n',
      'documents/disabled/index.html': 'x\n',
      'documents/several/default.html': 'x\n',
    },
    requests: [
      get('/script/?a=1', 200, {
        environ: ['SCRIPT_NAME', 'PATH_INFO', 'REQUEST_URI', 'QUERY_STRING', 'SCRIPT_FILENAME', 'REDIRECT_*', 'WHERE'],
        shows: 'a=1',
      }),
      get('/mounted/', 200, { environ: ['SCRIPT_NAME', 'PATH_INFO', 'REQUEST_URI'] }),
      get('/denied/', 403),
      get('/disabled/', 403),
      {
        name: 'POST',
        method: 'POST',
        target: '/script/',
        body: 'x=1',
        status: 200,
        environ: ['REQUEST_METHOD', 'CONTENT_LENGTH', 'SCRIPT_NAME'],
      },
    ],
  },
  {
    name: 'FallbackResource',
    config: `
WSGIDaemonProcess app threads=1
WSGIProcessGroup app
WSGIApplicationGroup %{GLOBAL}
DocumentRoot \${ROOT}/documents
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}>
    Require all granted
    FallbackResource /front.html
</Directory>
<Directory \${ROOT}/documents/dynamic>
    FallbackResource /app
</Directory>
<Directory \${ROOT}/documents/off>
    FallbackResource disabled
</Directory>
<Directory \${ROOT}/documents/broken>
    FallbackResource /off/none.html
</Directory>
`,
    files: {
      'documents/front.html': 'front\n',
      'documents/there.txt': 'there\n',
      'documents/folder/': '',
      'documents/dynamic/there.txt': 'there\n',
      'documents/off/': '',
      'documents/broken/': '',
    },
    requests: [
      get('/there.txt', 200, { shows: 'there' }),
      get('/none', 200, { shows: 'front' }),
      get('/none/below?x=1', 200, { shows: 'front' }),
      get('/folder/', 200, { shows: 'front' }),
      get('/folder', 301),
      get('/dynamic/none/x?q=1', 200, {
        environ: ['SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'REQUEST_URI', 'REDIRECT_*'],
      }),
      get('/dynamic/', 200, { environ: ['SCRIPT_NAME', 'PATH_INFO'] }),
      get('/dynamic/there.txt', 200, { shows: 'there' }),
      get('/off/none', 404),
      get('/broken/none', 404),
      get('/there.txt/more', 404),
    ],
  },
];

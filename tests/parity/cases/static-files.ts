/** Files: where they are, what type they have, conditions, ranges, and what is not served. */

import type { ParityRequest, Scenario } from '../scenario.js';

function get(target: string, status: number, more: Partial<ParityRequest> = {}): ParityRequest {
  return { name: target, target, status, ...more };
}

/** The time of every file, see harness.ts. */
const fileTime = 'Fri, 01 Mar 2024 12:00:00 GMT';
const earlier = 'Thu, 29 Feb 2024 12:00:00 GMT';
const later = 'Sat, 02 Mar 2024 12:00:00 GMT';
/** Size 26 and the time in microseconds. */
const entityTag = '"1a-612981d875000"';

function letters(name: string, status: number, headers: ParityRequest['headers'], method = 'GET'): ParityRequest {
  return { name, method, target: '/letters.txt', headers: headers ?? [], status };
}

export const staticScenarios: readonly Scenario[] = [
  {
    name: 'static files',
    config: `
DocumentRoot \${ROOT}/documents
Alias /aliased \${ROOT}/aliased
Alias /slashed/ \${ROOT}/aliased/
Alias /one-file \${ROOT}/aliased/page.html
AliasMatch "^/matched/([a-z]+)$" "\${ROOT}/aliased/$1.html"
Alias /hidden-folder \${ROOT}/aliased/.hidden
AddType text/x-mine .mine
<Directory \${ROOT}>
    Require all granted
    Options FollowSymLinks
</Directory>
<Directory \${ROOT}/documents/forced>
    ForceType application/x-forced
</Directory>
<Directory \${ROOT}/documents/charset>
    AddDefaultCharset utf-8
</Directory>
<Directory \${ROOT}/documents/no-slash>
    DirectorySlash Off
</Directory>
<Directory \${ROOT}/documents/index>
    DirectoryIndex first.html second.txt
</Directory>
<Directory \${ROOT}/documents/no-index>
    DirectoryIndex disabled
</Directory>
<Directory \${ROOT}/documents/etag>
    FileETag None
</Directory>
`,
    files: {
      'documents/index.html': '<p>home</p>\n',
      'documents/letters.txt': 'abcdefghijklmnopqrstuvwxyz',
      'documents/style.css': 'p {}\n',
      'documents/script.js': '1;\n',
      'documents/data.json': '{}\n',
      'documents/picture.png': 'not really',
      'documents/page.html.gz': 'not really',
      'documents/README': 'no extension\n',
      'documents/thing.unknown': 'unknown\n',
      'documents/a.mine': 'mine\n',
      'documents/UPPER.TXT': 'upper\n',
      'documents/two words & more.txt': 'blanks\n',
      'documents/caf\u00e9.txt': 'coffee\n',
      'documents/plus+100%.txt': 'plus\n',
      'documents/empty.txt': '',
      'documents/.htpasswd': 'secret\n',
      'documents/.hidden': 'hidden\n',
      'documents/.git/config': 'hidden\n',
      'documents/folder/index.html': '<p>folder</p>\n',
      'documents/bare/file.txt': 'x\n',
      'documents/forced/file.txt': 'x\n',
      'documents/charset/file.txt': 'x\n',
      'documents/charset/file.css': 'x\n',
      'documents/charset/file.png': 'x\n',
      'documents/no-slash/index.html': '<p>x</p>\n',
      'documents/index/second.txt': 'second\n',
      'documents/no-index/index.html': '<p>x</p>\n',
      'documents/etag/file.txt': 'x\n',
      'aliased/page.html': '<p>aliased</p>\n',
      'aliased/index.html': '<p>aliased index</p>\n',
      'aliased/.hidden/file.txt': 'x\n',
      'outside.txt': 'outside\n',
    },
    requests: [
      get('/', 200, { shows: 'home' }),
      get('/letters.txt', 200),
      get('/style.css', 200),
      get('/script.js', 200),
      get('/data.json', 200),
      get('/picture.png', 200),
      get('/README', 200),
      get('/thing.unknown', 200),
      get('/a.mine', 200),
      get('/UPPER.TXT', 200),
      get('/upper.txt', 404),
      get('/two%20words%20&%20more.txt', 200),
      get('/caf%c3%a9.txt', 200),
      get('/plus+100%25.txt', 200),
      get('/empty.txt', 200),
      get('/letters.txt?query=1', 200),
      get('/letters.txt/', 404),
      get('/letters.txt/info', 404),
      get('/none', 404),
      get('/none/none', 404),
      get('/.htpasswd', 403),
      get('/.htnone', 403),
      get('/.hidden', 200),
      get('/.git/config', 200),
      get('/hidden-folder/file.txt', 200),
      get('/folder', 301),
      get('/folder?x=1', 301),
      get('/folder/', 200, { shows: 'folder' }),
      get('/folder//', 200),
      get('/folder/index.html', 200),
      get('/folder/index.html/', 404),
      get('/bare/', 403),
      get('/bare', 301),
      { ...get('/bare', 301), name: 'HEAD of a folder without its slash', method: 'HEAD' },
      { ...get('/bare', 301), name: 'POST to a folder without its slash', method: 'POST' },
      get('/forced/file.txt', 200),
      get('/charset/file.txt', 200),
      get('/charset/file.css', 200),
      get('/charset/file.png', 200),
      get('/no-slash', 403),
      get('/index/', 200, { shows: 'second' }),
      get('/no-index/', 403),
      get('/etag/file.txt', 200),
      get('/aliased/page.html', 200, { shows: 'aliased' }),
      get('/aliased/', 200),
      get('/aliased', 301),
      get('/aliasedx', 404),
      get('/slashed/page.html', 200),
      get('/slashed', 404),
      get('/one-file', 200),
      get('/one-file/', 404),
      get('/matched/page', 200),
      get('/matched/page/', 404),
      get('/../outside.txt', 400),
      get('/folder/../../outside.txt', 400),
      get('/%2e%2e/outside.txt', 400),
      get('/..%2foutside.txt', 404),
      get('/folder/..%5c..%5coutside.txt', 404),
      get('/aliased../outside.txt', 404),
      get('/slashed/../outside.txt', 404),
      get('/x'.repeat(200), 404, { name: 'a deep path' }),
      get(`/${'x'.repeat(300)}`, 403, { name: 'a name longer than file names may be' }),
      letters('HEAD', 200, [], 'HEAD'),
      letters('POST', 200, [], 'POST'),
      letters('OPTIONS', 200, [], 'OPTIONS'),
      letters('PUT', 405, [], 'PUT'),
      letters('DELETE', 405, [], 'DELETE'),
      letters('TRACE', 405, [], 'TRACE'),
      letters('an unknown method', 501, [], 'BREW'),
      letters('PROPFIND', 405, [], 'PROPFIND'),
      letters('If-Modified-Since the same time', 304, [['If-Modified-Since', fileTime]]),
      letters('If-Modified-Since a later time', 304, [['If-Modified-Since', later]]),
      letters('If-Modified-Since an earlier time', 200, [['If-Modified-Since', earlier]]),
      letters('If-Modified-Since no time', 200, [['If-Modified-Since', 'yesterday']]),
      letters('If-None-Match', 304, [['If-None-Match', entityTag]]),
      letters('If-None-Match weakly', 304, [['If-None-Match', `W/${entityTag}`]]),
      letters('If-None-Match in a list', 304, [['If-None-Match', `"x", ${entityTag}`]]),
      letters('If-None-Match of any', 304, [['If-None-Match', '*']]),
      letters('If-None-Match another', 200, [['If-None-Match', '"x"']]),
      letters('If-None-Match another, not modified since', 200, [
        ['If-None-Match', '"x"'],
        ['If-Modified-Since', fileTime],
      ]),
      letters('HEAD with If-None-Match', 304, [['If-None-Match', entityTag]], 'HEAD'),
      letters('If-Match', 200, [['If-Match', entityTag]]),
      letters('If-Match another', 412, [['If-Match', '"x"']]),
      letters('If-Unmodified-Since', 200, [['If-Unmodified-Since', fileTime]]),
      letters('If-Unmodified-Since an earlier time', 412, [['If-Unmodified-Since', earlier]]),
      letters('Range', 206, [['Range', 'bytes=0-4']]),
      letters('Range to the end', 206, [['Range', 'bytes=20-']]),
      letters('Range of the end', 206, [['Range', 'bytes=-5']]),
      letters('Range beyond the end', 206, [['Range', 'bytes=20-100']]),
      letters('Range of a larger end', 206, [['Range', 'bytes=-100']]),
      letters('Range outside', 416, [['Range', 'bytes=26-']]),
      letters('Range upside down', 200, [['Range', 'bytes=5-2']]),
      letters('Range of another unit', 200, [['Range', 'lines=1-2']]),
      letters('Range of nonsense', 200, [['Range', 'bytes=a-b']]),
      letters('two Ranges', 206, [['Range', 'bytes=0-1,4-5']]),
      letters('two Ranges side by side', 206, [['Range', 'bytes=0-1,2-5']]),
      letters('Range with HEAD', 206, [['Range', 'bytes=0-4']], 'HEAD'),
      letters('If-Range', 206, [
        ['Range', 'bytes=0-4'],
        ['If-Range', entityTag],
      ]),
      letters('If-Range another', 200, [
        ['Range', 'bytes=0-4'],
        ['If-Range', '"x"'],
      ]),
      letters('If-Range the same time', 206, [
        ['Range', 'bytes=0-4'],
        ['If-Range', fileTime],
      ]),
      { name: 'a compressed file', target: '/page.html.gz', status: 200 },
    ],
  },
  {
    name: 'what is mapped to nothing',
    config: `
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}/documents>
    Require all granted
</Directory>
`,
    requests: [get('/', 403), get('/x', 404), get('/x/y', 404), get('/favicon.ico', 404)],
  },
  {
    name: "the site's own file of types",
    config: `
TypesConfig \${ROOT}/own.types
DocumentRoot \${ROOT}/documents
<Directory \${ROOT}>
    Require all granted
</Directory>
`,
    files: {
      'own.types': '# type\textensions\ntext/x-own own owned\napplication/x-plain\ttxt\n',
      'documents/a.own': 'own\n',
      'documents/a.txt': 'text\n',
      'documents/a.html': '<p>no type</p>\n',
    },
    requests: [get('/a.own', 200), get('/a.txt', 200), get('/a.html', 200)],
  },
];

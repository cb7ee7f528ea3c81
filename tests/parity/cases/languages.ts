/** What mod_mime says of files besides their types: languages, charsets and encodings, and how they are taken away. */

import type { Scenario } from '../scenario.js';

const served = [
  'page.fr.html',
  'page.html.fr',
  'page.FR.html',
  'page.fr.en.html',
  'page.en.fr.html',
  'page.fr.fr.html',
  'page.pt-br.html',
  'page.html',
  'page.fr',
  'fr',
  'page.utf8.html',
  'page.fr.latin.html.gz',
  'page.upper',
  'page.own',
  'page.own.utf8',
  'page.quoted.utf8',
  'page.params.utf8',
  'default/page.html',
  'default/page.fr.html',
  'default/page',
  'inner/page.fr.html',
  'inner/page.utf8.html',
  'inner/page.html.gz',
  'inner/page.en.html',
  'inner/again/page.fr.html',
  'same/page.xx.html',
  'forced/page.fr.utf8.html',
  'host/page.fr.html',
] as const;

export const languageScenarios: readonly Scenario[] = [
  {
    name: 'languages, charsets and encodings of files',
    config: `
DocumentRoot \${ROOT}/documents
AddLanguage FR .fr
AddLanguage en en .eng
AddLanguage pt-BR pt-br
AddCharset UTF-8 .utf8
AddCharset ISO-8859-1 latin
AddEncoding x-gzip .gz
AddType Text/X-Upper .upper
AddType "text/html; charset=KOI8-R" .own
AddType "text/html; charset=\\"KOI8-R\\"" .quoted
AddType "text/html; level=1; charset=koi8-r; x=y" .params
RemoveLanguage .en
<Directory \${ROOT}>
    Require all granted
</Directory>
<Directory \${ROOT}/documents/default>
    DefaultLanguage De
</Directory>
<Directory \${ROOT}/documents/inner>
    RemoveLanguage fr
    RemoveCharset .utf8
    RemoveEncoding gz
    MultiviewsMatch Any
</Directory>
<Directory \${ROOT}/documents/inner/again>
    AddLanguage fr-ca .fr
</Directory>
<Directory \${ROOT}/documents/same>
    RemoveLanguage .xx
    AddLanguage xx .xx
</Directory>
<Directory \${ROOT}/documents/forced>
    ForceType text/plain
</Directory>
`,
    files: Object.fromEntries(served.map((name) => [`documents/${name}`, 'x\n'])),
    requests: [
      ...served.map((name) => ({ name, target: `/${name}`, status: 200 })),
      {
        name: 'not modified',
        target: '/page.fr.html',
        headers: [['If-Modified-Since', 'Sat, 02 Mar 2024 12:00:00 GMT']],
        status: 304,
      },
      { name: 'HEAD', method: 'HEAD', target: '/page.fr.html', status: 200, shows: 'fr' },
      { name: 'a range', target: '/page.fr.html', headers: [['Range', 'bytes=0-0']], status: 206 },
    ],
  },
  {
    name: 'languages and applications',
    config: `
WSGIDaemonProcess site threads=2
WSGIProcessGroup site
DefaultLanguage de
AddLanguage fr .fr
WSGIScriptAlias /app \${ROOT}/wsgi-scripts/method.wsgi
<Directory \${ROOT}>
    Require all granted
</Directory>
`,
    requests: [{ name: 'an application', target: '/app', status: 200 }],
  },
];

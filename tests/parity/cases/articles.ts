/** The configurations of the articles that people came to mod_wsgi by, and the rules that their comments give. */

import type { Scenario } from '../scenario.js';

const documents = {
  'documents/robots.txt': 'User-agent: *\nDisallow:\n',
  'documents/favicon.ico': 'not really an icon',
  'documents/media/site.css': 'body { color: black }\n',
  'documents/media/deep/er/file.txt': 'deep\n',
  'documents/private.html': '<p>not aliased</p>\n',
};

const probe = `
def application(environ, start_response):
    output = ('mod_wsgi.process_group = %r' % environ['mod_wsgi.process_group']).encode()
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(output)))])
    return [output]
`;

export const articleScenarios: readonly Scenario[] = [
  {
    name: 'the virtual host of 2012, with nothing but paths changed',
    config: `
<VirtualHost *:\${PORT}>

    ServerName www.example.com
    ServerAlias example.com
    ServerAdmin webmaster@example.com

    DocumentRoot \${ROOT}/documents

    Alias /robots.txt \${ROOT}/documents/robots.txt
    Alias /favicon.ico \${ROOT}/documents/favicon.ico

    Alias /media/ \${ROOT}/documents/media/

    <Directory \${ROOT}/documents>
    Order allow,deny
    Allow from all
    </Directory>

    WSGIDaemonProcess example.com processes=2 threads=15 display-name=%{GROUP}
    WSGIProcessGroup example.com

    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi

    <Directory \${ROOT}/wsgi-scripts>
    Order allow,deny
    Allow from all
    </Directory>

</VirtualHost>
`,
    files: documents,
    requests: [
      { name: 'probe', status: 200, shows: "mod_wsgi.process_group = 'example.com'" },
      { name: 'probe by the alias', host: 'example.com', status: 200, shows: "'example.com'" },
      { name: 'probe by an unknown name', host: 'unknown.example', status: 200, shows: "'example.com'" },
      { name: 'any other path', target: '/some/page?x=1', status: 200, shows: "'example.com'" },
      { name: 'robots.txt', target: '/robots.txt', status: 200, shows: 'User-agent: *' },
      { name: 'robots.txt with more behind it', target: '/robots.txt/more', status: 404 },
      { name: 'robots.txtx is no robots.txt', target: '/robots.txtx', status: 200, shows: 'process_group' },
      { name: 'favicon', target: '/favicon.ico', status: 200 },
      { name: 'a file of the media folder', target: '/media/site.css', status: 200, shows: 'color: black' },
      { name: 'a file deeper in the media folder', target: '/media/deep/er/file.txt', status: 200, shows: 'deep' },
      { name: 'a missing file of the media folder', target: '/media/none.css', status: 404 },
      { name: 'the media folder', target: '/media/', status: 403 },
      { name: 'the media folder without its slash belongs to the application', target: '/media', status: 200 },
      { name: 'a file of DocumentRoot is hidden by the application', target: '/private.html', status: 200 },
      { name: 'HEAD', method: 'HEAD', status: 200 },
      { name: 'POST', method: 'POST', body: 'a=1', status: 200 },
      { name: 'POST to a file', method: 'POST', target: '/robots.txt', body: 'a=1', status: 200 },
    ],
  },
  {
    name: 'WSGIProcessGroup behind the alias counts as well',
    config: `
WSGIDaemonProcess below threads=2
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    <Directory \${ROOT}/wsgi-scripts>
        Require all granted
    </Directory>
    WSGIProcessGroup below
</VirtualHost>
`,
    requests: [{ name: 'probe', status: 200, shows: "'below'" }],
  },
  {
    name: 'of several WSGIProcessGroup lines in one scope the last one counts',
    config: `
WSGIDaemonProcess first threads=1
WSGIDaemonProcess second threads=1
WSGIDaemonProcess third threads=1
WSGIProcessGroup third
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIProcessGroup first
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup second
    <Directory \${ROOT}/wsgi-scripts>
        Require all granted
    </Directory>
    <Location /twice>
        WSGIProcessGroup second
        WSGIProcessGroup first
    </Location>
    <Location /thrice>
        WSGIProcessGroup first
    </Location>
    <Location /thrice>
        WSGIProcessGroup third
    </Location>
</VirtualHost>
`,
    requests: [
      { name: 'of a virtual host', status: 200, shows: "'second'" },
      { name: 'of a section', target: '/twice', status: 200, shows: "'first'" },
      { name: 'of two sections of the same path', target: '/thrice/', status: 200, shows: "'third'" },
    ],
  },
  {
    name: 'nested scopes choose another process group',
    config: `
WSGIDaemonProcess outer threads=2
WSGIDaemonProcess by-location threads=1 processes=2
WSGIDaemonProcess by-directory threads=1
WSGIDaemonProcess by-file threads=1
WSGIProcessGroup outer
<VirtualHost *:\${PORT}>
    ServerName www.example.com
    WSGIScriptAlias /a \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIScriptAlias /b \${ROOT}/other-scripts/probe.wsgi
    WSGIScriptAlias /c \${ROOT}/other-scripts/special.wsgi
    <Directory \${ROOT}>
        Require all granted
    </Directory>
    <Location /a/unsafe>
        WSGIProcessGroup by-location
    </Location>
    <Location /b/unsafe>
        WSGIProcessGroup by-location
    </Location>
    <Directory \${ROOT}/other-scripts>
        WSGIProcessGroup by-directory
        <Files special.wsgi>
            WSGIProcessGroup by-file
        </Files>
    </Directory>
    <LocationMatch "^/[ab]/matched">
        WSGIProcessGroup by-location
    </LocationMatch>
</VirtualHost>
`,
    files: {
      'other-scripts/probe.wsgi': probe,
      'other-scripts/special.wsgi': probe,
    },
    requests: [
      { name: 'none', target: '/a', status: 200, shows: "'outer'" },
      { name: 'Location', target: '/a/unsafe/page', status: 200, shows: "'by-location'" },
      { name: 'a longer name is not in the Location', target: '/a/unsafely', status: 200, shows: "'outer'" },
      { name: 'Directory', target: '/b/safe', status: 200, shows: "'by-directory'" },
      { name: 'Location over Directory', target: '/b/unsafe', status: 200, shows: "'by-location'" },
      { name: 'Files over Directory', target: '/c/', status: 200, shows: "'by-file'" },
      { name: 'LocationMatch', target: '/a/matched-here', status: 200, shows: "'by-location'" },
    ],
  },
  {
    name: 'the daemon processes of 2014',
    config: `
WSGIDaemonProcess mysite processes=3 threads=2 display-name=mod_wsgi
WSGIProcessGroup mysite
WSGIScriptAlias / \${ROOT}/wsgi-scripts/environ.wsgi
<Directory \${ROOT}/wsgi-scripts>
    Require all granted
</Directory>
`,
    requests: [
      {
        name: 'what the application is told of processes and threads',
        status: 200,
        environ: ['wsgi.multithread', 'wsgi.multiprocess', 'wsgi.run_once', 'mod_wsgi.process_group'],
      },
    ],
  },
  {
    name: 'wsgi.multithread and wsgi.multiprocess',
    config: `
WSGIDaemonProcess default-numbers
WSGIDaemonProcess one-thread threads=1
WSGIDaemonProcess one-process processes=1
WSGIDaemonProcess one-of-each processes=1 threads=1
WSGIDaemonProcess once threads=1 maximum-requests=1
<Directory \${ROOT}/wsgi-scripts>
    Require all granted
</Directory>
WSGIScriptAlias /default-numbers \${ROOT}/wsgi-scripts/environ.wsgi process-group=default-numbers
WSGIScriptAlias /one-thread \${ROOT}/wsgi-scripts/environ.wsgi process-group=one-thread
WSGIScriptAlias /one-process \${ROOT}/wsgi-scripts/environ.wsgi process-group=one-process
WSGIScriptAlias /one-of-each \${ROOT}/wsgi-scripts/environ.wsgi process-group=one-of-each
WSGIScriptAlias /once \${ROOT}/wsgi-scripts/environ.wsgi process-group=once
`,
    requests: ['default-numbers', 'one-thread', 'one-process', 'one-of-each', 'once'].map((name) => ({
      name,
      target: `/${name}`,
      status: 200,
      environ: ['wsgi.multithread', 'wsgi.multiprocess', 'wsgi.run_once', 'mod_wsgi.process_group'],
    })),
  },
  {
    name: 'load balancing by RewriteMap, the recipe of 2007',
    config: `
WSGIDaemonProcess grahamd-1 user=\${RUN_USER} group=\${RUN_GROUP}
WSGIDaemonProcess grahamd-2 user=\${RUN_USER} group=\${RUN_GROUP}
WSGIDaemonProcess grahamd-3 user=\${RUN_USER} group=\${RUN_GROUP}
WSGIDaemonProcess grahamd-4 user=\${RUN_USER} group=\${RUN_GROUP}
WSGIDaemonProcess grahamd-5 user=\${RUN_USER} group=\${RUN_GROUP}

<VirtualHost *:\${PORT}>

RewriteEngine On
RewriteMap servers rnd:\${ROOT}/servers.txt
RewriteRule . - [E=WSGI_DAEMON_PROCESS:\${servers:dynamic|grahamd-1}]

WSGIProcessGroup %{ENV:WSGI_DAEMON_PROCESS}

WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi

<Directory \${ROOT}/wsgi-scripts>
Order deny,allow
Allow from all
</Directory>

</VirtualHost>
`,
    files: { 'servers.txt': 'dynamic grahamd-1|grahamd-2|grahamd-3|grahamd-4|grahamd-5\n' },
    requests: [{ name: 'all groups get their share', status: 200, repeat: 80, shows: "'grahamd-5'" }],
  },
  {
    name: 'a process group chosen by variables',
    config: `
WSGIDaemonProcess one threads=1
WSGIDaemonProcess two threads=1
WSGIDaemonProcess fallback threads=1
<VirtualHost *:\${PORT}>
    RewriteEngine On
    RewriteMap groups txt:\${ROOT}/groups.txt
    RewriteRule ^/mapped/([^/]+) - [E=GROUP_BY_MAP:\${groups:$1|fallback}]
    SetEnvIf X-Wanted "^(one|two)$" WANTED=$1
    SetEnvIf X-Wanted "^unknown$" WANTED=nobody
    WSGIScriptAlias /mapped \${ROOT}/wsgi-scripts/probe.wsgi process-group=%{ENV:GROUP_BY_MAP}
    WSGIScriptAlias /wanted \${ROOT}/wsgi-scripts/probe.wsgi process-group=%{ENV:WANTED}
    WSGIScriptAlias /set \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIScriptAlias /restricted \${ROOT}/wsgi-scripts/probe.wsgi process-group=%{ENV:WANTED}
    <Location /set>
        SetEnv CHOSEN two
        WSGIProcessGroup %{ENV:CHOSEN}
    </Location>
    <Location /restricted>
        WSGIRestrictProcess one fallback
    </Location>
    <Directory \${ROOT}/wsgi-scripts>
        Require all granted
    </Directory>
</VirtualHost>
`,
    files: { 'groups.txt': '# a comment\nann one\nbob   two\n' },
    requests: [
      { name: 'RewriteMap txt', target: '/mapped/bob', status: 200, shows: "'two'" },
      { name: 'the default of a RewriteMap', target: '/mapped/eve', status: 200, shows: "'fallback'" },
      { name: 'SetEnvIf', target: '/wanted', headers: [['X-Wanted', 'two']], status: 200, shows: "'two'" },
      { name: 'SetEnv', target: '/set', status: 200, shows: "'two'" },
      {
        name: 'a name that no group has',
        target: '/wanted',
        headers: [['X-Wanted', 'unknown']],
        status: 500,
        logged: "No WSGI daemon process called 'nobody' has been configured",
      },
      { name: 'a variable that is not set', target: '/wanted', status: 500 },
      { name: 'allowed by WSGIRestrictProcess', target: '/restricted', headers: [['X-Wanted', 'one']], status: 200 },
      { name: 'not in WSGIRestrictProcess', target: '/restricted', headers: [['X-Wanted', 'two']], status: 500 },
    ],
  },
  {
    name: 'an unknown process group',
    config: `
WSGIProcessGroup nowhere
WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
<Directory \${ROOT}/wsgi-scripts>
    Require all granted
</Directory>
`,
    requests: [{ name: 'probe', status: 500, logged: "No WSGI daemon process called 'nowhere' has been configured" }],
  },
  {
    name: 'who may use the process group of a virtual host',
    config: `
<VirtualHost *:\${PORT}>
    ServerName one.example.com
    WSGIDaemonProcess of-one threads=1
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup of-one
</VirtualHost>
<VirtualHost *:\${PORT}>
    ServerName two.example.com
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup of-one
</VirtualHost>
<VirtualHost *:\${PORT2}>
    ServerName one.example.com
    WSGIScriptAlias / \${ROOT}/wsgi-scripts/probe.wsgi
    WSGIProcessGroup of-one
</VirtualHost>
<Directory \${ROOT}/wsgi-scripts>
    Require all granted
</Directory>
`,
    extraPort: true,
    requests: [
      { name: 'its own', host: 'one.example.com', status: 200, shows: "'of-one'" },
      { name: 'one of another name', host: 'two.example.com', status: 500, logged: 'cannot be accessed by this' },
      { name: 'one of the same name', host: 'one.example.com', toExtraPort: true, status: 200, shows: "'of-one'" },
    ],
  },
];

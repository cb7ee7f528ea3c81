/**
 * `check` over configurations in the shape of those that people come with: Debian's, the one that httpd ships, and Red
 * Hat's. What it says of them is compared as a whole, so that no line goes through in silence or becomes an error unseen.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

interface Finding {
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

async function findingsOf(config: string, env: NodeJS.ProcessEnv = {}): Promise<readonly Finding[]> {
  const { stdout, stderr } = await runStillhouse(['check', '-f', config, '--json'], { env });
  assert.equal(stderr, '');
  const findings: readonly Finding[] = JSON.parse(stdout);
  return findings.filter(({ severity }) => severity !== 'note');
}

/** The configuration's files are written, its first one is checked, and all it says must be `complaints`. */
async function checkWhole(files: Readonly<Record<string, string>>, complaints: readonly string[]): Promise<void> {
  using folder = new TemporaryFolder();
  const root = folder.path;
  for (const [name, text] of Object.entries(files)) folder.write(name, text.replaceAll('@ROOT@', root));
  const [main = ''] = Object.keys(files);
  const findings = await findingsOf(folder.file(main));
  const said = findings.map(({ severity, file, line, message }) => {
    const place = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
    return `${place}:${line} ${severity}: ${message.replaceAll(root, '@ROOT@')}`;
  });
  assert.deepEqual(said, complaints);
}

const types = 'text/html html htm\ntext/plain txt\n';

test("a configuration in the shape of Debian's", () =>
  checkWhole(
    {
      'apache2.conf': `ServerRoot "@ROOT@"
Define RUN @ROOT@
DefaultRuntimeDir \${RUN}
Mutex file:\${RUN} default
PidFile \${RUN}/apache2.pid
Timeout 300
KeepAlive On
MaxKeepAliveRequests 100
KeepAliveTimeout 5
User www-data
Group www-data
HostnameLookups Off
ErrorLog \${RUN}/error.log
LogLevel warn
IncludeOptional mods/*.load
IncludeOptional mods/*.conf
Include ports.conf
<Directory />
    Options FollowSymLinks
    AllowOverride None
    Require all denied
</Directory>
<Directory @ROOT@/www/>
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
AccessFileName .htaccess
<FilesMatch "^\\.ht">
    Require all denied
</FilesMatch>
LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost_combined
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
IncludeOptional conf/*.conf
IncludeOptional sites/*.conf
`,
      'ports.conf': `Listen 8080
<IfModule missing_module>
    Listen 8443
    SuchADirectiveIsNowhere
</IfModule>
`,
      'mods/10.load': `LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule mime_module modules/mod_mime.so
LoadModule negotiation_module modules/mod_negotiation.so
LoadModule status_module modules/mod_status.so
LoadModule php_module modules/libphp.so
`,
      'mods/mime.conf': `TypesConfig mime.types
AddType application/x-compress .Z
AddEncoding x-gzip .gz .tgz
RemoveType tr
AddLanguage de .de
AddLanguage pt-BR .pt-br
AddCharset us-ascii .ascii
AddHandler type-map var
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
`,
      'mods/negotiation.conf': `LanguagePriority en de fr
ForceLanguagePriority Prefer Fallback
CacheNegotiatedDocs On
<IfModule mod_negotiation.c>
    NotLookedAt
</IfModule>
<IfModule !mod_negotiation.c>
    MultiviewsMatch NegotiatedOnly
</IfModule>
`,
      'mods/status.conf': `<Location /server-status>
    SetHandler server-status
    Require local
</Location>
ExtendedStatus On
`,
      'mods/autoindex.conf': `IndexOptions FancyIndexing VersionSort
AddIcon /icons/tar.gif .tar
AddIconByType (TXT,/icons/text.gif) text/*
DefaultIcon /icons/unknown.gif
ReadmeName README.html
HeaderName HEADER.html
IndexIgnore .??* *~
`,
      'mods/http2.conf': 'Protocols h2 h2c http/1.1\nH2Push off\n',
      'mods/userdir.conf': 'UserDir public_html\nUserDir disabled root\n',
      'conf/cgi.conf': 'ScriptAlias /cgi-bin/ @ROOT@/cgi-bin/\n',
      'conf/security.conf': 'ServerTokens OS\nServerSignature On\nTraceEnable Off\n',
      'sites/default.conf': `<VirtualHost *:8080>
    ServerAdmin webmaster@localhost
    DocumentRoot @ROOT@/www
    CustomLog @ROOT@/access.log combined
    <Directory @ROOT@/www/svn>
        Options +MultiViews
        <LimitExcept GET PROPFIND OPTIONS REPORT>
            Order allow,deny
            Deny from all
        </LimitExcept>
    </Directory>
    <FilesMatch "\\.php$">
        SetHandler application/x-httpd-php
    </FilesMatch>
</VirtualHost>
`,
      'mime.types': types,
    },
    [
      'mods/10.load:3 warning: Stillhouse does not have negotiation_module: <IfModule negotiation_module> is skipped, and its directives elsewhere are errors unless they do nothing by themselves',
      'mods/10.load:4 warning: Stillhouse does not have status_module: <IfModule status_module> is skipped, and its directives elsewhere are errors unless they do nothing by themselves',
      "mods/10.load:5 warning: module 'php_module' is not one of Apache's; Stillhouse loads no modules: <IfModule php_module> is skipped, and its directives elsewhere are errors",
      'mods/autoindex.conf:1 warning: IndexOptions FancyIndexing VersionSort has no effect: lists of folders are plain here',
      'mods/http2.conf:1 warning: Protocols h2 h2c has no effect: the server speaks HTTP/1.1 only',
      'mods/http2.conf:2 warning: H2Push has no effect: the server speaks HTTP/1.1 only',
      'mods/mime.conf:8 warning: AddHandler type-map: requests are answered with 500, as there is no content negotiation; link to each file by its whole name',
      'mods/mime.conf:10 warning: there are no server-side includes: files with .shtml are sent as they are',
      "mods/status.conf:2 warning: SetHandler server-status: requests are answered with 500, as there is no status page; 'stillhouse ps' shows what each process is at",
      'mods/userdir.conf:1 error: UserDir public_html: home folders are not looked up; write AliasMatch "^/~([a-z0-9_-]+)(/.*)?$" "/home/$1/public_html$2" instead',
      'conf/cgi.conf:1 warning: ScriptAlias: CGI programs are not run, requests for /cgi-bin/ are answered with 404; use Alias for files and WSGIScriptAlias for WSGI scripts',
      'sites/default.conf:6 warning: Options MultiViews has no effect: there is no content negotiation, a file answers to its whole name only',
      'sites/default.conf:13 warning: SetHandler application/x-httpd-php: requests are answered with 500, as no such programs are run',
    ],
  ));

test('a configuration in the shape of the one that httpd ships', () =>
  checkWhole(
    {
      'httpd.conf': `ServerRoot "@ROOT@"
Listen 8080
LoadModule log_config_module modules/mod_log_config.so
<IfModule unixd_module>
User daemon
Group daemon
</IfModule>
ServerAdmin you@example.com
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "@ROOT@/htdocs"
<Directory "@ROOT@/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>
<Files ".ht*">
    Require all denied
</Files>
ErrorLog "logs/error_log"
LogLevel warn
<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
    <IfModule logio_module>
      LogFormat "%h %l %u %t \\"%r\\" %>s %b %I %O" combinedio
    </IfModule>
    CustomLog "logs/access_log" common
</IfModule>
<IfModule headers_module>
    RequestHeader unset Proxy early
</IfModule>
<IfModule mime_module>
    TypesConfig mime.types
    AddType application/x-gzip .gz .tgz
    #AddHandler cgi-script .cgi
</IfModule>
#EnableMMAP off
EnableSendfile on
Include extra/*.conf
`,
      'extra/default.conf': `Timeout 60
UseCanonicalName Off
AccessFileName .htaccess
ServerTokens Full
<IfModule reqtimeout_module>
  RequestReadTimeout header=20-40,MinRate=500 body=20,MinRate=500
</IfModule>
`,
      'extra/info.conf': `<Location /server-info>
    SetHandler server-info
    Require ip 127
</Location>
`,
      'extra/manual.conf': `AliasMatch ^/manual(?:/(?:de|en|fr))?(/.*)?$ "@ROOT@/manual$1"
<Directory "@ROOT@/manual">
    Options Indexes
    AllowOverride None
    Require all granted
    <Files *.html>
        SetHandler type-map
    </Files>
    RemoveType tr
    AddLanguage da .da
    SetEnvIf Request_URI ^/manual/(de|en|fr)/ prefer-language=$1
    RedirectMatch 301 ^/manual(?:/(de|en|fr)){2,}(/.*)?$ /manual/$1$2
    LanguagePriority en fr
</Directory>
`,
      'extra/mpm.conf': `<IfModule !mpm_netware_module>
    PidFile "httpd.pid"
    MaxMemFree 2048
</IfModule>
<IfModule mpm_winnt_module>
    NotHere
</IfModule>
`,
      'extra/multilang.conf': `Alias /error/ "@ROOT@/error/"
<Directory "@ROOT@/error">
    Options IncludesNoExec
    AddOutputFilter Includes html
    AddHandler type-map var
    Require all granted
    ForceLanguagePriority Prefer Fallback
</Directory>
`,
      'extra/ssl.conf': `SSLProxyCipherSuite HIGH
SSLProxyProtocol all -SSLv3
SSLPassPhraseDialog builtin
SSLSessionCache "shmcb:logs/ssl_scache(512000)"
SSLRandomSeed startup file:/dev/urandom 256
SSLCryptoDevice builtin
`,
      'extra/dav.conf': `DavLockDB "@ROOT@/DavLock"
<Directory "@ROOT@/uploads">
    Dav On
</Directory>
`,
      'mime.types': types,
    },
    [
      'extra/dav.conf:1 warning: DAVLockDB has no effect: there is no WebDAV',
      'extra/dav.conf:3 error: Dav belongs to mod_dav, which Stillhouse does not have; remove it or put it into <IfModule mod_dav.c>',
      "extra/info.conf:2 warning: SetHandler server-info: requests are answered with 500, as there is no such page; see 'stillhouse info' and 'stillhouse explain'",
      'extra/manual.conf:7 warning: SetHandler type-map: requests are answered with 500, as there is no content negotiation; link to each file by its whole name',
      'extra/multilang.conf:3 warning: Options IncludesNoExec has no effect: there are no server-side includes, files are sent as they are',
      'extra/multilang.conf:4 warning: there are no server-side includes: files with html are sent as they are',
      'extra/multilang.conf:5 warning: AddHandler type-map: requests are answered with 500, as there is no content negotiation; link to each file by its whole name',
    ],
  ));

test("a configuration in the shape of Red Hat's", () =>
  checkWhole(
    {
      'conf/httpd.conf': `ServerRoot "@ROOT@"
Listen 8080
Include conf.modules.d/*.conf
User nobody
Group nogroup
ServerAdmin root@localhost
<Directory />
    AllowOverride none
    Require all denied
</Directory>
DocumentRoot "@ROOT@/html"
<Directory "@ROOT@/html">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
ErrorLog "logs/error_log"
<IfModule alias_module>
    ScriptAlias /cgi-bin/ "@ROOT@/cgi-bin/"
</IfModule>
<Directory "@ROOT@/cgi-bin">
    AllowOverride None
    Options None
    Require all granted
</Directory>
<IfModule mime_module>
    TypesConfig conf/mime.types
    AddType text/html .shtml
    AddOutputFilter INCLUDES .shtml
</IfModule>
AddDefaultCharset UTF-8
<IfModule mime_magic_module>
    MIMEMagicFile conf/magic
</IfModule>
EnableSendfile on
IncludeOptional conf.d/*.conf
`,
      'conf.modules.d/00-base.conf': `LoadModule access_compat_module modules/mod_access_compat.so
LoadModule mime_magic_module modules/mod_mime_magic.so
LoadModule userdir_module modules/mod_userdir.so
LoadModule systemd_module modules/mod_systemd.so
`,
      'conf.d/autoindex.conf': `IndexOptions FancyIndexing HTMLTable VersionSort
Alias /icons/ "@ROOT@/icons/"
<Directory "@ROOT@/icons">
    Options Indexes MultiViews FollowSymlinks
    AllowOverride None
    Require all granted
</Directory>
AddIconByEncoding (CMP,/icons/compressed.gif) x-compress x-gzip
AddIcon /icons/binary.gif .bin .exe
DefaultIcon /icons/unknown.gif
`,
      'conf.d/ssl.conf': `SSLPassPhraseDialog exec:/usr/libexec/httpd-ssl-pass-dialog
SSLSessionCache shmcb:/run/httpd/sslcache(512000)
SSLSessionCacheTimeout 300
SSLCipherSuite PROFILE=SYSTEM
SSLProxyCipherSuite PROFILE=SYSTEM
SSLHonorCipherOrder on
<FilesMatch "\\.(cgi|shtml|phtml|php)$">
    SSLOptions +StdEnvVars
</FilesMatch>
BrowserMatch "MSIE [2-5]" nokeepalive ssl-unclean-shutdown downgrade-1.0 force-response-1.0
`,
      'conf.d/userdir.conf': `<IfModule mod_userdir.c>
    UserDir disabled
</IfModule>
UserDir disabled
<Directory "/home/*/public_html">
    AllowOverride FileInfo AuthConfig Limit Indexes
    Options MultiViews Indexes SymLinksIfOwnerMatch IncludesNoExec
    Require method GET POST OPTIONS
</Directory>
`,
      'conf.d/welcome.conf': `<LocationMatch "^/+$">
    Options -Indexes
    ErrorDocument 403 /.noindex.html
</LocationMatch>
<Directory @ROOT@/noindex>
    AllowOverride None
    Require all granted
</Directory>
Alias /.noindex.html @ROOT@/noindex/index.html
`,
      'conf/mime.types': types,
    },
    [
      'conf.modules.d/00-base.conf:2 warning: Stillhouse does not have mime_magic_module: <IfModule mime_magic_module> is skipped, and its directives elsewhere are errors unless they do nothing by themselves',
      'conf.modules.d/00-base.conf:3 warning: Stillhouse does not have userdir_module: <IfModule userdir_module> is skipped, and its directives elsewhere are errors unless they do nothing by themselves',
      'conf.modules.d/00-base.conf:4 warning: Stillhouse does not have systemd_module: <IfModule systemd_module> is skipped, and its directives elsewhere are errors unless they do nothing by themselves',
      'conf/httpd.conf:19 warning: ScriptAlias: CGI programs are not run, requests for /cgi-bin/ are answered with 404; use Alias for files and WSGIScriptAlias for WSGI scripts',
      'conf/httpd.conf:29 warning: there are no server-side includes: files with .shtml are sent as they are',
      'conf.d/autoindex.conf:1 warning: IndexOptions FancyIndexing HTMLTable VersionSort has no effect: lists of folders are plain here',
      'conf.d/autoindex.conf:4 warning: Options MultiViews has no effect: there is no content negotiation, a file answers to its whole name only',
      'conf.d/ssl.conf:4 warning: SSLCipherSuite PROFILE=SYSTEM has no effect: it is for the OpenSSL of Red Hat, those of Node.js hold',
      'conf.d/userdir.conf:7 warning: Options MultiViews has no effect: there is no content negotiation, a file answers to its whole name only',
      'conf.d/userdir.conf:7 warning: Options IncludesNoExec has no effect: there are no server-side includes, files are sent as they are',
    ],
  ));

const debian = '/etc/apache2';
const environment = Object.fromEntries(
  ['RUN_DIR', 'LOCK_DIR', 'LOG_DIR', 'PID_FILE'].map((name) => [`APACHE_${name}`, '/tmp/stillhouse-check']),
);

test("the machine's own configuration", { skip: !existsSync(`${debian}/apache2.conf`) }, async () => {
  const findings = await findingsOf(`${debian}/apache2.conf`, {
    ...environment,
    APACHE_RUN_USER: 'www-data',
    APACHE_RUN_GROUP: 'www-data',
  });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
});

test('all that Debian has for modules', { skip: !existsSync(`${debian}/mods-available/userdir.conf`) }, async () => {
  using folder = new TemporaryFolder();
  const config = folder.write('all.conf', `Listen 8080\nInclude ${debian}/mods-available/*.conf\n`);
  const findings = await findingsOf(config, environment);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ file }) => file);
  // The home folders of users: what to write instead is said.
  assert.deepEqual(errors, [`${debian}/mods-available/userdir.conf`]);
});

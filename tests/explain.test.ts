/** `explain` on the command line: what it says of a request, as text and as JSON, and how it ends. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const script = 'def application(environ, start_response):\n    raise AssertionError("nothing runs")\n';
/** Of the user alice: the password is wonderland. */
const users = 'alice:{SHA}tiY7sUhYKUwI5L3866kDY+ENcrQ=\n';

function writeSite(folder: TemporaryFolder): string {
  folder.write('app/site.wsgi', script);
  folder.write('documents/hello.txt', 'hello');
  folder.write(
    'documents/open/.htaccess',
    'Require all granted\nSetEnv FROM file\nRewriteEngine On\nRewriteRule ^a$ b\n',
  );
  folder.write('documents/open/b', 'b');
  folder.write('users', users);
  return folder.write(
    'httpd.conf',
    `Listen 8000
Define ROOT ${folder.path}
WSGIDaemonProcess site processes=2 threads=3
WSGIProcessGroup nowhere
WSGIApplicationGroup %{GLOBAL}
<VirtualHost *:8000>
    ServerName first.example
    Redirect /moved http://elsewhere.example
</VirtualHost>
<VirtualHost *:8000>
    ServerName second.example
    ServerAlias *.second.example
    DocumentRoot \${ROOT}/documents
    WSGIProcessGroup site
    WSGIScriptAlias /app \${ROOT}/app/site.wsgi
    RewriteEngine On
    RewriteCond %{HTTP:Authorization} (.+)
    RewriteRule ^/old/(.*)$ /app/$1 [PT,E=SEEN:%1]
    ErrorDocument 404 /app/missing
    <Directory \${ROOT}>
        Require all granted
        Options Indexes
    </Directory>
    <Directory \${ROOT}/documents/open>
        Require all denied
        AllowOverride All
        Options FollowSymLinks
    </Directory>
    <Location /private>
        AuthType Basic
        AuthName private
        AuthUserFile \${ROOT}/users
        Require user alice
    </Location>
    <Location /near>
        Require ip 10.0.0.0/8
    </Location>
</VirtualHost>
`,
  );
}

async function explainJson(config: string, ...args: string[]) {
  const { exitStatus, stderr, stdout } = await runStillhouse(['explain', '-f', config, '--json', ...args]);
  assert.deepEqual([exitStatus, stderr], [0, '']);
  return { explained: JSON.parse(stdout), text: stdout };
}

test('an application behind rewriting, without a word of the password', async () => {
  using folder = new TemporaryFolder();
  const config = writeSite(folder);
  const token = Buffer.from('bob:not-for-your-eyes').toString('base64');
  const { explained, text } = await explainJson(
    config,
    '--header',
    `Authorization: Basic ${token}`,
    'http://www.second.example:8000/old/x?q=1',
  );
  const { application, passes, virtualHost } = explained;
  assert.deepEqual([explained.status, explained.decidedBy, explained.handler], [null, 'application', 'wsgi-script']);
  assert.deepEqual(application, {
    script: folder.file('app/site.wsgi'),
    callable: 'application',
    mountPoint: '/app',
    scriptName: '/app',
    pathInfo: '/x',
    processGroup: { name: 'site', processes: 2, threads: 3, file: config, line: 3 },
    applicationGroup: '%{GLOBAL}',
  });
  assert.deepEqual([virtualHost.name, virtualHost.line], ['second.example', 10]);
  assert.match(virtualHost.why, /ServerAlias for 'www\.second\.example'/);
  const [{ rewriting, settings }] = passes;
  assert.deepEqual(
    rewriting[0].steps.map(({ line, test }: { line: number; test?: { holds: boolean } }) => [line, test?.holds]),
    [
      [18, true],
      [17, true],
      [18, undefined],
      [18, undefined],
      [null, undefined],
    ],
  );
  const group = settings.find(({ setting }: { setting: string }) => setting === 'mod_wsgi.process-group');
  assert.deepEqual(group, {
    setting: 'mod_wsgi.process-group',
    value: 'site',
    lines: [{ text: 'WSGIProcessGroup site', file: config, line: 14 }],
    overrode: [{ text: 'WSGIProcessGroup nowhere', file: config, line: 4 }],
  });
  assert(!text.includes(token) && !text.includes('not-for-your-eyes'));
});

test('sections and .htaccess in merge order, and rewriting that starts over', async () => {
  using folder = new TemporaryFolder();
  const config = writeSite(folder);
  const { explained } = await explainJson(config, 'http://second.example:8000/open/a');
  const [first, second] = explained.passes;
  const accessFile = folder.file('documents/open/.htaccess');
  assert.deepEqual(
    first.sections.map(({ kind, file, line }: Record<string, unknown>) => [kind, file, line]),
    [
      ['Directory', config, 20],
      ['Directory', config, 24],
      ['.htaccess', accessFile, 1],
    ],
  );
  assert.deepEqual(first.access.lines, [{ text: 'Require all granted', file: accessFile, line: 1 }]);
  assert.deepEqual([second.because, second.path, explained.status], ['rewriting', '/open/b', 200]);
  assert.equal(explained.environment.FROM, 'file');
});

test('access by address, by password, and not at all', async () => {
  using folder = new TemporaryFolder();
  const config = writeSite(folder);
  const statusOf = async (...args: string[]) => {
    const { explained } = await explainJson(config, ...args);
    return [explained.status, explained.passes.at(-1).access.decision];
  };
  const near = 'http://second.example:8000/near/app';
  assert.deepEqual((await explainJson(config, near)).explained.reason.slice(0, 23), 'client denied by server');
  assert.deepEqual((await explainJson(config, '--from', '10.1.2.3', near)).explained.decidedBy, 'application');
  const own = 'http://second.example:8000/private/hello.txt';
  const basic = (pair: string) => `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
  assert.deepEqual(await statusOf(own), [401, 'refused']);
  assert.deepEqual(await statusOf('--header', basic('alice:wrong'), own), [401, 'refused']);
  // Who comes in finds nothing there, and the document for that is the application's.
  const { explained } = await explainJson(config, '--header', basic('alice:wonderland'), own);
  assert.equal(explained.passes[0].access.user, 'alice');
  assert.deepEqual(explained.passes[0].failure.status, 404);
  assert.deepEqual(
    explained.passes.map(({ because }: { because: string }) => because),
    ['request', 'error document'],
  );
  assert.deepEqual([explained.decidedBy, explained.application.pathInfo], ['application', '/missing']);
});

test('redirects, the default host, and the text', async () => {
  using folder = new TemporaryFolder();
  const config = writeSite(folder);
  const { exitStatus, stderr, stdout } = await runStillhouse(['explain', '-f', config, '/moved/x']);
  assert.deepEqual([exitStatus, stderr], [0, '']);
  assert.match(
    stdout,
    /^GET http:\/\/localhost\/moved\/x\nfrom 127\.0\.0\.1 to 127\.0\.0\.1:8000\n\n {2}status +302\n/,
  );
  assert.match(stdout, /\n {2}location +http:\/\/elsewhere\.example\/x\n/);
  assert.match(stdout, /\n {2}first\.example {2}\*:8000 +\S+httpd\.conf:6\n.*the first of 2 at .*'localhost'/);
  assert.match(stdout, /\nMapped by\n {2}Redirect \/moved http:\/\/elsewhere\.example +\S+httpd\.conf:8\n/);
});

test('what can not be explained', async () => {
  using folder = new TemporaryFolder();
  const config = writeSite(folder);
  const fails = async (status: number, message: RegExp, ...args: string[]) => {
    const { exitStatus, stderr, stdout } = await runStillhouse(['explain', '-f', config, ...args]);
    assert.deepEqual([exitStatus, stdout], [status, '']);
    assert.match(stderr, message);
    assert(!stderr.includes('secret'));
  };
  await fails(1, /'nothing' is no URL/, 'nothing');
  await fails(1, /nothing listens at any address port 80: the Listen lines say 8000/, 'http://second.example/');
  await fails(1, /speaks no TLS/, 'https://second.example:8000/');
  await fails(1, /has a user in it/, 'http://me:secret@second.example:8000/');
  await fails(2, /there is no colon/, '--header', 'secret', '/');
  await fails(2, /is no method/, '--method', 'GET /', '/');
  folder.write('httpd.conf', 'Listen 8000\nNoSuchDirective\n');
  await fails(1, /httpd\.conf:2:1: error/, '/');
});

/** The recipe of 2007 in the words of 2007, which no Apache takes today, and the maps that are not there. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { application, TestServer } from './support/server.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const renamed = 'warning: WSGIProcessName is called WSGIProcessGroup today; it is taken as that';

test('WSGIProcessName is taken for WSGIProcessGroup, and the log says so', async () => {
  const groups = [1, 2, 3].map((number) => `grahamd-${number}`);
  await using server = await TestServer.start({
    config: ({ folder }) => `
${groups.map((group) => `WSGIDaemonProcess ${group} threads=1`).join('\n')}
<VirtualHost *:*>
RewriteEngine On
RewriteMap servers rnd:${folder}/servers.txt
RewriteRule . - [E=WSGI_DAEMON_PROCESS:\${servers:dynamic|grahamd-1}]

WSGIProcessName %{ENV:WSGI_DAEMON_PROCESS}
WSGIApplicationGroup %{GLOBAL}

WSGIScriptAlias / ${folder}/probe.wsgi

<Directory ${folder}>
Order deny,allow
Allow from all
</Directory>

</VirtualHost>`,
    files: { 'probe.wsgi': application('probe'), 'servers.txt': `dynamic ${groups.join('|')}\n` },
    allowErrors: [/WSGIProcessName is called WSGIProcessGroup today/],
  });
  const seen = new Set<string>();
  for (let index = 0; index < 60; index++) {
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    seen.add(/mod_wsgi\.process_group = '(.*)'/.exec(text)?.[1] ?? '');
  }
  assert.deepEqual([...seen].sort(), groups);
  const { exitStatus, stderr } = await runStillhouse(['check', '-f', join(server.paths.folder, 'httpd.conf')]);
  assert.equal(exitStatus, 0, stderr);
  assert.equal(stderr.split(renamed).length, 2, stderr);
});

for (const [source, advice] of [
  ['prg:/srv/map.py', 'map programs are not run; use a txt: or rnd: map, or decide in the application'],
  ['dbm:/srv/map.db', "DBM files are not read; use a txt: map of the file's source"],
  ['dbm=sdbm:/srv/map.db', "DBM files are not read; use a txt: map of the file's source"],
  ['dbd:SELECT', 'SQL maps are not supported; write the table to a txt: map'],
] as const) {
  test(`RewriteMap ${source} is an error that says what to do`, async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('httpd.conf', `Listen 127.0.0.1:0\nRewriteEngine On\n  RewriteMap names ${source}\n`);
    const { exitStatus, stderr } = await runStillhouse(['check', '-f', file]);
    assert.equal(exitStatus, 1);
    assert.match(stderr, /httpd\.conf:3:\d+: error: .*is not supported/);
    assert(stderr.includes(advice), stderr);
  });
}

/** The recipe of 2007: mod_rewrite throws dice, WSGIProcessGroup follows the variable. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

const groups = [1, 2, 3, 4, 5].map((number) => `grahamd-${number}`);
const requests = 100;

test('five groups of which a rnd: map chooses one for each request', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ${groups.map((group) => `WSGIDaemonProcess ${group} threads=1`).join('\n')}
      <VirtualHost *:*>
        ServerName www.modwsgi.org
        RewriteEngine On
        RewriteMap servers rnd:${folder}/servers.txt
        RewriteRule . - [E=WSGI_DAEMON_PROCESS:\${servers:dynamic|grahamd-1}]
        WSGIProcessGroup %{ENV:WSGI_DAEMON_PROCESS}
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/probe.wsgi
        <Directory ${folder}>
          Order deny,allow
          Allow from all
        </Directory>
      </VirtualHost>`,
    files: { 'probe.wsgi': application('probe'), 'servers.txt': `dynamic ${groups.join('|')}\n` },
  });
  const counts = new Map<string, number>();
  for (let index = 0; index < requests; index++) {
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    const group = /mod_wsgi\.process_group = '(.*)'/.exec(text)?.[1] ?? '';
    assert(text.includes(`WSGI_DAEMON_PROCESS = '${group}'\n`));
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  // That one of five is missed by all of 100 throws happens once in a billion runs.
  assert.deepEqual([...counts.keys()].sort(), groups);
  assert(Math.max(...counts.values()) < requests / 2, `${[...counts]}`);

  // The map is read anew when it has changed; without the key the default is taken.
  server.writeFile('servers.txt', `static ${groups.join('|')}\n`);
  for (let index = 0; index < 10; index++) {
    assert.match((await server.request('/')).text, /mod_wsgi\.process_group = 'grahamd-1'/);
  }
});

/** Which of several WSGIProcessGroup lines holds: virtual host over server, then Directory, Files, Location, in that order. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

const groups = ['server', 'host', 'directory', 'inner', 'files', 'location', 'later', 'option', 'section'];

const cases = [
  ['/plain', 'directory'],
  ['/named', 'files'],
  ['/inner', 'inner'],
  ['/location', 'location'],
  ['/location/later/x', 'later'],
  ['/named/location', 'location'],
  // The option of WSGIScriptAlias counts for more than any section.
  ['/option', 'option'],
  ['/option/location', 'option'],
] as const;

test('the scope that comes last in the order of merging', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ${groups.map((group) => `WSGIDaemonProcess ${group} threads=1`).join('\n')}
      WSGIApplicationGroup %{GLOBAL}
      WSGIProcessGroup server
      # Locations stand first: their place in the file does not matter, their kind does.
      <Location /location>
        WSGIProcessGroup location
      </Location>
      <LocationMatch ^/(named|option)/location>
        WSGIProcessGroup location
      </LocationMatch>
      <Location /location/later>
        WSGIProcessGroup later
      </Location>
      <Files named.wsgi>
        WSGIProcessGroup files
      </Files>
      <Directory ${folder}/inner>
        WSGIProcessGroup inner
      </Directory>
      <Directory ${folder}>
        WSGIProcessGroup directory
      </Directory>
      WSGIScriptAlias /named ${folder}/named.wsgi
      WSGIScriptAlias /inner ${folder}/inner/probe.wsgi
      WSGIScriptAlias /option ${folder}/named.wsgi process-group=option
      WSGIScriptAlias / ${folder}/probe.wsgi`,
    files: {
      'probe.wsgi': application('probe'),
      'named.wsgi': application('probe'),
      'inner/probe.wsgi': application('probe'),
    },
  });
  for (const [url, group] of cases) {
    const { status, text } = await server.request(url);
    assert.equal(status, 200, url);
    assert(text.includes(`mod_wsgi.process_group = '${group}'\n`), `${url}: ${/process_group.*/.exec(text)}`);
  }
});

test('a virtual host over the server, both under sections', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ${groups.map((group) => `WSGIDaemonProcess ${group} threads=1`).join('\n')}
      WSGIApplicationGroup %{GLOBAL}
      WSGIProcessGroup server
      <Location /section>
        WSGIProcessGroup section
      </Location>
      <VirtualHost *:*>
        ServerName with.example
        WSGIProcessGroup host
        WSGIScriptAlias / ${folder}/probe.wsgi
      </VirtualHost>
      <VirtualHost *:*>
        ServerName without.example
        WSGIScriptAlias / ${folder}/probe.wsgi
      </VirtualHost>`,
    files: { 'probe.wsgi': application('probe') },
  });
  for (const [host, url, group] of [
    ['with.example', '/', 'host'],
    ['without.example', '/', 'server'],
    ['with.example', '/section', 'section'],
    ['without.example', '/section', 'section'],
  ] as const) {
    const { text } = await server.request(url, { headers: { Host: host } });
    assert(text.includes(`mod_wsgi.process_group = '${group}'\n`), `${host}${url}`);
  }
});

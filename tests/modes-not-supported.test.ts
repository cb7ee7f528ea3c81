/** Application groups other than %{GLOBAL} end the start with a message, never a silent stand-in. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { application, TestServer } from './support/server.js';

const group = 'WSGIDaemonProcess site threads=2';
/** `config` stands from line 5 of the file. */
const cases: readonly { name: string; config: (script: string) => string; says: RegExp }[] = [
  {
    name: 'a named application group',
    config: (script) => `${group}\nWSGIProcessGroup site\nWSGIApplicationGroup mine\nWSGIScriptAlias / ${script}`,
    says: /httpd\.conf:7:\d+: error: application group 'mine': this build runs .* main interpreter only; write %\{GLOBAL\}/,
  },
  {
    name: 'an application group by mount point',
    config: (script) =>
      `${group}\nWSGIProcessGroup site\nWSGIApplicationGroup %{RESOURCE}\nWSGIScriptAlias / ${script}`,
    says: /httpd\.conf:7:\d+: error: application group '%\{RESOURCE\}'/,
  },
  {
    name: 'an application group as an option',
    config: (script) => `${group}\nWSGIScriptAlias / ${script} process-group=site application-group=mine`,
    says: /httpd\.conf:6:\d+: error: application group 'mine'/,
  },
  {
    name: 'an application group in a section',
    config: (script) =>
      `${group}\nWSGIProcessGroup site\nWSGIScriptAlias / ${script}\n<Location /a>\nWSGIApplicationGroup mine\n</Location>`,
    says: /httpd\.conf:9:\d+: error: application group 'mine'/,
  },
];

for (const { name, config, says } of cases) {
  test(name, async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => config(`${folder}/hello.wsgi`),
      files: { 'hello.wsgi': application('hello') },
      expectStart: false,
    });
    assert.equal(server.ended?.exitStatus, 1);
    assert.match(server.output(), says);
    const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
    assert.equal(check.exitStatus, 1);
    assert.match(check.stdout + check.stderr, says);
  });
}

test('what only the request decides is refused then', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      ${group}
      WSGIProcessGroup site
      WSGIApplicationGroup %{ENV:INTERPRETER}
      SetEnvIf Request_URI ^/sub INTERPRETER=mine
      SetEnvIf Request_URI ^/main INTERPRETER=%{GLOBAL}
      WSGIScriptAlias / ${folder}/hello.wsgi`,
    files: { 'hello.wsgi': application('hello') },
    allowErrors: [/application group 'mine': this build/],
  });
  assert.equal((await server.request('/sub')).status, 500);
  assert.equal((await server.request('/main')).status, 200);
});

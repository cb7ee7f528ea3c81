/**
 * Scripts that are missing or closed to those who must read them, a virtual environment that does not fit: `check` finds
 * them beforehand, and names what the requests then get; the server starts with those that are the scripts' alone.
 */

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { application, TestServer } from './support/server.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const isRoot = process.getuid?.() === 0;

test('check says of scripts what their requests get', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=1
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /missing ${folder}/goood.wsgi
      WSGIScriptAlias /unreadable ${folder}/unreadable.wsgi
      WSGIScriptAlias /closed ${folder}/closed/hello.wsgi
      WSGIScriptAlias /refused ${folder}/refused/hello.wsgi
      WSGIScriptAlias /good ${folder}/good.wsgi
      <Directory ${folder}/refused>
        Require all denied
      </Directory>`,
    files: {
      'good.wsgi': application('hello'),
      'unreadable.wsgi': application('hello'),
      'closed/hello.wsgi': application('hello'),
      'refused/hello.wsgi': application('hello'),
    },
    allowErrors: [/goood\.wsgi/, /unreadable\.wsgi/, /\/closed\//, /client denied by server configuration: .*refused/],
  });
  const { folder } = server.paths;
  chmodSync(join(folder, 'unreadable.wsgi'), 0o000);
  chmodSync(join(folder, 'closed'), 0o000);
  const check = await runStillhouse(['check', '-f', `${folder}/httpd.conf`]);
  const lines = (check.stdout + check.stderr).split('\n');
  assert.equal(check.exitStatus, 1);
  for (const [url, pattern] of [
    ['/missing', /^\S+:9:\d+: error: there is no '.*goood\.wsgi' \(did you mean '.*\/good\.wsgi'\?\); .* with (\d+)$/],
    ['/unreadable', /^\S+:10:\d+: error: '.*' can't be read by user '.+', as whom daemon .* with (\d+)$/],
    ['/closed', /^\S+:11:\d+: error: '.*' can't be read by user '.+', as whom the http children .* with (\d+)$/],
    ['/refused', /^\S+:12:\d+: warning: requests for '.*' are refused by Require .*, answered with (\d+): write /],
  ] as const) {
    const said = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
    assert.ok(said, `${pattern} in:\n${lines.join('\n')}`);
    assert.equal((await server.request(url)).status, Number(said[1]), url);
  }
  // Only root can remove a closed folder.
  chmodSync(join(folder, 'closed'), 0o755);
  assert.equal((await server.request('/good')).text, 'hello\n');
  assert.match(server.output(), /httpd\.conf:9:\d+: warning: there is no '.*goood\.wsgi'/);
  assert.match(lines.join('\n'), /httpd\.conf: 3 errors \(the server would start, and their requests fail\)/);
});

test('rights by group are found', { skip: !isRoot }, async () => {
  using folder = new TemporaryFolder();
  const script = folder.write('app.wsgi', application('hello'));
  chmodSync(script, 0o640);
  const config = (options: string) =>
    folder.write(
      'httpd.conf',
      `WSGIDaemonProcess site user=nobody ${options}\nWSGIScriptAlias / ${script} process-group=site\n`,
    );
  const denied = await runStillhouse(['check', '-f', config('')]);
  assert.match(denied.stderr, /can't be read by user 'nobody', as whom daemon process group 'site' runs: mode 0640/);
  chownSync(script, 0, 4321);
  for (const options of ['group=#4321', 'supplementary-groups=#4321']) {
    const { exitStatus, stderr } = await runStillhouse(['check', '-f', config(options)]);
    assert.deepEqual([exitStatus, stderr], [0, ''], options);
  }
});

test('check runs the interpreter of each group', async () => {
  using folder = new TemporaryFolder();
  mkdirSync(folder.file('venv'));
  const config = folder.write(
    'httpd.conf',
    `WSGIDaemonProcess site python-home=${folder.file('venv')}\nWSGIProcessGroup site\n`,
  );
  const { exitStatus, stderr } = await runStillhouse(['check', '-f', config]);
  assert.equal(exitStatus, 1);
  assert.match(stderr, /httpd\.conf:1:1: error: daemon process group 'site': '.*venv' is no virtual environment/);
});

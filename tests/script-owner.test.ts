/** script-user and script-group: a script runs only where it and its folder belong to whom the group says. */

import assert from 'node:assert/strict';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRoot } from './support/accounts.js';
import { runStillhouse } from './support/command.js';
import { application, TestServer } from './support/server.js';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;
/** The http children remember for a second what they saw. */
const rememberedMs = 1_100;

const passMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('the owner and the rights of a script and of its folder', async () => {
  const phrases = [
    /Owner of WSGI script file does not match required user for daemon process, user=#\d+: .*\/hello\.wsgi has uid=/,
    /Group of WSGI script file does not match required group for daemon process, group=#\d+: .*\/hello\.wsgi has gid=/,
    /WSGI script file is writable to (?:group|world): .*\/hello\.wsgi/,
    /Parent directory of WSGI script file is writable to (?:group|world): .*\/site$/m,
  ] as const;
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIApplicationGroup %{GLOBAL}
      WSGIDaemonProcess by-user threads=2 script-user=#${uid}
      WSGIDaemonProcess by-group threads=2 script-group=#${gid}
      WSGIDaemonProcess by-other-user threads=2 script-user=#${uid + 1}
      WSGIDaemonProcess by-other-group threads=2 script-group=#${gid + 1}
      WSGIScriptAlias /user ${folder}/site/hello.wsgi process-group=by-user application-group=%{GLOBAL}
      WSGIScriptAlias /group ${folder}/site/hello.wsgi process-group=by-group
      WSGIScriptAlias /other-user ${folder}/site/hello.wsgi process-group=by-other-user
      WSGIScriptAlias /other-group ${folder}/site/hello.wsgi process-group=by-other-group`,
    files: { 'site/hello.wsgi': application('hello') },
    allowErrors: [...phrases],
  });
  const folder = join(server.paths.folder, 'site');
  const script = join(folder, 'hello.wsgi');
  const statuses = async (): Promise<number[]> =>
    await Promise.all(
      ['/user', '/group', '/other-user', '/other-group'].map(async (url) => (await server.request(url)).status),
    );
  // Made by a TestServer for everybody to read.
  chmodSync(folder, 0o755);
  chownSync(folder, uid, gid);
  chownSync(script, uid, gid);
  assert.deepEqual(await statuses(), [200, 200, 403, 403]);
  await server.waitForLog(phrases[0]);
  await server.waitForLog(phrases[1]);

  for (const [path, mode, expected, phrase] of [
    [script, 0o664, [403, 200, 403, 403], phrases[2]],
    [script, 0o646, [403, 403, 403, 403], phrases[2]],
    [script, 0o644, [200, 200, 403, 403], phrases[0]],
    [folder, 0o775, [403, 200, 403, 403], phrases[3]],
    [folder, 0o777, [403, 403, 403, 403], phrases[3]],
    [folder, 0o755, [200, 200, 403, 403], phrases[0]],
  ] as const) {
    chmodSync(path, mode);
    await passMs(rememberedMs);
    assert.deepEqual(await statuses(), expected, `${path} ${mode.toString(8)}`);
    await server.waitForLog(phrase);
  }
});

test('a folder that the http children may not look into', { skip: !isRoot }, async () => {
  const denied = /User information not available for WSGI script file: .*\/closed\/handler\.py \(EACCES\)/;
  await using server = await TestServer.start({
    config: ({ folder }) => `
      DocumentRoot ${folder}/documents
      <Location />
        Require all granted
      </Location>
      WSGIApplicationGroup %{GLOBAL}
      WSGIDaemonProcess mine threads=1 script-user=root
      WSGIHandlerScript closed ${folder}/closed/handler.py process-group=mine
      <Location /closed>
        SetHandler closed
      </Location>`,
    files: { 'closed/handler.py': application('hello'), 'documents/a.txt': 'a' },
    allowErrors: [denied],
  });
  chmodSync(join(server.paths.folder, 'closed'), 0o700);
  assert.equal((await server.request('/closed')).status, 403);
  await server.waitForLog(denied);
  chmodSync(join(server.paths.folder, 'closed'), 0o755);
});

test('a user whom the system does not know ends the start', async () => {
  await using server = await TestServer.start({
    config: 'WSGIDaemonProcess mine script-user=nobody-of-this-name',
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  const says =
    /httpd\.conf:5:\d+: error: script-user of daemon process group 'mine': there is no user 'nobody-of-this-name'/;
  assert.match(server.output(), says);
  const check = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
  assert.match(check.stdout + check.stderr, says);
});

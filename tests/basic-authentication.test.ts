/** AuthType Basic with files: what applications and logs see, when changed files count, and that others do not wait. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitFor } from './support/processes.js';
import { TestServer } from './support/server.js';

const secret = { sha: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', md5: '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' };
/** bcrypt of `secret`: a few milliseconds, and about a second. */
const bcrypt = '$2y$05$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW';
const slowBcrypt = '$2y$13$yqf6IgKUuzq9QxchdWA9jOdUnnC6sLeTXXNBjMRPd8mYI656.ylJW';

const site = `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    keys = ('REMOTE_USER', 'AUTH_TYPE', 'HTTP_AUTHORIZATION')
    return [' '.join(str(environ.get(key)) for key in keys).encode()]
`;

function basic(user: string, password = 'secret'): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const config = (folder: string): string => `
  WSGIDaemonProcess one threads=2
  WSGIProcessGroup one
  WSGIApplicationGroup %{GLOBAL}
  WSGIScriptAlias / ${folder}/site.wsgi
  CustomLog ${folder}/access.log "%>s %u %U"
  <Location /closed>
    AuthType Basic
    AuthName "closed \\"here\\""
    AuthUserFile ${folder}/users
    AuthGroupFile ${folder}/groups
    Require valid-user
  </Location>
  <Location /closed/staff>
    Require group staff
  </Location>`;

test('who is let in, and what the logs say', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: {
      'site.wsgi': site,
      users: `ann:${secret.sha}\nbob:${bcrypt}\nplain:secret\n`,
      groups: 'staff: ann\n',
    },
    allowErrors: [
      /user .* not found: \/closed/,
      /user ann: authentication failure for "\/closed": Password Mismatch/,
      /user bob: authorization failure for "\/closed\/staff": user is not part of the 'require'ed group\(s\)\./,
      /the password of user plain in .* is stored in a form that is not known: use htpasswd -B/,
      /user plain: authentication failure/,
    ],
  });
  const ask = async (path: string, headers = {}): Promise<readonly [number, string]> => {
    const { status, text } = await server.request(path, { headers });
    return [status, status === 200 ? text : ''];
  };
  const challenged = await server.request('/closed');
  assert.equal(challenged.status, 401);
  assert.equal(challenged.headers['www-authenticate'], 'Basic realm="closed \\"here\\""');
  assert.deepEqual(await ask('/closed', basic('ann')), [200, 'ann Basic None']);
  assert.deepEqual(await ask('/closed', basic('bob')), [200, 'bob Basic None']);
  assert.deepEqual(await ask('/open', basic('ann')), [200, 'None None None']);
  assert.deepEqual(await ask('/closed/staff', basic('ann')), [200, 'ann Basic None']);
  const outsider = await server.request('/closed/staff', { headers: basic('bob') });
  assert.deepEqual([outsider.status, outsider.headers['www-authenticate']], [401, 'Basic realm="closed \\"here\\""']);
  assert.deepEqual(await ask('/closed', basic('ann', 'hunter2')), [401, '']);
  assert.deepEqual(await ask('/closed', basic('plain')), [401, '']);
  assert.deepEqual(await ask('/closed', basic('mal\n[forged] "x')), [401, '']);

  await server.waitForLog(/user mal\\n\[forged\] (?:\\"|")x not found: \/closed/);
  const accessLog = join(server.paths.folder, 'access.log');
  const lines = await waitFor('the last line', () => {
    const found = readFileSync(accessLog, 'utf8').trimEnd().split('\n');
    return found.length === 9 ? found : undefined;
  });
  assert.deepEqual(lines, [
    '401 - /closed',
    '200 ann /closed',
    '200 bob /closed',
    '200 - /open',
    '200 ann /closed/staff',
    '401 bob /closed/staff',
    '401 ann /closed',
    '401 plain /closed',
    '401 mal\\n[forged] \\"x /closed',
  ]);
  for (const text of [server.errorLog(), server.output(), lines.join('\n')]) {
    for (const word of ['hunter2', 'secret', basic('ann').Authorization.slice(6), bcrypt]) {
      assert.ok(!text.includes(word), `a log has ${word}`);
    }
  }
});

test('files count when they have changed', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'site.wsgi': site, users: `ann:${secret.sha}\n`, groups: '' },
    allowErrors: [
      /user bob not found/,
      /user ann not found/,
      /auth(?:entication|orization) failure/,
      /Could not open password file/,
    ],
  });
  const status = async (path: string, user: string): Promise<number> =>
    (await server.request(path, { headers: basic(user) })).status;
  const until = (wanted: number, path: string, user: string): Promise<unknown> =>
    waitFor(`${path} as ${user} is ${wanted}`, async () => (await status(path, user)) === wanted || undefined);

  assert.equal(await status('/closed', 'ann'), 200);
  assert.equal(await status('/closed', 'bob'), 401);
  server.writeFile('users', `bob:${secret.md5}\n`);
  await until(200, '/closed', 'bob');
  assert.equal(await status('/closed', 'ann'), 401);

  assert.equal(await status('/closed/staff', 'bob'), 401);
  server.writeFile('groups', 'staff: bob\n');
  await until(200, '/closed/staff', 'bob');

  // An answer that is remembered for a password does not outlive the hash.
  server.writeFile('users', `bob:${secret.md5.slice(0, -1)}2\n`);
  await until(401, '/closed', 'bob');
  rmSync(join(server.paths.folder, 'users'));
  await until(500, '/closed', 'bob');
  server.writeFile('users', `bob:${secret.md5}\n`);
  await until(200, '/closed', 'bob');
});

test('a costly password holds up nobody else', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `StartServers 1\n${config(folder)}`,
    files: { 'site.wsgi': site, users: `ann:${slowBcrypt}\n`, groups: '' },
    allowErrors: [/user ann: authentication failure/],
  });
  assert.equal((await server.request('/open')).status, 200);
  let done = false;
  const slow = server.request('/closed', { headers: basic('ann') }).then(({ status }) => {
    done = true;
    return status;
  });
  let served = 0;
  while (!done) {
    assert.equal((await server.request('/open')).status, 200);
    served += 1;
  }
  assert.equal(await slow, 401, 'the hash is that of another cost');
  assert.ok(served > 10, `${served} requests were served meanwhile`);
});

test('what Apache would find out with the first request is told at the start', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      <Location /a>
        Require valid-user
        AuthUserFile ${folder}/no-such-file
      </Location>`,
  });
  assert.match(
    server.output(),
    /there is no AuthType by which users are made known; requests will be answered with 500/,
  );
  assert.match(server.output(), /the file can't be read: ENOENT/);
});

/** Scripts that the server would ask: `explain` names them, and goes on as if they admitted the request. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const script = 'raise AssertionError("nothing runs")\n';

test('access, user, group and dispatch script', async () => {
  using folder = new TemporaryFolder();
  for (const name of ['site.wsgi', 'access.wsgi', 'auth.wsgi', 'dispatch.wsgi']) folder.write(name, script);
  const config = folder.write(
    'httpd.conf',
    `Listen 8000
WSGIDaemonProcess one
WSGIDaemonProcess two threads=7
WSGIProcessGroup one
WSGIApplicationGroup %{GLOBAL}
WSGIScriptAlias / ${folder.path}/site.wsgi
<Directory ${folder.path}>
    WSGIDispatchScript ${folder.path}/dispatch.wsgi
    Require all granted
</Directory>
<Location /users>
    WSGIAccessScript ${folder.path}/access.wsgi
    AuthType Basic
    AuthName users
    AuthBasicProvider wsgi
    WSGIAuthUserScript ${folder.path}/auth.wsgi
    WSGIAuthGroupScript ${folder.path}/auth.wsgi
    Require wsgi-group staff
    WSGIProcessGroup two
</Location>
`,
  );
  const explain = async (...args: string[]) => {
    const { exitStatus, stderr, stdout } = await runStillhouse(['explain', '-f', config, ...args]);
    assert.deepEqual([exitStatus, stderr], [0, '']);
    return stdout;
  };
  const credentials = ['--header', `Authorization: Basic ${Buffer.from('alice:x').toString('base64')}`];
  const admitted = JSON.parse(await explain('--json', ...credentials, '/users/alice'));
  assert.deepEqual(
    admitted.questions.map(({ file, line, text }: Record<string, unknown>) => [text, file, line]),
    [
      [`WSGIAccessScript ${folder.file('access.wsgi')}`, config, 12],
      [`WSGIAuthUserScript ${folder.file('auth.wsgi')}`, config, 16],
      [`WSGIAuthGroupScript ${folder.file('auth.wsgi')}`, config, 17],
      [`WSGIDispatchScript ${folder.file('dispatch.wsgi')}`, config, 8],
    ],
  );
  assert.deepEqual([admitted.decidedBy, admitted.application.processGroup.name], ['application', 'two']);
  assert.equal(admitted.passes[0].access.user, 'alice');
  // Who names no user is asked for one before the script is.
  const refused = JSON.parse(await explain('--json', '/users/alice'));
  assert.deepEqual([refused.status, refused.questions.length], [401, 1]);
  const text = await explain('/elsewhere');
  assert.match(
    text,
    /\n {2}decided by +WSGIDispatchScript \S+dispatch\.wsgi {2}\(taken to say: nothing: .*\) +\S+:8\n/,
  );
});

/** New code that can't be loaded: the processes of before go on, the log and `ps` say why, and mended code takes their place. */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  groupOf,
  loadErrors,
  replaceScript,
  runCommand,
  servingPids,
  stackLines,
  waitForProblem,
  waitNoProblem,
  waitReplaced,
} from './support/control.js';
import { waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';
import { siteConfig, versionScript } from './support/site.js';

const startupSeconds = 2;
const failures: readonly (readonly [what: string, script: string, logged: RegExp])[] = [
  ['a syntax error', 'def application(environ, start_response:\n', /site\.wsgi.*[\s\S]*SyntaxError/],
  ['a module that is missing', 'import no_such_module\n', /site\.wsgi.*[\s\S]*No module named 'no_such_module'/],
  ['an exception', "raise RuntimeError('not today')\n", /site\.wsgi.*[\s\S]*RuntimeError: not today/],
  ['sys.exit', 'import sys\nsys.exit(3)\n', /SystemExit.*site\.wsgi/],
  ['the end of the process', 'import os\nos._exit(3)\n', /terminated with exit code 3/],
  [
    'an import without end',
    'import time\n\n\ndef wait_for_ever():\n    time.sleep(600)\n\n\nwait_for_ever()\n',
    /in wait_for_ever[\s\S]*could not be started \(script_reload\).*: was not ready after \d+ s/,
  ],
];

for (const [what, script, logged] of failures) {
  test(`a script with ${what}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('site.wsgi', `processes=2 threads=2 startup-timeout=${startupSeconds}`),
      files: { 'site.wsgi': application('version') },
      allowErrors: [
        ...loadErrors,
        /SystemExit/,
        /daemon process group 'site': the successor of pid \d+ could not be started/,
        /was not ready after \d+ s/,
        stackLines,
      ],
    });
    assert.match((await server.request('/')).text, /^old /);
    const before = await servingPids(server);
    replaceScript(server, 'site.wsgi', script);
    // The one that notices may wait for the successor; it is answered all the same.
    assert.match((await server.request('/')).text, /^old /);
    const problem = await waitForProblem(server);
    assert.match(problem, /no successor could be started \(script_reload\)/);
    if (what !== 'an import without end' && what !== 'the end of the process') assert.match(problem, /site\.wsgi/);
    else assert.match(problem, what === 'the end of the process' ? /exit code 3/ : /not ready after/);
    await server.waitForLog(logged);
    assert.deepEqual(await servingPids(server), before);
    assert.match((await runCommand(server, 'ps')).stdout, /PROBLEM.*no successor could be started/);
    for (let count = 0; count < 3; count++) assert.match((await server.request('/')).text, /^old /);

    replaceScript(server, 'site.wsgi', versionScript('new'));
    assert.match((await server.request('/')).text, /^(?:old|new) /);
    await waitReplaced(server, before);
    await waitNoProblem(server);
    assert.match((await server.request('/')).text, /^new /);
    await server.waitForLog(/Requests have completed; triggering immediate shutdown[\s\S]*Requests have completed/);
  });
}

test('a script that is mended while the broken one is still being loaded', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1'),
    files: { 'site.wsgi': application('version') },
    allowErrors: [...loadErrors, /the successor of pid \d+ could not be started/],
  });
  assert.match((await server.request('/')).text, /^old /);
  const before = await servingPids(server);
  replaceScript(server, 'site.wsgi', "import time\ntime.sleep(1.5)\nraise RuntimeError('broken')\n");
  const first = server.request('/');
  await server.waitForLog(/Loading WSGI script[\s\S]*Loading WSGI script/);
  replaceScript(server, 'site.wsgi', versionScript('new'));
  for (let count = 0; count < 3; count++) assert.match((await server.request('/')).text, /^old /);
  assert.equal((await first).status, 200);
  await server.waitForLog(/could not be started \(script_reload\)/);
  await server.request('/');
  await waitReplaced(server, before);
  await waitNoProblem(server);
  assert.match((await server.request('/')).text, /^new /);
});

test('a script that is deleted', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'processes=2 threads=2'),
    files: { 'site.wsgi': application('version') },
    allowErrors: [/Target WSGI script not found or unable to stat/],
  });
  assert.match((await server.request('/')).text, /^old /);
  const before = await servingPids(server);
  rmSync(join(server.paths.folder, 'site.wsgi'));
  // As under Apache, which looks for the file before it asks a process.
  await waitFor('404', async () => (await server.request('/')).status === 404);
  const { problem } = await groupOf(server);
  assert.deepEqual([await servingPids(server), problem], [before, undefined]);
  replaceScript(server, 'site.wsgi', versionScript('new'));
  await waitFor('the new code', async () => (await server.request('/')).text.startsWith('new '));
});

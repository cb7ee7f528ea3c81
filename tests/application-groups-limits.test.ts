/** What holds for a process holds over all its application groups: threads, maximum-requests, the number of interpreters. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lifetimeMs, servingPids } from './support/control.js';
import { concurrencyNotes } from './support/notes.js';
import { application, TestServer } from './support/server.js';

/** Each first part of the path is an application group. */
function groupsByPath(folder: string, script: string, options: string, lines = ''): string {
  return `
WSGIDaemonProcess site ${options}
WSGIProcessGroup site
WSGIApplicationGroup %{ENV:NAME}
SetEnvIf Request_URI ^/([^/?]+) NAME=$1
SetEnvIf Request_URI ^/main NAME=%{GLOBAL}
WSGIScriptAlias / ${folder}/${script}
${lines}
`;
}

const whereAmI = `
import os
import mod_wsgi


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {mod_wsgi.application_group}".encode()]
`;

describe('limits of a process with several application groups', () => {
  it('runs no more than threads applications at once, whoever sends them', async () => {
    await using server = await TestServer.start({
      config: ({ folder, writable }) =>
        groupsByPath(folder, 'count.wsgi', 'threads=2', `StartServers 3\nSetEnv NOTES_FOLDER ${writable}`),
      files: { 'count.wsgi': application('count-concurrency') },
    });
    for (const name of ['main', 'a', 'b']) assert.equal((await server.request(`/${name}`)).status, 200);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => server.request(`/${['main', 'a', 'b'][index % 3]}`)),
    );
    assert.ok(answers.every(({ status }) => status === 200));
    let inside = 0;
    let most = 0;
    for (const note of concurrencyNotes(server)) {
      inside += note.startsWith('in ') ? 1 : -1;
      most = Math.max(most, inside);
    }
    assert.equal(inside, 0);
    assert.equal(most, 2);
  });

  it('counts the requests of all for maximum-requests', async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => groupsByPath(folder, 'where.wsgi', 'threads=2 maximum-requests=6'),
      files: { 'where.wsgi': whereAmI },
    });
    const [pid] = await servingPids(server);
    assert.ok(pid !== undefined);
    for (const name of ['main', 'a', 'b', 'main', 'a', 'b']) {
      assert.equal((await server.request(`/${name}`)).text, `${pid} ${name === 'main' ? '' : name}`);
    }
    await lifetimeMs(pid, 15_000);
    // The successor has loaded the script in all of them before it serves.
    const [next] = await servingPids(server);
    const log = server.errorLog();
    for (const where of ["sub interpreter 'a'", "sub interpreter 'b'", 'main interpreter']) {
      const loaded = new RegExp(`pid ${next}:.*Loading WSGI script '.*' into ${where} of daemon process 'site'`);
      assert.match(log, loaded);
    }
    assert.equal((await server.request('/b')).text, `${next} b`);
    assert.deepEqual(await servingPids(server), [next]);
  });

  it('makes no more interpreters than there may be', async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => groupsByPath(folder, 'where.wsgi', 'threads=1'),
      files: { 'where.wsgi': whereAmI },
      allowErrors: [
        /no sub-interpreter for application group 'x64': .* has 64 already/,
        /x6[45].*this process has 64 application groups already/,
      ],
    });
    for (let number = 0; number < 64; number++) {
      assert.equal((await server.request(`/x${number}`)).status, 200, `group ${number}`);
    }
    assert.equal((await server.request('/x64')).status, 503);
    assert.equal((await server.request('/x65')).status, 503);
    await server.waitForLog(/WSGIApplicationGroup/);
    assert.equal((await server.request('/x5')).status, 200);
    assert.equal((await server.request('/main')).status, 200);
  });
});

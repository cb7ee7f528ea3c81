/** After logs were moved away and the server was told so, every process writes to the new files, the old daemon processes too. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand, servingPids, signalReload } from './support/control.js';
import { openFiles, waitFor } from './support/processes.js';
import { TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const printing = `import os
import sys


def application(environ, start_response):
    query = environ['QUERY_STRING']
    print('print of', query, file=environ['wsgi.errors'])
    print('stdout of', query)
    os.write(2, b'[Mon Jan 01 00:00:00.000000 2026] [wsgi:info] raw ' + query.encode() + b'\\n')
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '0')])
    return [b'']
`;

const ways: readonly (readonly [name: string, reopen: (server: TestServer) => Promise<unknown>])[] = [
  ['SIGUSR2', (server) => signalReload(server, 'SIGUSR2')],
  ['the reopen-logs command', async (server) => assert.equal((await runCommand(server, 'reopen-logs')).exitStatus, 0)],
  ['a reload', async (server) => assert.equal((await runCommand(server, 'reload')).exitStatus, 0)],
];

for (const [name, reopen] of ways) {
  test(`by ${name}`, async () => {
    await using server = await TestServer.start({
      config: (paths) =>
        siteConfig(
          'site.wsgi',
          'processes=2 threads=1',
          `CustomLog ${paths.folder}/access.log "%r"\nAlias /missing ${paths.folder}/not-there`,
        )(paths),
      files: { 'site.wsgi': printing },
      allowErrors: [/print of|stdout of/],
    });
    const files = { error: server.paths.errorLog, access: join(server.paths.folder, 'access.log') };
    const pids = await servingPids(server);
    const ask = (query: string) => Promise.all([0, 1, 2, 3].map(() => server.request(`/?${query}`)));
    await ask('before');
    await waitFor('the lines of before', () => {
      return (
        readFileSync(files.error, 'utf8').includes('raw before') && /before/.test(readFileSync(files.access, 'utf8'))
      );
    });
    renameSync(files.error, `${files.error}.1`);
    renameSync(files.access, `${files.access}.1`);
    await reopen(server);
    assert.deepEqual(await servingPids(server), pids, 'the daemon processes are those of before');
    assert(existsSync(files.error) && existsSync(files.access));
    // The http children of before have nothing to do any more: they end, and close the old files.
    await waitFor('the end of the old http child', () => server.httpChildPids.length === 1);
    const sizes = [files.error, files.access].map((file) => statSync(`${file}.1`).size);

    await ask('after');
    const { error, access } = await waitFor('the lines of after', () => {
      const texts = { error: readFileSync(files.error, 'utf8'), access: readFileSync(files.access, 'utf8') };
      return texts.error.includes('raw after') && (texts.access.match(/after/g)?.length ?? 0) === 4 && texts;
    });
    for (const kind of ['print of', 'stdout of', 'raw']) assert.match(error, new RegExp(`${kind} after`));
    assert.match(error, /\[core:notice\] \[pid \d+/, 'of the parent');
    assert.equal(access.trimEnd().split('\n').length, 4);
    assert.deepEqual(
      [files.error, files.access].map((file) => statSync(`${file}.1`).size),
      sizes,
      'nothing more is written to the old files',
    );
    for (const pid of [server.pid, ...server.httpChildPids, ...pids]) {
      const old = openFiles(pid).filter((file) => file === `${files.error}.1` || file === `${files.access}.1`);
      assert.deepEqual(old, [], `pid ${pid} holds the old files`);
    }
    const modes = [files.error, files.access].map((file) => statSync(file).mode & 0o777);
    assert.deepEqual(modes, [0o640, 0o640]);
  });
}

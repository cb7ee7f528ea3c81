/** Piped logs: programs read access and error logs, are started again where they die, and end with the server. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendCommand } from './support/control.js';
import { commandLine, waitFor } from './support/processes.js';
import { TestServer } from './support/server.js';

const hello = `
def application(environ, start_response):
    print("from the application", file=environ["wsgi.errors"])
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
`;

test('logs that programs read', async (context) => {
  await using server = await TestServer.start({
    config: ({ folder, writable }) => `
      WSGIDaemonProcess app threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/hello.wsgi
      LogLevel info
      CustomLog "|/usr/bin/tee -a ${writable}/plain_log" "plain %U %>s"
      CustomLog "|$cat >>${writable}/shell_log" "shell %U"
      <VirtualHost *:*>
        ServerName piped.example
        ErrorLog "|$cat >>${folder}/piped-error.log"
        CustomLog "|/usr/bin/tee -a ${writable}/plain_log" "plain %U %>s"
        CustomLog "|$cat >>${writable}/shell_log" "shell %U"
      </VirtualHost>`,
    files: { 'hello.wsgi': hello },
    allowErrors: [
      /piped log program .* failed unexpectedly: signal SIGKILL; starting it again in 1 s/,
      /from the application$/,
    ],
  });
  const log = (name: string): string => {
    const path = join(server.paths.writable, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const programs = (): number[] => server.allPids().filter((pid) => commandLine(pid).includes('/usr/bin/tee'));

  await context.test('both kinds', async () => {
    assert.equal((await server.request('/one')).status, 200);
    assert.equal((await server.request('/none/%2f')).status, 404);
    await waitFor(
      'the access logs',
      () => log('plain_log').startsWith('plain /one 200\n') && log('shell_log').startsWith('shell /one\n'),
    );
    // The daemon process has the error log of the server that defines its group.
    await server.waitForLog(/from the application/);
    await waitFor('the error log', () => {
      const path = join(server.paths.folder, 'piped-error.log');
      return existsSync(path) && /%2f/.test(readFileSync(path, 'utf8'));
    });
  });

  await context.test('a program that dies is replaced, and no line is lost', async () => {
    const [before] = programs();
    assert(before !== undefined);
    process.kill(before, 'SIGKILL');
    await server.waitForLog(/piped log program '\|\/usr\/bin\/tee .*' failed unexpectedly/);
    assert.equal((await server.request('/two')).status, 200);
    await waitFor('the line', () => log('plain_log').endsWith('plain /two 200\n'));
    assert.notDeepEqual(programs(), [before]);
  });

  await context.test('a reload starts it anew, and ends the old one', async () => {
    const before = programs();
    assert.equal(before.length, 1);
    await sendCommand(server, { command: 'reload' });
    assert.equal((await server.request('/three')).status, 200);
    await waitFor('the line', () => log('plain_log').endsWith('plain /three 200\n'));
    await waitFor('the end of the old program', () => programs().length === 1 && programs()[0] !== before[0]);
  });

  await context.test('all is read when the server has stopped', async () => {
    const last = server.request('/four');
    assert.equal((await last).status, 200);
    await server.stop();
    assert.match(log('plain_log'), /plain \/four 200\n$/);
    assert.deepEqual(server.allPids(), []);
  });
});

/** `ps --stacks` shows where the application is, line by line; a stuck interpreter is said to be one. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { waitForRequestStart } from './support/notes.js';
import { application, type TestResponse, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

test('ps --stacks', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
  });
  const slow = server.request('/?seconds=5').catch((error: unknown) => error);
  await waitForRequestStart(server, 'seconds=5');
  const config = join(server.paths.folder, 'httpd.conf');
  const shown = await runStillhouse(['ps', '--stacks', '-f', config], { env: { LC_ALL: 'C.UTF-8' } });
  const json = await runStillhouse(['ps', '--stacks', '--json', '-f', config]);
  assert.deepEqual([shown.exitStatus, shown.stderr], [0, '']);
  const lines = shown.stdout.split('\n');
  const at = lines.findIndex((line) => /request \d +\d+ .*GET \/\?seconds=5$/.test(line));
  assert.match(lines[at + 1] ?? '', /^[│ ]+\/.*sleep\.wsgi:\d+ in application: time\.sleep/, shown.stdout);
  // Neither what called the application nor what idle threads do: that is our own code.
  assert.doesNotMatch(shown.stdout, /python\/stillhouse\//);
  const [tree] = JSON.parse(json.stdout) as {
    groups: { processes: { threads: { role: string; stack?: string[] }[] }[] }[];
  }[];
  const threads = tree?.groups[0]?.processes[0]?.threads ?? [];
  assert.ok(threads.filter(({ stack }) => (stack?.length ?? 0) > 0).length >= 3);
  assert.equal(((await slow) as TestResponse).status, 200);
});

test('ps --stacks of a process whose interpreter is stuck', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stuck.wsgi', 'threads=1 deadlock-timeout=120 shutdown-timeout=1'),
    files: {
      'stuck.wsgi': `import ctypes
def application(environ, start_response):
    if environ['PATH_INFO'] == '/stuck':
        ctypes.PyDLL(None).sleep(600)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'ok']
`,
    },
    allowErrors: [/./],
  });
  assert.equal((await server.request('/')).status, 200);
  const stuck = server.request('/stuck').catch(() => undefined);
  const config = join(server.paths.folder, 'httpd.conf');
  for (let busy = false; !busy; ) {
    busy = (await runStillhouse(['ps', '-f', config])).stdout.includes('GET /stuck');
  }
  const { exitStatus, stdout } = await runStillhouse(['ps', '--stacks', '-f', config], { timeoutMs: 60_000 });
  assert.equal(exitStatus, 0);
  const text = stdout.replace(/\s+[│|]?\s*/g, ' ');
  assert.match(
    text,
    /PROBLEM: no Python stack, the interpreter does not answer \(.+\); if it is stuck, its stack will be/,
  );
  assert.match(text, /\d+\.\d s GET \/stuck/);
  for (const pid of server.daemonPids('site')) process.kill(pid, 'SIGKILL');
  await stuck;
});

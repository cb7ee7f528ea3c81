/** ready-url: a process gets no requests of clients before it has answered this one with success. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, runCommand, servingPids, waitForProblem, waitNoProblem } from './support/control.js';
import { waitFor, waitGone } from './support/processes.js';
import { application, type TestPaths, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const config =
  (options = '') =>
  (paths: TestPaths): string =>
    siteConfig('ready.wsgi', `threads=2 startup-timeout=3 ready-url=/health?deep=1 ${options}`)(paths);

function startServer(options = '', allowErrors: readonly RegExp[] = []): Promise<TestServer> {
  return TestServer.start({
    config: config(options),
    files: { 'ready.wsgi': application('ready') },
    allowErrors,
  });
}

/** What ready.py has answered to /health. */
function attempts(server: TestServer): readonly string[] {
  const path = join(server.paths.writable, 'attempts');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

function setHealth(server: TestServer, text: string): void {
  writeFileSync(join(server.paths.writable, 'health'), text);
}

test('the application is asked before the process serves', async () => {
  await using server = await startServer();
  const [attempt, ...more] = attempts(server);
  assert.match(attempt ?? '', /^\d+ 200 \/health deep=1 GET$/);
  assert.deepEqual(more, []);
});

test('a successor that is not healthy does not take the place', async () => {
  await using server = await startServer('', [/the successor of pid \d+ could not be started \(restart\)/]);
  const before = await servingPids(server);
  setHealth(server, '500');
  const { exitStatus, stderr } = await runCommand(server, 'restart', 'site');
  assert.equal(exitStatus, 1);
  assert.match(stderr, /ready-url \/health\?deep=1: 500/);
  assert.match(await waitForProblem(server), /ready-url \/health\?deep=1: 500/);
  assert.deepEqual(await servingPids(server), before);
  assert(attempts(server).filter((line) => line.includes(' 500 ')).length >= 2, 'it was asked more than once');

  rmSync(join(server.paths.writable, 'health'));
  assert.equal((await runCommand(server, 'restart', 'site')).exitStatus, 0);
  await waitNoProblem(server);
  await waitGone(before);
});

test('a successor that becomes healthy after a few tries', async () => {
  await using server = await startServer();
  const before = await servingPids(server);
  setHealth(server, '503 1');
  assert.equal((await runCommand(server, 'restart', 'site')).stdout, 'site: 1 process replaced\n');
  const statuses = attempts(server).map((line) => line.split(' ')[1]);
  assert.deepEqual(statuses, ['200', '503', '200']);
  assert(!(await servingPids(server)).some((pid) => before.includes(pid)));
});

test('requests of clients wait at the first start', async () => {
  const port = await freePort();
  await using server = await TestServer.start({
    config: config(),
    files: { 'ready.wsgi': application('ready').replace('FAIL_FIRST = 0', 'FAIL_FIRST = 1') },
    listen: `Listen 127.0.0.1:${port}`,
    expectStart: 'later',
  });
  await waitFor('the first attempt', () => attempts(server).length > 0);
  const answer = await waitFor('an answer', () => server.request('/', { port }).catch(() => undefined));
  assert.equal(answer.status, 200);
  assert.deepEqual(
    attempts(server).map((line) => line.split(' ')[1]),
    ['503', '200'],
  );
});

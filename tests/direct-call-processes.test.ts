/** The main thread of a prefork child runs a request that takes long, or dies of it: everything else goes on as always. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { notesOf, prove, startCalled } from './support/called.js';
import { runCommand, stackLines, treeOf } from './support/control.js';
import { embedded } from './support/embedded.js';
import { waitFor, waitGone } from './support/processes.js';
import { application } from './support/server.js';

for (const what of ['sleep', 'keep-lock']) {
  test(`a long request (${what}): others are served, ps shows it, another child is started`, embedded, async () => {
    await using server = await startCalled({ children: 4 });
    await prove(server);
    const [pid = 0] = server.httpChildPids;
    const long = server.request(`/?${what}=4`);
    await waitFor('its start', () => notesOf(server).length === 1);
    await waitFor('another child', () => server.httpChildPids.length > 1, 4_000);
    assert.equal((await server.request('/')).text, 'answer');
    const child = (await treeOf(server)).httpChildren.find((one) => one.pid === pid);
    assert.deepEqual([child?.connections, child?.requests], [1, 1]);
    const { stdout } = await runCommand(server, 'ps');
    assert.match(stdout, new RegExp(`http child +${pid} .* busy\\n[^└]*GET /\\?${what}=4\\n`), stdout);
    const { status, headers } = await long;
    assert.deepEqual([status, headers['x-thread']], [200, 'main']);
  });
}

test('what has been slow goes over the channel, until it is fast again', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  assert.equal((await server.request('/?sleep=0.2')).headers['x-thread'], 'main');
  assert.equal((await server.request('/?sleep=0.2')).headers['x-thread'], 'request');
  assert.equal((await server.request('/')).headers['x-thread'], 'request');
  await prove(server);
});

test('a stop does not wait for it', embedded, async () => {
  await using server = await startCalled({ allowErrors: [/did not stop in time; sending SIGKILL/] });
  await prove(server);
  const hanging = server.request('/?sleep=60').catch(() => undefined);
  await waitFor('its start', () => notesOf(server).length === 1);
  const { exitStatus, durationMs } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs < 6_000, `${durationMs} ms`);
  await hanging;
});

test('a stop lets one end that takes a second', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  const running = server.request('/?sleep=1');
  await waitFor('its start', () => notesOf(server).length === 1);
  assert.equal((await server.stop()).exitStatus, 0);
  assert.equal((await running).text, 'answer');
});

test('a parent that is killed leaves no child behind', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  const hanging = server.request('/?sleep=60').catch(() => undefined);
  await waitFor('its start', () => notesOf(server).length === 1);
  const pids = server.allPids();
  await server.stop('SIGKILL');
  await waitGone(pids);
  await hanging;
});

test('a crash ends the child, with its stack in the log', embedded, async () => {
  await using server = await startCalled({ allowErrors: [stackLines, /http child \(pid=\d+\) has died/] });
  await prove(server);
  const [pid = 0] = server.httpChildPids;
  await assert.rejects(server.request('/?crash'));
  await waitFor('another child', () => server.httpChildPids.length === 1 && !server.httpChildPids.includes(pid));
  await server.waitForLog(/Fatal Python error: Segmentation fault/);
  await server.waitForLog(/File ".*called\.wsgi", line \d+ in crash/);
  await server.waitForLog(/terminated by signal SIGSEGV; it was running GET \/\?crash \(\d+\.\d s\) in embedded mode/);
  assert.equal((await server.request('/')).text, 'answer');
});

test('a touched script is executed again', embedded, async () => {
  await using server = await startCalled();
  await prove(server);
  server.writeFile('called.wsgi', `\n\n${application('called').replaceAll('b"answer"', 'b"changed"')}`);
  const answer = await server.request('/');
  assert.deepEqual([answer.text, answer.headers['x-thread']], ['changed', 'main']);
  assert.match(readFileSync(server.paths.errorLog, 'utf8'), /Reloading WSGI script/);
});

test(
  'applications in other interpreters are asked over the channel, and never at the same time',
  embedded,
  async () => {
    await using server = await startCalled({
      lines: ({ folder }) => `WSGIScriptAlias /other ${folder}/called.wsgi application-group=other`,
    });
    await prove(server);
    const thread = async (path: string): Promise<string | undefined> => {
      return (await server.request(path)).headers['x-thread'] as string | undefined;
    };
    const seen: (string | undefined)[] = [];
    for (let count = 0; count < 20; count++) seen.push(await thread('/other'));
    assert.deepEqual(new Set(seen), new Set(['request']));
    assert.equal(await thread('/'), 'main');
  },
);

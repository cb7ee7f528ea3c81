/** Requests beyond the request threads: they wait in order, and none is lost when their process is killed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';

const tellOrder = `
import os, time
from urllib.parse import parse_qs

def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])
    print("runs", environ["PATH_INFO"])
    time.sleep(float(query.get("seconds", ["0.02"])[0]))
    body = environ["PATH_INFO"].encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
`;

function start(processes: number, directives = ''): Promise<TestServer> {
  return TestServer.start({
    config: ({ folder }) => `
      ${directives}
      WSGIDaemonProcess app processes=${processes} threads=1
      WSGIProcessGroup app
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/tell-order.wsgi`,
    files: { 'tell-order.wsgi': tellOrder },
    allowErrors: [
      /\] runs \//,
      /has died; deregistering/,
      /ended while it ran 1 requests/,
      /before sending complete response headers/,
    ],
  });
}

const ranIn = (log: string): readonly string[] =>
  [...log.matchAll(/\] runs (\S+)/g)].map((match) => match[1] as string);

test('waiting requests run in the order of their arrival', async () => {
  await using server = await start(1);
  const first = server.request('/first?seconds=0.5');
  await server.waitForLog(/runs \/first/);
  const answers: string[] = [];
  const all: Promise<unknown>[] = [first];
  for (let index = 0; index < 30; index++) {
    all.push(server.request(`/${index}`).then(({ text }) => answers.push(text)));
    // Arrival in this order must be certain, so that the order of the answers means something.
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
  await Promise.all(all);
  const expected = Array.from({ length: 30 }, (_, index) => `/${index}`);
  assert.deepEqual(answers, expected);
  assert.deepEqual(ranIn(server.errorLog()), ['/first', ...expected]);
});

test('the process is killed while many wait: only the one that ran is lost', async () => {
  await using server = await start(1);
  const running = server.request('/running?seconds=30');
  await server.waitForLog(/runs \/running/);
  const waiting = Array.from({ length: 100 }, (_, index) => server.request(`/${index}?seconds=0`));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [pid] = server.daemonPids('app');
  assert(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  assert.equal((await running).status, 502);
  const answers = await Promise.all(waiting);
  assert.deepEqual(
    answers.map(({ status, text }) => `${status} ${text}`),
    answers.map((_, index) => `200 /${index}`),
  );
  // Nothing ran twice.
  const ran = ranIn(server.errorLog());
  assert.equal(new Set(ran).size, ran.length);
  assert.equal(ran.length, 101);
});

test('a request that waits in the process itself, since another http child has the thread, moves on', async () => {
  await using server = await start(1, 'StartServers 2');
  const running = server.request('/running?seconds=30');
  await server.waitForLog(/runs \/running/);
  // Each http child gets some of them, as it is the only one that accepts: also the one that knows nothing of the request
  // above.
  const waiting: ReturnType<typeof server.request>[] = [];
  for (const child of server.httpChildPids) {
    process.kill(child, 'SIGSTOP');
    for (let index = 0; index < 5; index++) waiting.push(server.request(`/${waiting.length}?seconds=0`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(child, 'SIGCONT');
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [pid] = server.daemonPids('app');
  assert(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  assert.equal((await running).status, 502);
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ status, text }) => `${status} ${text}`),
    waiting.map((_, index) => `200 /${index}`),
  );
  await server.waitForLog(/1 requests had not started, moved on/);
});

test('processes that are killed one after the other under load lose no request that waited', async () => {
  await using server = await start(2);
  const requests = Array.from({ length: 200 }, (_, index) => server.request(`/${index}`));
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const [pid] = server.daemonPids('app');
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }
  const answers = await Promise.all(requests);
  const failed = answers.filter(({ status }) => status !== 200);
  // At most the one that each killed process was running.
  assert(failed.length <= 3, `${failed.length} requests failed: ${failed.map(({ status }) => status)}`);
  assert(failed.every(({ status }) => status === 502));
  const ran = ranIn(server.errorLog());
  assert.equal(new Set(ran).size, ran.length, 'a request ran twice');
});

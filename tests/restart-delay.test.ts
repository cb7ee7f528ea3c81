/** A daemon process that dies again and again is replaced with growing delay, and the log says why and when. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const endsProcess = 'import os\nos._exit(3)\n';
const died =
  /\[wsgi:error\] .* Process 'site' \(pid=(\d+)\) has died; deregistering and restarting it(?: in (\d+) s)?: (.*)/;

test('a process that ends while it starts', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      siteConfig(
        'site.wsgi',
        'threads=1 connect-timeout=1',
        `WSGIImportScript ${paths.folder}/site.wsgi process-group=site application-group=%{GLOBAL}`,
      )(paths),
    files: { 'site.wsgi': endsProcess },
    allowErrors: [died, /Unable to connect to WSGI daemon process 'site': no process of it runs/],
  });
  const answer = await server.request('/');
  assert.equal(answer.status, 503, 'it is not there for connect-timeout');
  await server.waitForLog(/restarting it in 2 s/);
  server.writeFile('site.wsgi', application('hello'));
  const lines = server
    .errorLog()
    .split('\n')
    .flatMap((line) => died.exec(line) ?? []);
  const deaths = server
    .errorLog()
    .split('\n')
    .flatMap((line) => {
      const found = died.exec(line);
      return found === null
        ? []
        : [{ atMs: timeOf(line), delayS: Number(found[2] ?? 0), pid: found[1], reason: found[3] }];
    });
  assert(lines.length > 0);
  assert.deepEqual(
    deaths.map(({ delayS }) => delayS),
    [1, 2],
  );
  assert.equal(new Set(deaths.map(({ pid }) => pid)).size, deaths.length);
  for (const { reason } of deaths) assert.match(String(reason), /exit code 3/);
  const [first, second] = deaths;
  assert(first && second);
  assert(second.atMs - first.atMs >= 1_000, 'it kept to the delay');

  await server.waitForLog(/Starting daemon process 'site'(?:[\s\S]*Starting daemon process 'site'){2}/);
  assert.equal((await server.request('/')).text, 'hello\n', 'the mended one runs after the delay');
  assert(Date.now() - second.atMs >= 1_900);
});

test('one death of a process that served costs no delay, the next ones do', async () => {
  await using server = await TestServer.start({
    config: siteConfig('exit.wsgi', 'threads=1'),
    files: { 'exit.wsgi': application('exit-process') },
    allowErrors: [died, /ended while it ran 1 requests/, /closed connection before sending complete response headers/],
  });
  assert.equal((await server.request('/')).status, 502);
  await server.waitForLog(/has died; deregistering and restarting it: terminated with exit code 3/);
  // It waits for the replacement.
  const replaced = await server.request('/?no');
  assert.equal(replaced.status, 200);
  assert(replaced.durationMs < 2_000);
  // The first may have lived for half a second by then, which is a good life.
  assert.equal((await server.request('/')).status, 502);
  await server.request('/?no');
  assert.equal((await server.request('/')).status, 502);
  await server.waitForLog(/has died; deregistering and restarting it in [12] s: terminated with exit code 3/);
});

/** `[Fri Nov 20 18:59:33.123456 2026]`, local time. */
function timeOf(line: string): number {
  const [, day, time, year] = /^\[\w+ (\w+ \d+) ([\d:.]+) (\d+)\]/.exec(line) ?? [];
  return Date.parse(`${day} ${year} ${time?.slice(0, 12)}`);
}

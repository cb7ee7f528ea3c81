/** All request threads are busy and requests wait: the log says so once, names what runs, and says when it has passed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitForRequestStart } from './support/notes.js';
import { application, TestServer } from './support/server.js';
import { notesConfig, siteConfig } from './support/site.js';

const count = (log: string, pattern: RegExp): number => [...log.matchAll(new RegExp(pattern, 'g'))].length;

test('one warning that names the requests, and one line when it has passed', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'threads=2', `StartServers 1\n${notesConfig(paths)}`)(paths),
    files: { 'sleep.wsgi': application('sleep') },
  });
  const [pid] = server.daemonPids('site');
  const slow = ['seconds=5', 'seconds=5.5'].map((query) => server.request(`/report?${query}`));
  await waitForRequestStart(server, 'seconds=5');
  await waitForRequestStart(server, 'seconds=5.5');
  const waiting = [1, 2, 3].map((number) => server.request(`/waiting/${number}`));

  const [warning] = await server.waitForLog(/\[wsgi:warn\].* request threads .*/);
  assert.match(
    warning,
    /all 2 request threads of daemon process group 'site' have been busy for \d\.\d s and 3 requests wait; /,
  );
  for (const query of ['seconds=5', 'seconds=5.5']) assert(warning.includes(`GET /report?${query} (pid ${pid}, `));
  assert.match(warning, /; consider more threads= or processes=, or a request-timeout=$/);
  assert.equal(count(server.errorLog(), / requests? waits?;/), 1);

  for (const answer of await Promise.all([...slow, ...waiting])) assert.equal(answer.status, 200);
  await server.waitForLog(/\[wsgi:notice\].*'site', which had no free request thread for \d+\.\d s/);
  assert.equal(count(server.errorLog(), /\[wsgi:warn\].* requests? waits?;/), 1);
  // And where in the code they were.
  for (const query of ['seconds=5', 'seconds=5.5']) {
    assert.match(
      server.errorLog(),
      new RegExp(`request GET /report\\?${query} \\(id \\S+\\) has run for .* while other requests wait`),
    );
  }
  assert.match(server.errorLog(), /executing file ".*sleep\.wsgi", line \d+, in application/);
});

test('busy threads without anybody who waits are nothing to tell', async () => {
  await using server = await TestServer.start({
    config: (paths) => siteConfig('sleep.wsgi', 'threads=2', notesConfig(paths))(paths),
    files: { 'sleep.wsgi': application('sleep') },
  });
  await Promise.all([server.request('/?seconds=3'), server.request('/?seconds=3')]);
  assert.equal(count(server.errorLog(), /request threads?/), 0);
});

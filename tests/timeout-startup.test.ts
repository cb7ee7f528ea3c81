/** startup-timeout: a process that can't load its application is exchanged for a fresh one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const loadsSlowly = `import time
def connect_to_database():
    time.sleep(60)
connect_to_database()
`;

test('a script that does not come to its end', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1 startup-timeout=2 shutdown-timeout=1'),
    files: { 'site.wsgi': loadsSlowly },
    // The thread is stuck when the process stops: the reaper leaves the stacks in the log.
    allowErrors: [/\[wsgi:error\]/],
  });
  const answer = server.request('/').catch(() => undefined);
  await server.waitForLog(/Application startup timer started for daemon process 'site'\./);
  await server.waitForLog(/Application startup timer expired, stopping daemon process 'site'\./);
  assert.match(server.errorLog(), /executing file ".*site\.wsgi", line 3, in connect_to_database/);
  assert.match(server.errorLog(), /called from file ".*site\.wsgi", line 4, in <module>/);
  server.writeFile('site.wsgi', application('hello'));
  assert.notEqual((await answer)?.status, 200);
  assert.equal((await server.request('/')).text, 'hello\n', 'the next process loads it');
});

test('a script that is loaded in time', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=1 startup-timeout=2'),
    files: { 'site.wsgi': application('hello') },
  });
  assert.equal((await server.request('/')).text, 'hello\n');
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  assert.doesNotMatch(server.errorLog(), /timer expired/);
});

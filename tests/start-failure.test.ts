/** A server whose http child ends before it listens does not claim to have started: status 1, nothing left. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';
import { TemporaryFolder } from './support/temporary-folder.js';

test('an http child that ends before it is ready', async () => {
  using folder = new TemporaryFolder();
  const fault = folder.write('fault.cjs', "if (process.argv[1]?.endsWith('http-child-main.js')) process.exit(7);\n");
  await using server = await TestServer.start({
    config: siteConfig('hello.wsgi', 'threads=1'),
    files: { 'hello.wsgi': application('hello') },
    env: { NODE_OPTIONS: `--require ${fault}` },
    expectStart: false,
    allowErrors: [/http child \(pid=\d+\) has died: terminated by exit code 7/],
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /^stillhouse: http child \(pid=\d+\) terminated by exit code 7 before it was ready$/m);
  assert.doesNotMatch(server.output(), /listening on/);
});

/** A changed .htaccess counts without a reload, and one that is wrong says where. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestServer } from './support/server.js';

const deadlineMs = 10_000;

test('an access file is read again when it has changed', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      DocumentRoot ${folder}/site
      <Directory ${folder}/site>
        Require all granted
        AllowOverride FileInfo
      </Directory>`,
    files: { 'site/page.txt': 'page\n', 'site/inner/page.txt': 'inner\n' },
    allowErrors: [/\.htaccess:2:3: Require is not allowed here: AllowOverride lacks AuthConfig/],
  });
  const answer = async (path: string) => {
    const { headers, status } = await server.request(path);
    return `${status} ${headers['content-type']?.split(';')[0]}`;
  };
  const become = async (path: string, expected: string) => {
    const deadline = Date.now() + deadlineMs;
    while ((await answer(path)) !== expected) {
      assert.ok(Date.now() < deadline, `${path} does not become ${expected}: ${await answer(path)}`);
      await sleep(50);
    }
  };
  assert.equal(await answer('/inner/page.txt'), '200 text/plain');
  server.writeFile('site/inner/.htaccess', 'ForceType text/x-one\n');
  await become('/inner/page.txt', '200 text/x-one');
  assert.equal(await answer('/page.txt'), '200 text/plain', 'a folder above it does not change');

  server.writeFile('site/inner/.htaccess', 'ForceType text/x-two\n  Require all denied\n');
  await become('/inner/page.txt', '500 text/html');
  await server.waitForLog(/\[core:alert\].*site\/inner\/\.htaccess:2:3: Require is not allowed here/);

  server.writeFile('site/inner/.htaccess', 'ForceType text/x-two\n');
  await become('/inner/page.txt', '200 text/x-two');
});

/** interrupt-timeout: a stuck request ends with 504 while its process and its neighbours go on. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const options = 'threads=2 request-timeout=2 interrupt-timeout=5';
const recovered = /Request interrupted by RequestTimeout/;

for (const [how, functionName] of [
  ['sleep', 'sleep_long'],
  ['loop', 'loop_long'],
] as const) {
  test(`a request that is stuck in a ${how}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('stuck.wsgi', options),
      files: { 'stuck.wsgi': application('get-stuck') },
      allowErrors: [recovered],
    });
    const before = (await server.request('/')).text;
    const stuck = server.request(`/?how=${how}`);
    let isStuck = true;
    const watched = stuck.finally(() => {
      isStuck = false;
    });
    let neighbours = 0;
    while (isStuck) {
      const answer = await server.request('/');
      assert.deepEqual([answer.status, answer.text], [200, before]);
      neighbours++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert(neighbours > 0);
    const answer = await watched;
    assert.equal(answer.status, 504);
    assert(answer.durationMs >= 2_000, 'it had its time');
    assert.equal((await server.request('/')).text, before, 'by the same process');

    const log = server.errorLog();
    assert.match(
      log,
      new RegExp(
        `request GET /\\?how=${how} \\(id \\S+\\) has run for \\d+\\.\\d s in request thread \\d \\(tid \\d+\\) of daemon process 'site'`,
      ),
    );
    assert.match(log, /Dumping stack trace for active Python threads of main interpreter of daemon process 'site'\./);
    assert.match(log, new RegExp(`file ".*stuck\\.wsgi", line \\d+, in ${functionName}`));
    assert.match(log, /called from file ".*stuck\.wsgi", line \d+, in application/);
    assert.match(log, /Injected RequestTimeout into thread \d of daemon process 'site'\./);
    assert.match(log, /Request interrupted by RequestTimeout; thread recovered\./);
    assert.doesNotMatch(log, /request time limit exceeded/);
  });
}

test('a request that is stuck in its response', async () => {
  await using server = await TestServer.start({
    config: siteConfig('stuck.wsgi', 'threads=1 request-timeout=1 interrupt-timeout=5'),
    files: { 'stuck.wsgi': application('get-stuck') },
    allowErrors: [recovered],
  });
  const answer = await server.request('/?how=body');
  assert.equal(answer.status, 200);
  assert.equal(answer.complete, false, 'the client sees that something is missing');
  assert.equal((await server.request('/')).text, answer.text, 'by the same process');
  await server.waitForLog(/Request interrupted by RequestTimeout after headers sent; response truncated\./);
});

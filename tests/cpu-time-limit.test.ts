/** cpu-time-limit: a process that has used up its processor time finishes its request and is replaced. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const burning = `import os, time

def application(environ, start_response):
    if environ['PATH_INFO'] == '/burn':
        until = time.process_time() + 1.5
        while time.process_time() < until:
            pass
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [str(os.getpid()).encode()]
`;

test('a request that burns more than the limit', async () => {
  await using server = await TestServer.start({
    config: siteConfig('site.wsgi', 'threads=2 cpu-time-limit=1'),
    files: { 'site.wsgi': burning },
  });
  const before = (await server.request('/')).text;
  const burned = await server.request('/burn');
  assert.deepEqual([burned.status, burned.text], [200, before]);
  await server.waitForLog(/Exceeded CPU time limit; waiting for in-flight requests to complete in process 'site'\./);
  for (let text = before; text === before; text = (await server.request('/')).text) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await server.waitForLog(/Shutdown requested for daemon process 'site'/);
});

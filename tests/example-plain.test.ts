/** examples/plain: the probe in its virtual host. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './support/browser.js';
import { startExample } from './support/example.js';

for (const validated of [false, true]) {
  test(`the probe${validated ? ' under wsgiref.validate' : ''}`, async () => {
    await using example = await startExample('plain', validated);
    const browser = new Browser(example.server);
    const { text } = await browser.get('/probe');
    assert.match(text, /^mod_wsgi\.process_group = 'example\.com'$/m);
    assert.match(text, /^wsgi\.multithread = True$/m);
    assert.match(text, /^wsgi\.multiprocess = True$/m);
    const pids = example.server.daemonPids('example.com');
    assert.equal(pids.length, 2);
    assert(pids.includes(Number(/^pid = (\d+)$/m.exec(text)?.[1])));
    assert.equal((await browser.get('/robots.txt')).status, 200);
    assert.match((await browser.get('/')).text, /<h1>Probe<\/h1>/);
    assert.match((await browser.get('/environ?a=1')).text, /^QUERY_STRING = 'a=1'$/m);
    assert.equal((await browser.get('/x%ff')).status, 404);
    assert.equal((await browser.send('/', { method: 'POST', body: 'x' })).status, 405);
    assert.equal((await browser.send('/environ', { method: 'HEAD' })).body.length, 0);
  });
}

/** A script without the callable: 500, as mod_wsgi answers in daemon mode, and its known log phrase. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

test('a script that has no such callable', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /default ${folder}/site.wsgi
      WSGIScriptAlias /named ${folder}/site.wsgi callable-object=app`,
    files: { 'site.wsgi': application('missing-callable') },
    allowErrors: [/does not contain WSGI application/],
  });
  const { status, text } = await server.request('/default');
  assert.equal(status, 500);
  assert.match(text, /<title>500 Internal Server Error<\/title>/);
  const [line] = await server.waitForLog(/.*does not contain WSGI application 'application'.*/);
  assert(line.includes(`Target WSGI script '${server.paths.folder}/site.wsgi'`), line);
  assert.match(line, new RegExp(`\\[wsgi:error\\] \\[pid ${server.daemonPids('site')[0]}:`));
  assert.equal((await server.request('/named')).status, 200);
});

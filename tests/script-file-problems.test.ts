/** A script that is not there, is a folder, or can't be read: 404, 403, 500, and one line in the log with the reason. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

const cases = [
  { url: '/missing', status: 404, title: 'Not Found', line: /not found or unable to stat: .*\/missing\.wsgi/ },
  {
    url: '/folder/',
    status: 403,
    title: 'Forbidden',
    line: /Attempt to invoke directory as WSGI application: .*\/folder\.wsgi/,
  },
  {
    url: '/unreadable',
    status: 500,
    title: 'Internal Server Error',
    line: /Could not read Python script file '.*\/unreadable\.wsgi' .*Permission denied/,
  },
  { url: '/closed', status: 403, title: 'Forbidden', line: /access to .*\/closed\/\S* denied/ },
];

test('requests for scripts that are missing, folders or unreadable', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=2
      WSGIProcessGroup site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias /missing ${folder}/missing.wsgi
      WSGIScriptAlias /folder ${folder}/folder.wsgi
      WSGIScriptAlias /unreadable ${folder}/unreadable.wsgi
      WSGIScriptAlias /closed ${folder}/closed/hello.wsgi
      WSGIScriptAlias /good ${folder}/hello.wsgi`,
    files: {
      'hello.wsgi': application('hello'),
      'unreadable.wsgi': application('hello'),
      'closed/hello.wsgi': application('hello'),
    },
    allowErrors: cases.map(({ line }) => line),
  });
  const { folder } = server.paths;
  mkdirSync(join(folder, 'folder.wsgi'));
  chmodSync(join(folder, 'unreadable.wsgi'), 0o000);
  chmodSync(join(folder, 'closed'), 0o000);
  const [pid] = server.daemonPids('site');
  for (const { url, status, title, line } of cases) {
    const response = await server.request(url);
    assert.equal(response.status, status, url);
    assert.match(String(response.headers['content-type']), /^text\/html/);
    assert(response.text.includes(`<title>${status} ${title}</title>`), response.text);
    assert(!response.text.includes(folder), 'the client learns no path');
    await server.waitForLog(line);
    const lines = server
      .errorLog()
      .split('\n')
      .filter((one) => /:(?:error|crit|alert)\]/.test(one) && line.test(one));
    assert.equal(lines.length, 1, `one line for ${url}:\n${lines.join('\n')}`);
  }
  // Only root can remove a closed folder.
  chmodSync(join(folder, 'closed'), 0o755);
  assert.equal((await server.request('/good')).text, 'hello\n');
  assert.deepEqual(server.daemonPids('site'), [pid]);
});

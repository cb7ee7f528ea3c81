/** A script that can't be imported: a plain 500, the traceback in the log, and another try with each request. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const cases = [
  {
    name: 'raises on import',
    fixture: 'crash-on-import',
    headline: 'Unable to execute Python script file',
    traceback: /RuntimeError: no application today/,
  },
  {
    name: 'has a syntax error',
    fixture: 'syntax-error',
    headline: 'Could not compile Python script file',
    traceback: /SyntaxError/,
  },
];

for (const { name, fixture, headline, traceback } of cases) {
  test(`a script that ${name}`, async () => {
    await using server = await TestServer.start({
      config: siteConfig('site.wsgi', 'threads=2'),
      files: { 'site.wsgi': application(fixture) },
      allowErrors: [/\[pid \d+:tid \d+\] \[client 127\.0\.0\.1:\d+\]/],
    });
    const [pid] = server.daemonPids('site');
    const script = `${server.paths.folder}/site.wsgi`;
    for (let attempt = 1; attempt <= 2; attempt++) {
      const { status, text, headers } = await server.request('/');
      assert.equal(status, 500);
      assert.match(String(headers['content-type']), /^text\/html/);
      assert.match(text, /<title>500 Internal Server Error<\/title>/);
      assert.doesNotMatch(text, /Traceback|Error:|\.wsgi/, 'the client learns nothing of the inside');
    }
    await server.waitForLog(new RegExp(`(?:${headline}[\\s\\S]*){2}`));
    const lines = server.errorLog().split('\n');
    const headlines = lines.filter((line) => line.includes(`${headline} '${script}'`));
    assert.equal(headlines.length, 2, 'each request has tried');
    for (const line of headlines) {
      assert.match(line, new RegExp(`\\[wsgi:error\\] \\[pid ${pid}:tid \\d+\\] \\[client 127\\.0\\.0\\.1:\\d+\\]`));
      assert.match(line, /main interpreter of daemon process 'site'/);
    }
    assert.equal(lines.filter((line) => traceback.test(line)).length, 2);
    assert.equal(lines.filter((line) => line.includes(`File "${script}", line `)).length, 2);

    server.writeFile('site.wsgi', application('hello'));
    assert.equal((await server.request('/')).text, 'hello\n', 'mended');
    assert.deepEqual(server.daemonPids('site'), [pid], 'in the same process');
  });
}

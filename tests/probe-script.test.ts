/** The probe of the articles: which mode, which group, how many threads and processes an application sees. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { application, TestServer } from './support/server.js';

const cases = [
  { options: 'processes=2 threads=15', multithread: 'True', multiprocess: 'True' },
  { options: 'processes=1 threads=15', multithread: 'True', multiprocess: 'True' },
  { options: 'threads=15', multithread: 'True', multiprocess: 'False' },
  { options: 'processes=2 threads=1', multithread: 'False', multiprocess: 'True' },
];

for (const { options, multithread, multiprocess } of cases) {
  test(`the probe in a group with ${options}`, async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => `
        WSGIDaemonProcess example.com ${options}
        WSGIProcessGroup example.com
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/probe.wsgi`,
      files: { 'probe.wsgi': application('probe') },
    });
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    const lines = text.split('\n');
    assert(lines.includes("mod_wsgi.process_group = 'example.com'"), text);
    assert(lines.includes("mod_wsgi.application_group = ''"), text);
    assert(lines.includes(`wsgi.multithread = ${multithread}`), text);
    assert(lines.includes(`wsgi.multiprocess = ${multiprocess}`), text);
    assert(lines.includes('wsgi.run_once = False'), text);
  });
}

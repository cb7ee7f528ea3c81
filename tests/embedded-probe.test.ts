/** Embedded mode by the probe of the articles: what an application sees of where it runs. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedded } from './support/embedded.js';
import { threadNames } from './support/processes.js';
import { application, TestServer } from './support/server.js';

const cases = [
  { name: 'worker', lines: 'ThreadsPerChild 7', threads: 7, multithread: 'True', multiprocess: 'True' },
  {
    name: 'one thread for each child, as prefork',
    lines: 'ThreadsPerChild 1',
    threads: 1,
    multithread: 'False',
    multiprocess: 'True',
  },
  {
    name: 'no more than one child',
    lines: 'ThreadsPerChild 1\nServerLimit 1',
    threads: 1,
    multithread: 'False',
    multiprocess: 'False',
  },
  {
    name: 'prefork',
    lines: 'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\nMinSpareServers 1\nMaxSpareServers 4',
    threads: 1,
    multithread: 'False',
    multiprocess: 'True',
  },
  { name: 'asked for', lines: 'WSGIProcessGroup %{GLOBAL}', threads: 25, multithread: 'True', multiprocess: 'True' },
];

for (const { name, lines, threads, multithread, multiprocess } of cases) {
  test(`the probe: ${name}`, embedded, async () => {
    await using server = await TestServer.start({
      config: ({ folder }) => `
        StartServers 2
        MinSpareThreads 1
        ${lines}
        WSGIApplicationGroup %{GLOBAL}
        WSGIScriptAlias / ${folder}/probe.wsgi`,
      files: { 'probe.wsgi': application('probe') },
    });
    const { status, text } = await server.request('/');
    assert.equal(status, 200);
    const found = text.split('\n');
    assert(found.includes("mod_wsgi.process_group = ''"), text);
    assert(found.includes("mod_wsgi.application_group = ''"), text);
    assert(found.includes(`wsgi.multithread = ${multithread}`), text);
    assert(found.includes(`wsgi.multiprocess = ${multiprocess}`), text);
    assert(found.includes('wsgi.run_once = False'), text);
    assert.match(server.output(), new RegExp(`http child .*: embedded mode, ${threads} request threads, Python 3\\.`));
    assert.deepEqual(server.daemonPids(), []);
    assert.equal(server.httpChildPids.length, multiprocess === 'True' ? 2 : 1);
    for (const pid of server.httpChildPids) {
      const requestThreads = threadNames(pid).filter((thread) => thread.startsWith('wsgi-request-'));
      assert.equal(requestThreads.length, threads);
    }
  });
}

test('a group that only the request chooses: the first one has Python loaded', embedded, async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess site threads=1
      WSGIProcessGroup %{ENV:GROUP}
      SetEnvIf Request_URI ^/embedded GROUP=%{GLOBAL}
      SetEnvIf Request_URI ^/daemon GROUP=site
      WSGIApplicationGroup %{GLOBAL}
      WSGIScriptAlias / ${folder}/probe.wsgi`,
    files: { 'probe.wsgi': application('probe') },
  });
  const [child = 0] = server.httpChildPids;
  assert.match((await server.request('/daemon')).text, /^mod_wsgi\.process_group = 'site'$/m);
  assert(!threadNames(child).some((name) => name.startsWith('wsgi-')), 'nothing has asked for embedded mode yet');
  const answers = await Promise.all(['/embedded', '/daemon', '/embedded/2'].map((url) => server.request(url)));
  const groups = answers.map(({ text }) => /^mod_wsgi\.process_group = '(.*)'$/m.exec(text)?.[1]);
  assert.deepEqual(groups, ['', 'site', '']);
});

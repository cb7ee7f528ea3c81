/** What is true of requests and processes is true in sub-interpreters, too. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  lifetimeMs,
  loadErrors,
  replaceScript,
  runCommand,
  sendCommand,
  servingPids,
  stackLines,
  waitForProblem,
} from './support/control.js';
import { startedRequests, waitForRequestStart } from './support/notes.js';
import { waitFor } from './support/processes.js';
import { application, TestServer, type TestServerOptions } from './support/server.js';
import { notesConfig, versionScript } from './support/site.js';

function start(
  script: string,
  options: string,
  lines = '',
  more: Partial<TestServerOptions> = {},
): Promise<TestServer> {
  return TestServer.start({
    config: (paths) => `
ServerName www.example.com
WSGIDaemonProcess site ${options}
WSGIProcessGroup site
WSGIScriptAlias /app ${paths.folder}/site.wsgi
WSGIScriptAlias /other ${paths.folder}/site.wsgi application-group=other
${notesConfig(paths)}
${lines.replaceAll('FOLDER', paths.folder)}
`,
    files: { 'site.wsgi': script },
    ...more,
  });
}

const moment = 'import time\n\n\ndef application(environ, start_response):\n    time.sleep(60)\n';

describe('a sub-interpreter', () => {
  it('has its process replaced when its script is touched, and no request is lost', async () => {
    await using server = await start(versionScript('first'), 'threads=2 processes=2');
    assert.match((await server.request('/app')).text, /first/);
    assert.match((await server.request('/other')).text, /first/);
    const before = await servingPids(server);
    replaceScript(server, 'site.wsgi', versionScript('second'));
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(['/app', '/other'].map((path) => server.request(path)));
      for (const { status, text } of answers) {
        assert.equal(status, 200);
        // The one that noticed the change waited for the new code.
        if (round > 0) assert.match(text, /second/);
      }
    }
    await waitFor('both to be replaced', async () => {
      const pids = await servingPids(server);
      return pids.length === 2 && pids.every((pid) => !before.includes(pid));
    });
    assert.match(
      server.errorLog(),
      /Loading WSGI script '.*site\.wsgi' into sub interpreter 'www\.example\.com:\d+\|\/app'/,
    );
  });

  it('goes on where its new code can not be loaded, and takes what is mended', async () => {
    await using server = await start(versionScript('first'), 'threads=2', '', {
      allowErrors: [...loadErrors, /could not be started/],
    });
    for (const path of ['/app', '/other']) assert.match((await server.request(path)).text, /first/);
    const before = await servingPids(server);
    replaceScript(server, 'site.wsgi', 'import no_such_module\n');
    assert.match((await server.request('/other')).text, /first/);
    await waitForProblem(server);
    for (const path of ['/app', '/other']) assert.match((await server.request(path)).text, /first/);
    assert.deepEqual(await servingPids(server), before);
    replaceScript(server, 'site.wsgi', versionScript('third'));
    await waitFor('the new code', async () => /third/.test((await server.request('/app')).text));
    assert.match((await server.request('/other')).text, /third/);
  });

  it('is ended with its process where it is stuck', async () => {
    const stuck = `import ctypes\n\n\ndef application(environ, start_response):\n    ctypes.PyDLL(None).sleep(600)\n`;
    await using server = await start(stuck, 'threads=2 deadlock-timeout=2', '', {
      allowErrors: [
        stackLines,
        /Daemon process deadlock timer expired.* it was running GET \/app/,
        /ended while it ran 1 requests/,
        /closed connection before sending complete response headers/,
      ],
    });
    const [pid] = await servingPids(server);
    const answer = server.request('/app');
    await lifetimeMs(pid ?? 0, 15_000);
    assert.equal((await answer).status, 502);
  });

  it('interrupts a request that takes too long', async () => {
    await using server = await start(moment, 'threads=2 request-timeout=1 interrupt-timeout=5', '', {
      allowErrors: [/RequestTimeout/],
    });
    assert.equal((await server.request('/app')).status, 504);
    await server.waitForLog(/Injected RequestTimeout into thread \d of daemon process 'site'/);
    await server.waitForLog(
      /Dumping stack trace for active Python threads of sub interpreter 'www\.example\.com:\d+\|\/app' of daemon process 'site'/,
    );
    assert.match(server.errorLog(), /Thread \d+ executing file ".*", line 5, in application|in application/);
  });

  it('has its process replaced for a request that never ends', async () => {
    await using server = await start(moment, 'threads=2 request-timeout=1 graceful-timeout=1');
    const [pid] = await servingPids(server);
    assert.ok(pid !== undefined);
    const answer = server.request('/app');
    assert.equal((await answer).status, 504);
    await lifetimeMs(pid, 15_000);
  });

  it('is seen by ps and its stacks, with what it runs', async () => {
    await using server = await start(application('sleep'), 'threads=2');
    assert.equal((await server.request('/app')).status, 200);
    const slow = server.request('/app?seconds=3');
    await waitForRequestStart(server, 'seconds=3');
    const shown = await runCommand(server, 'ps', '--stacks');
    assert.match(shown.stdout, /request \d .* in 'www\.example\.com:\d+\|\/app' {2}GET \/app\?seconds=3/);
    assert.match(shown.stdout, /site\.wsgi:\d+ in application: time\.sleep/);
    assert.match(shown.stdout, /group +\d+ +main thread of a sub-interpreter/);
    const { processes } = (await sendCommand(server, { command: 'stacks' })) as {
      processes: { threads: { name: string }[] }[];
    };
    const names = processes.flatMap(({ threads }) => threads.map(({ name }) => name)).sort();
    for (const name of ['wsgi-group', 'wsgi-main', 'wsgi-monitor', 'wsgi-request-1', 'wsgi-request-2']) {
      assert.ok(names.includes(name), `${name}: ${names}`);
    }
    assert.equal((await slow).status, 200);
  });

  it('takes the requests that have started with it when its process dies, and no others', async () => {
    await using server = await start(application('sleep'), 'threads=2', 'StartServers 1', {
      allowErrors: [/has died; deregistering/, /ended while it ran 1 requests/, /closed connection before sending/],
    });
    assert.equal((await server.request('/app')).status, 200);
    const running = ['/app?seconds=20', '/other?seconds=20'].map((path) => server.request(path));
    await waitFor('two requests', () => startedRequests(server).length === 2);
    const waiting = server.request('/app?seconds=0');
    const [pid] = await servingPids(server);
    process.kill(pid ?? 0, 'SIGKILL');
    assert.deepEqual(
      (await Promise.all(running)).map(({ status }) => status),
      [502, 502],
    );
    assert.equal((await waiting).status, 200);
  });

  it('is there with its scripts before the process serves, where a line says so', async () => {
    await using server = await start(
      application('hello'),
      'threads=2',
      'WSGIImportScript FOLDER/imported.py process-group=site application-group=imported',
      {
        allowErrors: [/imported \['mod_wsgi'\]/],
        files: { 'site.wsgi': application('hello'), 'imported.py': 'import sys\nprint("imported", sys.argv)\n' },
      },
    );
    assert.match(
      server.errorLog(),
      /Loading WSGI script '.*imported\.py' into sub interpreter 'imported' of daemon process 'site'/,
    );
    assert.match(server.errorLog(), /imported \['mod_wsgi'\]/);
    assert.match(server.errorLog(), /Created sub-interpreter 'imported' in daemon process 'site'/);
    assert.doesNotMatch(server.errorLog(), /sub interpreter 'www/);
  });

  it('counts for the inactivity of its process', async () => {
    await using server = await start(application('sleep'), 'threads=2 inactivity-timeout=2');
    const [pid] = await servingPids(server);
    assert.equal((await server.request('/app?seconds=3')).status, 200);
    assert.deepEqual(await servingPids(server), [pid]);
    assert.ok((await lifetimeMs(pid ?? 0, 15_000)) > 1_000);
    await server.waitForLog(/Daemon process idle inactivity timer expired, stopping process 'site'/);
  });

  it('says what helps where a module does not work in it', async () => {
    const failing = 'raise ImportError("module _some does not support loading in subinterpreters")\n';
    await using server = await start(
      failing,
      'threads=1',
      'WSGIScriptAlias /main FOLDER/site.wsgi application-group=%{GLOBAL}',
      {
        allowErrors: [
          /does not support loading in subinterpreters|Unable to execute|Traceback|site\.wsgi|raise ImportError/,
        ],
      },
    );
    assert.equal((await server.request('/main')).status, 500);
    assert.doesNotMatch(server.errorLog(), /WSGIApplicationGroup %\{GLOBAL\}/);
    assert.equal((await server.request('/app')).status, 500);
    await server.waitForLog(
      /does not work in a sub-interpreter: run the script in the main one, with 'WSGIApplicationGroup %\{GLOBAL\}'/,
    );
  });

  it('keeps nobody waiting while it is made, and loses nothing when the process goes meanwhile', async () => {
    const slow = `import time\nimport mod_wsgi\nif mod_wsgi.application_group == "other":\n    time.sleep(2)\n\n\n${application('hello')}`;
    await using server = await start(slow, 'threads=3');
    const [pid] = await servingPids(server);
    const other = server.request('/other');
    assert.ok((await server.request('/app')).headersMs < 1_900);
    process.kill(pid ?? 0, 'SIGUSR1');
    assert.equal((await other).status, 200);
    assert.equal((await server.request('/other')).status, 200);
  });
});

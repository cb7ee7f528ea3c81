/** Service scripts: a group with threads=0 runs its import script for as long as that lasts, and serves nothing. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { isAlive, waitFor } from './support/processes.js';
import { application, TestServer } from './support/server.js';

/** Apache gives them three seconds; a stop of ours has little more to do. */
const stopMsLimit = 4_000;

/** Notes its start, waits for work, and notes how it ends. */
const service = `import atexit, os, signal, sys, threading, time

FOLDER = os.environ.get('NOTES') or os.path.dirname(__file__) + '/writable'

def note(text):
    with open(FOLDER + '/notes', 'a') as file:
        file.write(f'{text} {os.getpid()}\\n')

assert threading.current_thread() is threading.main_thread()
assert signal.getsignal(signal.SIGTERM) not in (signal.SIG_DFL, signal.SIG_IGN)
signal.signal(signal.SIGUSR1, lambda *_: note('SIGUSR1'))
atexit.register(note, 'atexit')
note('begun')
try:
    while not os.path.exists(FOLDER + '/return'):
        time.sleep(0.05)
    os.unlink(FOLDER + '/return')
    note('returned')
except SystemExit:
    note('SystemExit')
    raise
`;

function config(folder: string): string {
  return `
    WSGIDaemonProcess jobs threads=0 display-name=%{GROUP}
    WSGIImportScript ${folder}/service.py process-group=jobs application-group=%{GLOBAL}
    WSGIDaemonProcess site threads=1
    WSGIApplicationGroup %{GLOBAL}
    WSGIScriptAlias /jobs ${folder}/hello.wsgi process-group=jobs
    WSGIScriptAlias / ${folder}/hello.wsgi process-group=site`;
}

test('a service from start to stop', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'service.py': service, 'hello.wsgi': application('hello') },
    allowErrors: [/daemon process group 'jobs' has no request threads \(threads=0\)/],
  });
  const file = join(server.paths.writable, 'notes');
  const notes = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  const waitForNote = (text: string): Promise<unknown> =>
    waitFor(`the note '${text}'`, () => notes().includes(text) || undefined);

  const [first] = server.daemonPids('jobs');
  assert(first !== undefined);
  await waitForNote(`begun ${first}`);
  process.kill(first, 'SIGUSR1');
  await waitForNote(`SIGUSR1 ${first}`);

  assert.equal((await server.request('/')).text, 'hello\n');
  const refused = await server.request('/jobs');
  assert.equal(refused.status, 503);
  await server.waitForLog(/daemon process group 'jobs' has no request threads/);

  // It returns: another one takes its place at once.
  server.writeFile('writable/return', '');
  await waitForNote(`returned ${first}`);
  await waitForNote(`atexit ${first}`);
  await server.waitForLog(
    /Process 'jobs' \(pid=\d+\) has died; deregistering and restarting it: .* exit code 0 \(service_ended\)/,
  );
  const second = await waitFor('another process', () => server.daemonPids('jobs').find((pid) => pid !== first));
  await waitForNote(`begun ${second}`);

  // It is told to end: SystemExit, and no error of that.
  process.kill(second, 'SIGTERM');
  await waitForNote(`SystemExit ${second}`);
  await waitForNote(`atexit ${second}`);
  const third = await waitFor('a third process', () =>
    server.daemonPids('jobs').find((pid) => pid !== second && isAlive(pid)),
  );
  await waitForNote(`begun ${third}`);

  const { durationMs, exitStatus } = await server.stop();
  assert.equal(exitStatus, 0);
  assert(durationMs < stopMsLimit, `it took ${durationMs} ms to stop`);
  assert(notes().includes(`SystemExit ${third}`));
  assert.doesNotMatch(server.errorLog(), /SystemExit/);
});

test('a service that does not listen to SIGTERM is killed with the server', async () => {
  const deaf = `import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('deaf')
while True: time.sleep(60)
`;
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'service.py': deaf, 'hello.wsgi': application('hello') },
    allowErrors: [/wsgi:error\] .*deaf/, /process 'jobs' \(pid=\d+\) did not stop in time/],
  });
  await server.waitForLog(/deaf/);
  const { durationMs } = await server.stop();
  assert(durationMs < stopMsLimit, `it took ${durationMs} ms to stop`);
});

test('a service ends with its parent', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'service.py': service, 'hello.wsgi': application('hello') },
    allowErrors: [/parent process has gone/],
  });
  const [pid] = server.daemonPids('jobs');
  assert(pid !== undefined);
  await server.stop('SIGKILL');
  await waitFor('the end of the service', () => !isAlive(pid) || undefined);
  assert.match(server.errorLog(), /parent process has gone; daemon process 'jobs' stops/);
});

test('a service that fails is started again, later and later', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => config(folder),
    files: { 'service.py': '1 / 0\n', 'hello.wsgi': application('hello') },
    allowErrors: [
      /Unable to execute Python script file|ZeroDivisionError|Traceback|File ".*service\.py"|1 \/ 0|~~/,
      /Process 'jobs' .* has died/,
    ],
  });
  await server.waitForLog(/ZeroDivisionError/);
  await server.waitForLog(/Process 'jobs' \(pid=\d+\) has died; deregistering and restarting it in \d+ s/);
  assert.equal((await server.request('/')).status, 200);
});

test('check tells what can not work', async () => {
  await using server = await TestServer.start({
    config: ({ folder }) => `
      WSGIDaemonProcess jobs threads=0
      WSGIScriptAlias / ${folder}/hello.wsgi process-group=jobs application-group=%{GLOBAL}
      Listen nowhere`,
    files: { 'hello.wsgi': application('hello') },
    expectStart: false,
  });
  const { stdout, stderr } = await runStillhouse(['check', '-f', `${server.paths.folder}/httpd.conf`]);
  const says = stdout + stderr;
  assert.match(says, /warning: daemon process group 'jobs' has threads=0 and no WSGIImportScript/);
  assert.match(says, /warning: daemon process group 'jobs' has threads=0 and serves no requests; .* 503/);
});

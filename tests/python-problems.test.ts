/** An interpreter that can't run the daemon processes ends the start: status 1, the fix, and no second attempt. */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isRoot } from './support/accounts.js';
import { application, type TestPaths, TestServer } from './support/server.js';
import { siteConfig } from './support/site.js';

const giveUpMsLimit = 5_000;

/** A script at python-home/bin/python that notes each of its runs. */
function writePython(server: Pick<TestPaths, 'folder' | 'writable'>, body: string, mode = 0o755): void {
  const path = join(server.folder, 'home/bin/python');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho run >> ${server.writable}/runs\n${body}\n`);
  chmodSync(path, mode);
}

function countRuns({ writable }: TestPaths): number {
  const path = join(writable, 'runs');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

const cases: readonly { name: string; prepare: (paths: TestPaths) => void; says: readonly RegExp[]; runs: number }[] = [
  {
    name: 'not found',
    prepare: () => {},
    says: [/no Python at '.*\/home\/bin\/python'/, /install it .*apt-get install python3.* python-home/],
    runs: 0,
  },
  {
    name: 'too old',
    prepare: (paths) => writePython(paths, `echo '["/opt/python3.6", [3, 6, 9], "cpython"]'`),
    says: [/'.*\/home\/bin\/python' is Python 3\.6\.9; at least 3\.9 is needed/, /python-home/],
    runs: 1,
  },
  {
    name: 'no CPython',
    prepare: (paths) => writePython(paths, `echo '["/opt/pypy", [3, 10, 1], "pypy"]'`),
    says: [/is pypy; .*CPython only/],
    runs: 1,
  },
  {
    name: 'not executable',
    prepare: (paths) => writePython(paths, 'exit 0', 0o644),
    says: [/'.*\/home\/bin\/python' can't be executed/, /python-home/],
    runs: 0,
  },
  {
    name: "closed to the group's user",
    prepare: (paths) => {
      writePython(paths, 'exit 0');
      // As root the processes run as www-data, for whom root's folders are closed.
      chmodSync(join(paths.folder, 'home'), isRoot ? 0o700 : 0o000);
    },
    says: [isRoot ? /can't be executed as user '[\w-]+': let this user through to it/ : /can't be executed/],
    runs: 0,
  },
  {
    name: 'broken',
    prepare: (paths) => writePython(paths, `echo "ModuleNotFoundError: No module named 'encodings'" >&2; exit 1`),
    says: [/does not run.*No module named 'encodings'/],
    runs: 1,
  },
  {
    name: 'silent',
    prepare: (paths) => writePython(paths, 'exit 0'),
    says: [/'.*\/home\/bin\/python'/],
    runs: 1,
  },
];

for (const { name, prepare, says, runs } of cases) {
  test(`a Python that is ${name}`, async () => {
    await using server = await TestServer.start({
      config: (paths) => {
        prepare(paths);
        return siteConfig('hello.wsgi', `processes=3 python-home=${paths.folder}/home`)(paths);
      },
      files: { 'hello.wsgi': application('hello') },
      expectStart: false,
    });
    const output = server.output();
    assert.equal(server.ended?.exitStatus, 1, output);
    assert(server.ended.durationMs < giveUpMsLimit);
    assert.match(output, /^stillhouse: daemon process group 'site': /m);
    assert.doesNotMatch(output, /^ +at /m, 'no stack trace');
    for (const pattern of says) assert.match(output, pattern);
    assert.equal(countRuns(server.paths), runs, 'tried once for all processes');
    if (existsSync(join(server.paths.folder, 'home'))) chmodSync(join(server.paths.folder, 'home'), 0o755);
  });
}

test('a Python that vanishes while the server runs is tried again until it is back', async () => {
  const python = process.env.STILLHOUSE_TEST_PYTHON ?? '/usr/bin/python3';
  let link = '';
  await using server = await TestServer.start({
    config: (paths) => {
      mkdirSync(join(paths.folder, 'home/bin'), { recursive: true });
      link = join(paths.folder, 'home/bin/python');
      symlinkSync(python, link);
      return siteConfig('hello.wsgi', `python-home=${paths.folder}/home`)(paths);
    },
    files: { 'hello.wsgi': application('hello') },
    allowErrors: [/Process 'site' \(pid=\d+\) has died/, /process 'site' can't start: can't run/],
  });
  const [pid] = server.daemonPids('site');
  assert(pid !== undefined);
  rmSync(link);
  process.kill(pid, 'SIGKILL');
  await server.waitForLog(
    /\[wsgi:alert\] .* process 'site' can't start: can't run '.*': ENOENT; restarting it in \d+ s/,
  );
  const waiting = server.request('/');
  symlinkSync(python, link);
  assert.equal((await waiting).status, 200, 'a request waits for it');
});

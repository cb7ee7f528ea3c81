/** Options of WSGIDaemonProcess about the interpreter: lang, locale, python-*, switch-interval, stack-size. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { reportFiles, reportGroups, reportOf } from './support/process-report.js';
import { commandLine } from './support/processes.js';
import { TestServer } from './support/server.js';

test('lang and locale', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, {
        inherited: 'threads=2',
        set: 'lang=C.UTF-8 locale=C.UTF-8 threads=2',
        plain: 'locale=POSIX threads=2',
        unknown: 'locale=xx_YY.UTF-8 threads=2',
      }),
    files: reportFiles,
    env: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', PYTHONCOERCECLOCALE: '0', PYTHONUTF8: '0' },
  });
  const inherited = await reportOf(server, '/inherited');
  assert.deepEqual([inherited.environ.LANG, inherited.environ.LC_ALL], ['C.UTF-8', 'C.UTF-8']);
  const set = await reportOf(server, '/set');
  assert.deepEqual([set.environ.LANG, set.environ.LC_ALL, set.locale], ['C.UTF-8', 'C.UTF-8', 'C.UTF-8']);
  assert.equal(set.fileNames, 'utf-8');
  const plain = await reportOf(server, '/plain');
  assert.deepEqual([plain.environ.LANG, plain.environ.LC_ALL, plain.locale], ['C.UTF-8', 'POSIX', 'C']);
  assert.notEqual(plain.fileNames, 'utf-8', 'the interpreter itself was started with it');
  const unknown = await reportOf(server, '/unknown');
  assert.equal(unknown.environ.LC_ALL, 'xx_YY.UTF-8');
  assert.match(
    server.errorLog(),
    /:warn\].* Unable to set locale 'xx_YY\.UTF-8' for daemon process 'unknown'.*'C\.UTF-8' is always there/,
  );
  assert.equal(server.errorLog().match(/Unable to set locale/g)?.length, 1);
});

test('python-home, python-path and python-eggs', async () => {
  await using server = await TestServer.start({
    config: (paths) => {
      const made = spawnSync('/usr/bin/python3', ['-m', 'venv', '--without-pip', `${paths.folder}/venv`], {
        encoding: 'utf8',
      });
      assert.equal(made.status, 0, made.stderr);
      return reportGroups(paths, {
        system: 'threads=2',
        own:
          `python-home=${paths.folder}/venv python-path=${paths.folder}/first:${paths.folder}/second ` +
          `python-eggs=${paths.folder}/eggs home=${paths.folder} threads=2`,
        missing: `python-path=${paths.folder}/none threads=2`,
      });
    },
    files: {
      ...reportFiles,
      'first/more.pth': '../third\n',
      'second/module.py': '',
      'third/module.py': '',
    },
  });
  const { folder } = server.paths;
  const system = await reportOf(server, '/system');
  assert.equal(system.prefix, '/usr');
  assert.equal(system.environ.PYTHON_EGG_CACHE, undefined);
  const own = await reportOf(server, '/own');
  assert.equal(own.prefix, `${folder}/venv`);
  assert.equal(own.environ.PYTHON_EGG_CACHE, `${folder}/eggs`);
  assert.deepEqual(
    own.path.slice(0, 4),
    [folder, `${folder}/first`, `${folder}/third`, `${folder}/second`],
    'home, then python-path in its order with what its .pth files add, before everything else',
  );
  assert.deepEqual(
    own.path.filter((entry) => entry.includes('/stillhouse')),
    own.path.filter((entry) => entry.startsWith(folder)),
    'nothing of ours, the folder of the test apart',
  );
  await reportOf(server, '/missing');
  assert.match(
    server.errorLog(),
    /:warn\].* daemon process 'missing': python-path has '.*\/none', which can't be found/,
  );
});

test('switch-interval and stack-size', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, { plain: 'threads=2', set: 'switch-interval=0.02 stack-size=1048576 threads=2' }),
    files: reportFiles,
  });
  const plain = await reportOf(server, '/plain');
  assert.equal(plain.switchInterval, 0.005);
  assert(plain.stackBytes > 2_000_000, `the system's: ${plain.stackBytes}`);
  const set = await reportOf(server, '/set');
  assert.equal(set.switchInterval, 0.02);
  assert.equal(set.stackBytes, 1_048_576);
});

test('processes, threads and display-name', async () => {
  await using server = await TestServer.start({
    config: (paths) =>
      reportGroups(paths, {
        plain: '',
        given: 'processes=1 threads=1 display-name=%{GROUP}',
        two: 'processes=2 threads=3 display-name=our-name',
      }),
    files: reportFiles,
  });
  const plain = await reportOf(server, '/plain');
  assert.deepEqual([plain.multiprocess, plain.multithread, plain.runOnce], [false, true, false]);
  assert.equal(server.daemonPids('plain').length, 1);
  assert.match(commandLine(plain.pid), /python.* .*\/python\/stillhouse$/);
  const given = await reportOf(server, '/given');
  assert.deepEqual([given.multiprocess, given.multithread], [true, false], 'processes=1 is given');
  const two = await reportOf(server, '/two');
  assert.deepEqual([two.multiprocess, two.multithread], [true, true]);
  assert.equal(server.daemonPids('two').length, 2);
  const pids = [given.pid, ...server.daemonPids('two')];
  const ps = spawnSync('ps', ['-o', 'args=', '-p', pids.join(',')], { encoding: 'utf8' });
  assert.deepEqual(ps.stdout.trim().split(/\s*\n/).sort(), ['(wsgi:given)', 'our-name', 'our-name']);
});

test('a stack that is too small for Python', async () => {
  await using server = await TestServer.start({
    config: 'WSGIDaemonProcess site stack-size=32767',
    expectStart: false,
  });
  assert.equal(server.ended?.exitStatus, 1);
  assert.match(server.output(), /httpd\.conf:5:\d+.*invalid stack size for WSGI daemon process.*at least 32768/s);
});

/** What `check` prints and how it ends: in the order of the lines, as JSON, with warnings that count and without any. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

function write(folder: TemporaryFolder): string {
  folder.write('part.conf', '\nWSGIProcessGroup nowhere\n');
  return folder.write(
    'httpd.conf',
    `WSGIDaemonProcess first
Include part.conf
WSGIDaemonProcess last
`,
  );
}

test('messages come in the order of the lines, those of included files at the Include line', async () => {
  using folder = new TemporaryFolder();
  const { exitStatus, stdout, stderr } = await runStillhouse(['check', '-f', write(folder)]);
  assert.equal(exitStatus, 1);
  assert.equal(stdout, '');
  const places = [...stderr.matchAll(/^\S*?(\w+\.conf:\d+):\d+: (\w+):/gm)].map(([, place, severity]) => [
    place,
    severity,
  ]);
  assert.deepEqual(places, [
    ['httpd.conf:1', 'warning'],
    ['part.conf:2', 'error'],
    ['httpd.conf:3', 'warning'],
  ]);
  assert.match(stderr, /httpd\.conf: 1 error \(the server would start, and its requests fail\)\n$/);
});

test('--json', async () => {
  using folder = new TemporaryFolder();
  const config = write(folder);
  const { exitStatus, stdout, stderr } = await runStillhouse(['check', '-f', config, '--json']);
  assert.deepEqual([exitStatus, stderr], [1, '']);
  const findings = JSON.parse(stdout);
  assert.equal(findings.length, 3);
  const { message, ...rest } = findings[1];
  assert.match(message, /^WSGI process group not yet configured/);
  assert.deepEqual(rest, {
    severity: 'error',
    tolerated: true,
    file: folder.file('part.conf'),
    line: 2,
    column: 1,
    includedFrom: [{ file: config, line: 2, column: 1 }],
    directive: 'WSGIProcessGroup',
  });
  const quiet = await runStillhouse(['check', '-f', config, '--json', '--quiet']);
  assert.equal(JSON.parse(quiet.stdout).length, 1);
  const empty = await runStillhouse(['check', '-f', folder.write('empty.conf', ''), '--json']);
  assert.deepEqual([empty.exitStatus, JSON.parse(empty.stdout)], [0, []]);
});

test('--strict and --quiet', async () => {
  using folder = new TemporaryFolder();
  const config = folder.write('httpd.conf', 'WSGIDaemonProcess idle\n');
  const run = async (...flags: string[]) => {
    const { exitStatus, stdout, stderr } = await runStillhouse(['check', '-f', config, ...flags]);
    return { exitStatus, stdout, hasWarning: /: warning: nothing runs in/.test(stderr), stderr };
  };
  const plain = await run();
  assert.deepEqual([plain.exitStatus, plain.stdout, plain.hasWarning], [0, 'Syntax OK\n', true]);
  const quiet = await run('--quiet');
  assert.deepEqual([quiet.exitStatus, quiet.stdout, quiet.stderr], [0, 'Syntax OK\n', '']);
  const strict = await run('--strict');
  assert.deepEqual([strict.exitStatus, strict.stdout, strict.hasWarning], [1, '', true]);
  assert.match(strict.stderr, /httpd\.conf: 1 warning, counted as an error\n$/);
  assert.deepEqual((await run('--strict', '--quiet')).hasWarning, true, 'it is an error then');
});

/** `check` and `run` report every mistake of a file with its position, not only the first. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStillhouse } from './support/command.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const config = `Listen 127.0.0.1:0
WSGIDeamonProcess one
WSGIDaemonProcess two threads=none
<Directory /srv>
    Listen 8000
</Directory>
  ServerName
Include part.conf
`;
const expected = [
  /^(.*)httpd\.conf:2:1: error: directive 'WSGIDeamonProcess' is unknown; did you mean WSGIDaemonProcess\?$/m,
  /^(.*)httpd\.conf:3:31: error: .*'none'$/m,
  /^(.*)httpd\.conf:5:5: error: Listen may not stand in <Directory>/m,
  /^(.*)httpd\.conf:7:3: error: ServerName takes 1 argument, not 0/m,
  // With the chain of files that led there.
  /^(.*)part\.conf:2:1: error: .*<VirtualHost>.*$/m,
];

for (const command of ['check', 'run'] as const) {
  test(`${command} with five mistakes`, async () => {
    using folder = new TemporaryFolder();
    folder.write('httpd.conf', config);
    folder.write('part.conf', '# one more\n<VirtualHost *:80>\nServerName a.example\n');
    const { exitStatus, stdout, stderr, durationMs } = await runStillhouse([command, '-f', folder.file('httpd.conf')]);
    const output = stdout + stderr;
    assert.equal(exitStatus, 1, output);
    assert(durationMs < 5_000);
    for (const pattern of expected) assert.match(output, pattern);
    assert.equal(output.match(/: error: /g)?.length, expected.length, output);
    assert.match(output, /part\.conf.*[\s\S]*(?:included|Include).*httpd\.conf:8/);
    if (command === 'check') assert.match(output, /5 errors/);
    assert.doesNotMatch(output, /listening on/);
  });
}

test('a configuration without mistakes', async () => {
  using folder = new TemporaryFolder();
  folder.write('httpd.conf', 'Listen 127.0.0.1:0\n');
  const { exitStatus } = await runStillhouse(['check', '-f', folder.file('httpd.conf')]);
  assert.equal(exitStatus, 0);
});

test('a configuration that is not there', async () => {
  using folder = new TemporaryFolder();
  const { exitStatus, stderr } = await runStillhouse(['check', '-f', folder.file('none.conf')]);
  assert.equal(exitStatus, 1);
  assert.match(stderr, /there is no configuration at '.*none\.conf': name one with -f/);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig, replayConfig } from './config-source.js';
import { serverSettings } from './core-server-directives.js';

const show = (value: unknown): string => inspect(value, { depth: 30, maxArrayLength: null });

describe('loadConfig', () => {
  let root = '';
  const write = (name: string, text: string | Buffer): string => {
    const path = join(root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stillhouse-config-'));
    process.env.STILLHOUSE_TEST_NAME = 'from-environment.example';
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
    delete process.env.STILLHOUSE_TEST_NAME;
  });

  it('takes a snapshot from which another process resolves the same, when the files are gone', () => {
    write('sites/b.conf', '<VirtualHost *:80>\nServerName b.example\nInclude more/*.inc\n</VirtualHost>\n');
    write('sites/a.conf', '<VirtualHost *:80>\nServerName a.example\nDefine inside 1\n</VirtualHost>\n');
    write('sites/ignored.txt', 'nonsense');
    write('more/x.inc', 'ServerAlias x.example\n');
    write('tree/sub/deep.conf', 'ServerAdmin deep@example\n');
    write('there', '');
    const file = write(
      'httpd.conf',
      [
        `ServerName \${STILLHOUSE_TEST_NAME}`,
        'Include sites/*.conf',
        'IncludeOptional none/*.conf',
        'Include tree',
        `<IfFile "${root}/there">`,
        `DocumentRoot "${root}"`,
        '</IfFile>',
        `<IfFile "${root}/absent">`,
        'Nonsense',
        '</IfFile>',
        '<IfDefine asked>',
        `ServerAdmin \${asked}`,
        '</IfDefine>',
      ].join('\n'),
    );
    const loaded = loadConfig({ file, serverRoot: root, defines: [['asked', 'asked@example']] });
    assert.deepEqual(loaded.problems, []);
    assert.equal(loaded.config.servers.length, 3);
    assert.equal(loaded.config.main.settings.find(serverSettings.serverName)?.host, 'from-environment.example');
    assert.equal(loaded.config.main.settings.find(serverSettings.serverAdmin), 'asked@example');
    // It goes to the http children as JSON.
    const snapshot = JSON.parse(JSON.stringify(loaded.snapshot));
    assert.deepEqual(snapshot, loaded.snapshot);
    rmSync(root, { recursive: true });
    process.env.STILLHOUSE_TEST_NAME = 'other.example';
    assert.equal(show(replayConfig(snapshot)), show(loaded.config));
  });

  it('takes a text in the place of a file that is not there', () => {
    const loaded = loadConfig({ file: '<stillhouse serve>', serverRoot: root, text: 'ServerName made.example\n' });
    assert.deepEqual(loaded.problems, []);
    assert.equal(replayConfig(loaded.snapshot).main.settings.find(serverSettings.serverName)?.host, 'made.example');
  });

  it('reads a file that is no UTF-8 byte by byte', () => {
    const file = write('httpd.conf', Buffer.from('ServerAdmin m\xfcller@example\n', 'latin1'));
    const loaded = loadConfig({ file, serverRoot: root });
    assert.equal(loaded.config.main.settings.find(serverSettings.serverAdmin), 'müller@example');
    assert.equal(show(replayConfig(loaded.snapshot)), show(loaded.config));
  });

  it('reports what it can not read, and goes on', () => {
    const file = write('httpd.conf', 'Include nowhere.conf\nServerName still.read\n');
    const loaded = loadConfig({ file, serverRoot: root });
    assert.equal(loaded.problems.length, 1);
    assert.equal(loaded.config.main.settings.find(serverSettings.serverName)?.host, 'still.read');
    const missing = loadConfig({ file: join(root, 'absent.conf'), serverRoot: root });
    assert.ok(missing.problems.length > 0);
  });

  it('does not wait for a pipe that is included, and reads /dev/null', () => {
    execFileSync('mkfifo', [join(root, 'pipe.conf')]);
    const file = write(
      'httpd.conf',
      'Include pipe.conf\nIncludeOptional /dev/zero\nInclude /dev/null\nServerName a.example\n',
    );
    const loaded = loadConfig({ file, serverRoot: root });
    assert.deepEqual(
      loaded.problems.map(({ severity, message }) => `${severity}: ${message}`),
      [
        `error: cannot open '${join(root, 'pipe.conf')}': it is not a file`,
        "warning: cannot open '/dev/zero': it is not a file",
      ],
    );
    assert.equal(loaded.config.main.settings.find(serverSettings.serverName)?.host, 'a.example');
  });

  it('knows no variables but those of the environment', () => {
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      const file = write('httpd.conf', `ServerAdmin "\${${name}}"\n`);
      const loaded = loadConfig({ file, serverRoot: root });
      assert.equal(loaded.config.main.settings.find(serverSettings.serverAdmin), `\${${name}}`);
      assert.equal(show(replayConfig(JSON.parse(JSON.stringify(loaded.snapshot)))), show(loaded.config));
    }
  });
});

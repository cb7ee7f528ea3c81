import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serverSettings } from '../server/core-server-directives.js';
import { loadFromFlags } from './config-flags.js';
import { hasErrors } from './problems.js';

describe('loadFromFlags', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillhouse-flags-'));
    writeFileSync(
      join(folder, 'httpd.conf'),
      `<IfDefine NAME>\nServerAdmin "\${NAME}"\n</IfDefine>\nDocumentRoot docs\n`,
    );
    writeFileSync(join(folder, 'bad.conf'), 'WSGIProcessGroup missing\nNonsense\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('defines names, with values that may hold equals signs', () => {
    const config = join(folder, 'httpd.conf');
    const adminOf = (define: readonly string[]) =>
      loadFromFlags({ config, define }).config.main.settings.find(serverSettings.serverAdmin);
    assert.deepEqual([adminOf([]), adminOf(['NAME=a=b']), adminOf(['OTHER', 'NAME=x'])], [undefined, 'a=b', 'x']);
  });

  it('takes the folder of the file as ServerRoot where none is given', () => {
    const config = join(folder, 'httpd.conf');
    const rootOf = (serverRoot?: string) =>
      loadFromFlags({ config, ...(serverRoot === undefined ? {} : { serverRoot }) }).config.main.settings.find(
        serverSettings.documentRoot,
      );
    assert.deepEqual([rootOf(), rootOf('/srv')], [join(folder, 'docs'), '/srv/docs']);
  });

  it('collects problems of lines and of the whole', () => {
    const { allProblems } = loadFromFlags({ config: join(folder, 'bad.conf') });
    assert.equal(hasErrors(allProblems), true);
    assert.deepEqual(allProblems.map(({ position }) => position.line).sort(), [1, 2]);
  });

  it('names the file that is not there', () => {
    assert.throws(() => loadFromFlags({ config: '/nowhere/httpd.conf' }), {
      code: 'config',
      message: /there is no configuration at '\/nowhere\/httpd\.conf': name one with -f/,
    });
  });
});

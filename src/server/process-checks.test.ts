import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ProcessError } from '../base/errors.js';
import type { PythonInfo } from '../wsgi/python-probe.js';
import { loadConfig } from './config-source.js';
import { checkProcesses } from './process-checks.js';

const folder = mkdtempSync(join(tmpdir(), 'stillhouse-python-'));
after(() => rmSync(folder, { recursive: true }));

function makeVenv(name: string, version: string): string {
  const home = join(folder, name);
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'lib', `python${version}`), { recursive: true });
  writeFileSync(join(home, 'pyvenv.cfg'), 'home = /usr/bin\n');
  writeFileSync(join(home, 'bin/python'), '');
  return home;
}

const probed: string[] = [];

function probe(python: string): PythonInfo {
  probed.push(python);
  if (python.includes('old')) throw new ProcessError(`'${python}' is Python 3.6.0; at least 3.9 is needed`);
  return { executable: python, version: [3, 11, 2], implementation: 'cpython' };
}

function check(text: string): string[] {
  const { config } = loadConfig({ file: 'f', serverRoot: '/', text: `User nobody\n${text}` });
  return checkProcesses(config, 'f', probe).map(
    ({ severity, position, message }) => `${position.line} ${severity}: ${message}`,
  );
}

describe('checkProcesses', () => {
  it('is content with an interpreter that fits', () => {
    assert.deepEqual(check(''), []);
    assert.deepEqual(check(`WSGIDaemonProcess g python-home=${makeVenv('fit', '3.11')}`), []);
    assert.deepEqual(check('WSGIDaemonProcess g python-path=/srv/app:/srv/v/lib/python3.11/site-packages'), []);
  });

  it('runs each interpreter once', () => {
    probed.length = 0;
    const home = makeVenv('once', '3.11');
    check(`WSGIDaemonProcess a python-home=${home}\nWSGIDaemonProcess b python-home=${home}`);
    assert.deepEqual(probed, [join(home, 'bin/python')]);
  });

  it('says what is wrong with an interpreter, at the line that names it', () => {
    const home = makeVenv('old', '3.6');
    assert.match(
      check(`WSGIDaemonProcess g python-home=${home}`).join(),
      /^2 error: daemon process group 'g': '.*' is Python 3\.6\.0; at least 3\.9 is needed$/,
    );
    const shared = check(`WSGIDaemonProcess a\nWSGIDaemonProcess b\nWSGIPythonHome ${home}`);
    assert.equal(shared.length, 1);
    assert.match(shared.join(), /^4 error: WSGIPythonHome: '.*' is Python 3\.6\.0/);
  });

  it('knows the usual mistakes of python-home', () => {
    const home = makeVenv('site/venv', '3.11');
    const says = (path: string) => check(`WSGIDaemonProcess g python-home=${path}`).join();
    assert.match(says(join(folder, 'none')), /^2 error: .*: there is no folder '.*none'/);
    assert.match(says(join(home, 'bin/python')), new RegExp(`is no folder: .* '${home}', not its program$`));
    assert.match(says(join(home, 'bin')), new RegExp(`is no virtual environment.*did you mean '${home}'\\?`));
    assert.match(says(join(folder, 'site')), new RegExp(`did you mean '${home}'\\?`));
    const gone = join(folder, 'gone');
    mkdirSync(join(gone, 'bin'), { recursive: true });
    symlinkSync('/nowhere/python3.7', join(gone, 'bin/python'));
    assert.match(says(gone), /is a link to a Python that is gone: make the virtual environment anew$/);
  });

  it('warns of packages for another version', () => {
    assert.match(
      check(`WSGIDaemonProcess g python-home=${makeVenv('upgraded', '3.9')}`).join(),
      /^2 warning: .* was made for Python 3\.9, and its interpreter is Python 3\.11 by now: .*make it anew$/,
    );
    assert.match(
      check('WSGIDaemonProcess g python-path=/srv/v/lib/python3.9/site-packages').join(),
      /^2 warning: .*python-path names packages for Python 3\.9.* name the virtual environment with python-home$/,
    );
  });

  it('needs the users', { skip: process.getuid?.() !== 0 }, () => {
    assert.match(
      check('WSGIDaemonProcess g user=no-such-user').join(),
      /^2 error: user of daemon process group 'g': there is no user 'no-such-user' on this system$/,
    );
    const { config } = loadConfig({ file: 'f', serverRoot: '/', text: 'Listen 80\nUser no-such-user' });
    assert.deepEqual(
      checkProcesses(config, 'f', probe).map(({ position, message }) => `${position.line} ${message}`),
      ["2 User: there is no user 'no-such-user' on this system"],
    );
  });
});

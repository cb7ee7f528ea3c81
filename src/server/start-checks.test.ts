import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from './config-source.js';
import { checkConfig } from './start-checks.js';

const group = 'WSGIDaemonProcess g\n';

function check(text: string): string[] {
  const { config, problems } = loadConfig({ file: '<test>', serverRoot: '/', text });
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return checkConfig(config).map(({ severity, position, message }) => `${position.line} ${severity}: ${message}`);
}

describe('checkConfig', () => {
  it('has nothing to say of what will run', () => {
    assert.deepEqual(check(''), []);
    assert.deepEqual(
      check(`${group}WSGIProcessGroup g\nWSGIApplicationGroup %{GLOBAL}\nWSGIScriptAlias / /a.wsgi`),
      [],
    );
    assert.deepEqual(check(`${group}WSGIScriptAlias / /a.wsgi process-group=g application-group=%{GLOBAL}`), []);
    assert.deepEqual(check(`${group}WSGIScriptAlias / /a.wsgi\n<Location />\nWSGIProcessGroup g\n</Location>`), []);
  });

  it('reports groups that nobody defined', () => {
    assert.match(check('WSGIScriptAlias / /a.wsgi process-group=nobody').join(), /nobody/);
  });

  it('has nothing against application groups', () => {
    assert.deepEqual(check(`${group}WSGIProcessGroup g\nWSGIApplicationGroup other`), []);
    assert.deepEqual(check(`${group}WSGIScriptAlias / /a process-group=g application-group=%{HOST}`), []);
    assert.deepEqual(check(`${group}WSGIHandlerScript h /h.py process-group=g application-group=other`), []);
  });

  it('leaves it to a dispatch script where a script runs', () => {
    assert.deepEqual(check(`WSGIScriptAlias / /a.wsgi\nWSGIDispatchScript /d.py`), []);
    assert.deepEqual(check(`WSGIScriptAlias / /a.wsgi\n<Location /a>\nWSGIDispatchScript /d.py\n</Location>`), []);
  });

  it('has nothing against handler scripts', () => {
    assert.deepEqual(check(`${group}WSGIHandlerScript h /h.py process-group=g`), []);
    assert.deepEqual(check(`${group}WSGIHandlerScript h /h.py process-group=g application-group=other`), []);
  });

  it('needs the owners of scripts', () => {
    const used = 'WSGIProcessGroup g\n';
    assert.deepEqual(check(`${used}WSGIDaemonProcess g script-user=root`), []);
    assert.deepEqual(check(`${used}WSGIDaemonProcess g script-group=#12345`), []);
    assert.match(
      check('WSGIDaemonProcess g script-group=no-such-group\nWSGIProcessGroup g').join(),
      /^1 error: script-group of daemon process group 'g': there is no group 'no-such-group' on this system/,
    );
  });

  it('knows that groups without request threads serve nothing, and need a script', () => {
    const jobs = 'WSGIDaemonProcess jobs threads=0\n';
    const script = 'WSGIImportScript /j.py process-group=jobs application-group=%{GLOBAL}\n';
    assert.deepEqual(check(jobs + script), []);
    assert.match(check(jobs).join(), /^1 warning: daemon process group 'jobs' has threads=0 and no WSGIImportScript/);
    for (const routing of [
      'WSGIScriptAlias / /a.wsgi process-group=jobs application-group=%{GLOBAL}',
      'WSGIProcessGroup jobs',
      '<Location /a>\nWSGIProcessGroup jobs\n</Location>',
      'WSGIHandlerScript h /h.py process-group=jobs',
    ]) {
      const [message, ...more] = check(jobs + script + routing);
      assert.match(message ?? '', /^[34] warning: daemon process group 'jobs' has threads=0 and serves no requests/);
      assert.deepEqual(more, []);
    }
  });

  it('needs the file of TypesConfig', () => {
    assert.match(
      check('TypesConfig /nowhere/mime.types').join(),
      /^1 error: the file of media types can't be read: ENOENT/,
    );
    assert.deepEqual(check('TypesConfig /dev/null'), []);
  });

  it('notes names that are looked up at start', () => {
    assert.match(
      check('<VirtualHost site.example:80>\n</VirtualHost>').join(),
      /^1 note: the name 'site\.example' is looked up at start/,
    );
    assert.deepEqual(check('<VirtualHost *:80 192.0.2.1 [::1]:80>\n</VirtualHost>'), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { loadConfig } from './config-source.js';
import { checkEmbedded } from './embedded-checks.js';
import { findEmbeddedScripts, startsEmbedded } from './embedded-scopes.js';
import { serverNameOf } from './wsgi-handler.js';

const group = 'WSGIDaemonProcess g\n';
const alias = 'WSGIScriptAlias / /a.wsgi\n';

function load(text: string) {
  return loadConfig({ file: '<test>', serverRoot: '/', text }).config;
}

function check(text: string): string[] {
  const config = load(text);
  return checkEmbedded(config, catalogGroups(config, serverNameOf)).map(
    ({ severity, position, message }) => `${position.line} ${severity}: ${message}`,
  );
}

function find(text: string): string[] {
  return findEmbeddedScripts(load(text)).map(({ path, isAskedFor }) => `${path}${isAskedFor ? ' asked for' : ''}`);
}

describe('findEmbeddedScripts', () => {
  it('finds scripts that run nowhere else', () => {
    assert.deepEqual(find(alias), ['/a.wsgi']);
    assert.deepEqual(find(`WSGIProcessGroup %{GLOBAL}\n${alias}`), ['/a.wsgi asked for']);
    assert.deepEqual(find(`${group}WSGIProcessGroup g\nWSGIScriptAlias / /a.wsgi process-group=%{GLOBAL}`), [
      '/a.wsgi asked for',
    ]);
    assert.deepEqual(find('<Location /a>\nWSGIHandlerScript h /h.py\n</Location>'), ['/h.py']);
    assert.deepEqual(find('WSGIImportScript /i.py process-group=%{GLOBAL} application-group=%{GLOBAL}'), [
      '/i.py asked for',
    ]);
    assert.deepEqual(find(`${alias}<VirtualHost *:80>\nServerName a\n</VirtualHost>`), ['/a.wsgi']);
  });

  it('leaves out what a request decides, and what runs elsewhere', () => {
    assert.deepEqual(find(`${group}WSGIProcessGroup g\n${alias}`), []);
    assert.deepEqual(find(`${group}${alias}<Location />\nWSGIProcessGroup g\n</Location>`), []);
    assert.deepEqual(find(`WSGIProcessGroup %{ENV:G}\n${alias}`), []);
    assert.deepEqual(find(`${alias}WSGIDispatchScript /d.py`), []);
    assert.deepEqual(find(''), []);
  });

  it('does not start Python where it is forbidden', () => {
    assert.equal(startsEmbedded(load(alias)), true);
    assert.equal(startsEmbedded(load(`WSGIRestrictEmbedded On\n${alias}`)), false);
  });
});

describe('checkEmbedded', () => {
  it('has nothing to say where embedded mode is asked for, or nothing else is there', () => {
    assert.deepEqual(check(alias), []);
    assert.deepEqual(check(`${group}WSGIScriptAlias / /a.wsgi process-group=%{GLOBAL}`), []);
    assert.deepEqual(check(`${group}WSGIProcessGroup %{GLOBAL}\n${alias}`), []);
  });

  it('says where the forgotten lines go', () => {
    assert.match(
      check(group + alias).join(),
      /^2 warning: '\/a\.wsgi' runs in embedded mode.*'WSGIDaemonProcess g' \(<test>:1:1\) is defined; write 'WSGIProcessGroup g' and 'WSGIApplicationGroup %\{GLOBAL\}' outside of any section/,
    );
    const hosts = `WSGIDaemonProcess other\n<VirtualHost *:80>\nServerName a\n${group}${alias}</VirtualHost>`;
    assert.match(
      check(hosts).join(),
      /^5 warning: .*write 'WSGIProcessGroup g' .* into <VirtualHost \*:80> \(<test>:2:1\)/,
    );
  });

  it('offers no group that the virtual host may not use', () => {
    const hosts = `<VirtualHost *:80>\nServerName a\n${group}</VirtualHost>\n<VirtualHost *:80>\nServerName b\n${alias}</VirtualHost>`;
    assert.deepEqual(check(hosts), []);
  });

  it('warns of what WSGIRestrictEmbedded will refuse', () => {
    assert.match(
      check(`WSGIRestrictEmbedded On\n${alias}`).join(),
      /^2 warning: .* which WSGIRestrictEmbedded forbids: requests will be answered with 500; write 'WSGIDaemonProcess NAME/,
    );
    assert.match(check(`WSGIRestrictEmbedded On\n${group}${alias}`).join(), /write 'WSGIProcessGroup g'/);
    const imported = 'WSGIImportScript /i.py process-group=%{GLOBAL} application-group=%{GLOBAL}';
    assert.match(check(`WSGIRestrictEmbedded On\n${imported}`).join(), /^2 warning: '\/i\.py' is not loaded/);
  });

  it('warns of settings that matter in embedded mode only', () => {
    const daemon = `${group}WSGIProcessGroup g\n${alias}`;
    assert.match(
      check(`WSGIPythonPath /p\nWSGISwitchInterval 0.1\n${daemon}`).join(),
      /^1 warning: WSGIPythonPath holds for embedded mode.* python-path of WSGIDaemonProcess,2 warning: .* switch-interval of/,
    );
    assert.deepEqual(check(`WSGIPythonPath /p\n${daemon}<Location /a>\nWSGIAccessScript /x.py\n</Location>`), []);
    assert.deepEqual(check(`WSGIPythonPath /p\n${alias}`), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogGroups } from '../wsgi/group-catalog.js';
import { loadConfig } from './config-source.js';
import { checkGroups } from './group-checks.js';
import { serverNameOf } from './wsgi-handler.js';

function check(text: string): string[] {
  const { config } = loadConfig({ file: '<test>', serverRoot: '/', text: `WSGIDaemonProcess g\n${text}` });
  return checkGroups(config, catalogGroups(config, serverNameOf)).map(
    ({ severity, position, message }) => `${position.line} ${severity}: ${message}`,
  );
}

describe('checkGroups', () => {
  it('warns of a group that nothing uses, and says what to write', () => {
    assert.deepEqual(check('WSGIScriptAlias / /a.wsgi process-group=other'), [
      "1 warning: nothing runs in daemon process group 'g': write 'WSGIProcessGroup g', " +
        'or process-group=g behind the WSGIScriptAlias line, or remove it',
    ]);
    // Said once, though virtual hosts have the group, too.
    assert.equal(check('<VirtualHost *:80>\nServerName a\n</VirtualHost>').length, 1);
  });

  it('finds the use of a group wherever it stands', () => {
    for (const text of [
      'WSGIProcessGroup g',
      '<Directory /a>\n<Files b>\nWSGIProcessGroup g\n</Files>\n</Directory>',
      '<VirtualHost *:80>\n<Location /a>\nWSGIProcessGroup g\n</Location>\n</VirtualHost>',
      'WSGIScriptAlias / /a.wsgi process-group=g',
      'WSGIImportScript /a.py process-group=g application-group=%{GLOBAL}',
      '<Location /a>\nWSGIHandlerScript h /a.py process-group=g\n</Location>',
      '<Location /a>\nWSGIRestrictProcess g\n</Location>',
    ]) {
      assert.deepEqual(check(text), [], text);
    }
  });

  it('warns of service scripts that name an application group', () => {
    const { config } = loadConfig({
      file: '<test>',
      serverRoot: '/',
      text: [
        'WSGIDaemonProcess jobs threads=0',
        'WSGIImportScript /a.py process-group=jobs application-group=%{GLOBAL}',
        'WSGIImportScript /b.py process-group=jobs application-group=own',
      ].join('\n'),
    });
    const problems = checkGroups(config, catalogGroups(config, serverNameOf));
    assert.deepEqual(
      problems.map(({ message, position }) => `${position.line} ${message}`),
      [
        "3 daemon process group 'jobs' has threads=0: its scripts run in the main interpreter, not in application group 'own'",
      ],
    );
  });

  it('says nothing where requests or scripts name groups', () => {
    for (const text of [
      'WSGIProcessGroup %{ENV:GROUP}',
      'WSGIScriptAlias / /a.wsgi process-group=%{SERVER}',
      '<Location /a>\nWSGIDispatchScript /d.py\n</Location>',
    ]) {
      assert.deepEqual(check(text), [], text);
    }
    assert.equal(check('WSGIProcessGroup %{GLOBAL}').length, 1);
  });
});
